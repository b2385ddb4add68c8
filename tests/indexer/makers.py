"""Makes the files that parsers are tested on: nothing binary is kept in the repository."""

import io
import zipfile

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

BODY = ("Helvetica", 10)
HEADING = ("Helvetica-Bold", 15)


def wrapped(text, width, font=BODY):
    """Lines of at most `width` points."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if stringWidth(longer, *font) > width and line:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line]


def pdf(pages, *, title=None, author=None, password=None, header=None, footer=None):
    """A PDF. Each page is a list of lines: ("heading", text), ("text", text, wrapped), ("line", text, verbatim).

    `header` is one for all pages, or a list with one for each.
    """
    buffer = io.BytesIO()
    encrypt = StandardEncryption(password) if password else None
    canvas = Canvas(buffer, pagesize=A4, encrypt=encrypt, invariant=1)
    if title:
        canvas.setTitle(title)
    if author:
        canvas.setAuthor(author)
    for number, page in enumerate(pages, start=1):
        if header:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 810, header if isinstance(header, str) else header[number - 1])
        if footer:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(60, 30, footer.format(page=number, pages=len(pages)))
        y = 760
        for kind, text in page:
            font = {"title": ("Helvetica-Bold", 22), "heading": HEADING}.get(kind, BODY)
            canvas.setFont(*font)
            y -= 14 if kind != "line" else 0
            for line in [text] if kind == "line" else wrapped(text, 470, font):
                canvas.drawString(60, y, line)
                y -= font[1] * 1.25
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pdf_in_columns(left, right, title, *, by_rows):
    """Two columns below a title; drawn line beside line (`by_rows`), or one column after the other."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(60, 770, title)
    canvas.setFont(*BODY)
    columns = [wrapped(left, 220), wrapped(right, 220)]
    placed = [
        (x, 730 - 12.5 * i, line) for x, lines in zip((60, 310), columns, strict=True) for i, line in enumerate(lines)
    ]
    for x, y, line in sorted(placed, key=lambda p: -p[1]) if by_rows else placed:
        canvas.drawString(x, y, line)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scanned_pdf(pages=2, text=None):
    """A PDF of pictures without text; with `text`, that stands on a page before them."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    if text is not None:
        canvas.setFont(*BODY)
        for place, line in enumerate(wrapped(text, 400)):
            canvas.drawString(60, 770 - 12.5 * place, line)
        canvas.showPage()
    for number in range(pages):
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200 - number)), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def word(build):
    """A Word file that `build(document)` fills."""
    import docx

    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def slides(build):
    """A slide deck that `build(presentation)` fills."""
    import pptx

    deck = pptx.Presentation()
    build(deck)
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def workbook(sheets, formats=()):
    """An Excel file with these sheets: name -> rows; `formats` are those of the columns, below the first row."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for column, number_format in enumerate(formats, start=1):
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, column).number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_part(office_file, name, content):
    """An Office file with one part put in another's place, packed as well as ZIP can."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part, old.read(part))
        with new.open(name, "w") as stream:
            for piece in [content] if isinstance(content, bytes) else content:
                stream.write(piece)
    return buffer.getvalue()
