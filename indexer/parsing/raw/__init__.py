"""A second, simple reading of a file: every word in it, to hold against what its parser kept."""

from indexer.parsing.raw.reader import raw_text

__all__ = ["raw_text"]
