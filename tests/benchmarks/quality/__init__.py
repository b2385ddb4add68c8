"""`make bench-quality`: what each part of the search is worth, with intervals, on any collection in BEIR layout."""
