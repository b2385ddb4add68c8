"""The cost of search, opening and adding as a library grows: `python -m tests.benchmarks.growth`."""
