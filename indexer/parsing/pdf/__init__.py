"""PDF: pages to lines, lines in reading order to headings and paragraphs, each with its page."""

from indexer.parsing.pdf.document import parse

__all__ = ["parse"]
