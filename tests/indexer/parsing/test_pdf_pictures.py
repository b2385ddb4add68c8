"""Pages of a PDF that are pictures and nothing else: what they say is lost, and that is said."""

import pytest

from indexer.parsing import parse_file
from indexer.pipeline import Indexer
from tests.indexer.makers import scanned_pdf

TEXT = "We lent bicycles to night staff for a winter, and forty-one of them came by bicycle until the spring. " * 3


@pytest.mark.parametrize(
    ("pages", "said"),
    [(1, "page 2 is a picture without text"), (2, "pages 2, 3 are pictures without text"), (12, "11 and more are")],
)
def test_pages_that_are_pictures_are_named(pages, said):
    [problem] = parse_file("a.pdf", scanned_pdf(pages, TEXT)).problems
    assert said in problem
    assert "OCR" in problem


def test_a_file_without_such_pages_has_no_problem():
    assert parse_file("a.pdf", scanned_pdf(0, TEXT)).problems == ()


def test_adding_says_so_and_keeps_the_text(library, tmp_path):
    path = tmp_path / "report.pdf"
    path.write_bytes(scanned_pdf(1, TEXT))
    report = Indexer(library).add([str(path)])
    assert report.added == 1
    assert "page 2 is a picture" in " ".join(report.warnings)
