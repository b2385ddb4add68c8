"""Word files (.docx): headings, paragraphs, lists, tables, boxes and notes in order."""

from indexer.parsing.word.document import parse

__all__ = ["parse"]
