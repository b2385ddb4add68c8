"""Campaigns against everything that can go wrong, for `make chaos` and `make soak`; short forms of them are tests."""
