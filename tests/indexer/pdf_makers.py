"""Makes PDFs of which each line has its place: (x, y, size, text), with a font or an angle where it needs one."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.indexer.makers import wrapped


def placed_pdf(*pages, pagesize=A4, rotate=0, title=None):
    """A PDF of lines: (x, y, size, text), (x, y, size, text, font) or (x, y, size, text, font, degrees)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=pagesize, invariant=1)
    canvas.setTitle(title or "untitled")
    for page in pages:
        canvas.setPageRotation(rotate)
        for x, y, size, text, *more in page:
            font, degrees = (*more, *("Helvetica", 0)[len(more) :])
            canvas.saveState()
            canvas.translate(x, y)
            canvas.rotate(degrees)
            canvas.setFont(font, size)
            canvas.drawString(0, 0, text)
            canvas.restoreState()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def prose(text, *, x=60, y=700, size=11, step=1.2, width=470):
    """Lines of a paragraph, `step` times the size apart."""
    return [(x, y - size * step * n, size, line) for n, line in enumerate(wrapped(text, width, ("Helvetica", size)))]


def spaced_pdf(paragraphs, *, step, gap, indent=0):
    """Paragraphs with lines `step` sizes apart, and `gap` sizes more between them."""
    lines, y = [], 780
    for text in paragraphs:
        own = prose(text, y=y, step=step)
        lines += [(own[0][0] + indent, *own[0][1:]), *own[1:]]
        y = own[-1][1] - 11 * (step + gap)
    return placed_pdf(lines)


def runs_pdf(*lines, y=700, step=16):
    """Lines of runs, each (text, size, rise in points), as word processors write raised letters."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for number, runs in enumerate(lines):
        text = canvas.beginText(60, y - step * number)
        for said, size, rise in runs:
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(said)
        canvas.drawText(text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def form_pdf(draw):
    """A page with a form; `draw` is given the canvas and its form."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setFont("Helvetica", 11)
    draw(canvas, canvas.acroForm)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()
