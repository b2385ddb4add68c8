"""Scans and pictures: what text recognition reads, and one line on what to do where it is not installed."""

import io

import pytest

from indexer.parsing.files import parse_file
from indexer.pipeline import Indexer
from indexer.sandbox import Sandbox
from knowledge.errors import SourceError
from tests.indexer.makers import scanned_pdf

LINES = (
    "In 2024 the trust bought 31% of its food",
    "from firms in Eastbrook. The share is to grow",
    "to 40% by the end of 2026.",
)


def picture(title="Food from Eastbrook", lines=LINES):
    """A picture of a title and lines of text."""
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (900, 420), "white")
    draw = ImageDraw.Draw(image)
    draw.text((60, 50), title, font=ImageFont.load_default(size=44), fill="black")
    for number, line in enumerate(lines):
        draw.text((60, 160 + 44 * number), line, font=ImageFont.load_default(size=28), fill="black")
    return image


def as_png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def as_pdf(*images):
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:], resolution=150)
    return buffer.getvalue()


@pytest.fixture
def sandbox():
    pytest.importorskip("rapidocr")
    with Sandbox() as started:
        yield started


@pytest.mark.slow
def test_a_scanned_pdf_is_read_with_its_pages(sandbox):
    read = sandbox.file("scan.pdf", as_pdf(picture(), picture("Next year", ("All kitchens take part.",))))
    text = " ".join(section.text for section in read.sections)
    assert "In 2024 the trust bought 31% of its food from firms in Eastbrook." in " ".join(text.split())
    assert {section.locator for section in read.sections} == {"page 1", "page 2"}
    assert read.coverage.unexplained == 0
    assert sandbox._scans.pid is None


@pytest.mark.slow
def test_a_picture_of_a_text_is_read_and_one_without_text_says_so(sandbox):
    read = sandbox.file("food.png", as_png(picture()))
    assert "to 40% by the end of 2026." in read.sections[-1].text
    assert read.title == "Food from Eastbrook"
    with pytest.raises(SourceError, match="finds no text in its pictures"):
        sandbox.file("empty.pdf", scanned_pdf(1))
    with pytest.raises(SourceError, match="damaged"):
        sandbox.file("broken.png", b"\x89PNG\r\n\x1a\nnothing")


@pytest.mark.parametrize(("name", "content"), [("scan.pdf", scanned_pdf()), ("food.png", as_png(picture()))])
def test_without_the_extra_one_line_says_how_it_is_installed(monkeypatch, name, content):
    monkeypatch.setattr("indexer.parsing.files.can_recognise", lambda: False)
    monkeypatch.setattr("indexer.sandbox.sandbox.can_recognise", lambda: False)
    with pytest.raises(SourceError, match=r"pip install -c constraints.txt -e '\.\[ocr\]'"):
        parse_file(name, content)


def test_pictures_in_a_folder_are_still_passed_over(library, tmp_path):
    (tmp_path / "logo.png").write_bytes(as_png(picture()))
    (tmp_path / "text.md").write_text("# Jobs\n\nThe council offered jobs.\n")
    report = Indexer(library).add([str(tmp_path)])
    assert (report.added, report.failed) == (1, ())
