"""The round-up of what is new: what it holds for whom, who wants it how often, and that it goes out once."""
