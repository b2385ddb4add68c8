"""Bytes to a title and sections, by kind of file."""

from indexer.parsing.files import SUPPORTED_SUFFIXES, ParsedFile, parse_file

__all__ = ["SUPPORTED_SUFFIXES", "ParsedFile", "parse_file"]
