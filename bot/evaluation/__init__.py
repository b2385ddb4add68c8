"""Measures of retrieval and answers, on collections and question sets with known answers."""
