"""The words of a PDF file: each page's text as PDFium gives it, in the order in which it was drawn."""

from indexer.parsing.raw.text import RawText


def read_pdf(content: bytes) -> RawText:
    """Return all lines of all pages."""
    from pypdfium2 import PdfDocument

    from indexer.parsing.pdf.document import PDFIUM

    lines: list[str] = []
    with PDFIUM:
        document = PdfDocument(content)
        try:
            for page in document:
                text = page.get_textpage()
                # PDFium marks the hyphen at a line's end, which the words of two lines are joined by.
                lines += text.get_text_range().replace("\ufffe\r\n", "\ufffe").replace("\x02\r\n", "\x02").splitlines()
                text.close()
                page.close()
        finally:
            document.close()
    return RawText(lines, [])
