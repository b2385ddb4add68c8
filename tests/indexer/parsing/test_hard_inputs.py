"""Everything that can be wrong with a file, in one folder with one good file; and places that a citation shows."""

import json
import zipfile

import pytest

from bot.cli import run_command
from indexer.chunking import content_hash
from indexer.pipeline import Indexer
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.assistant import Assistant
from knowledge.domain.library import Document, Metadata, Section
from tests.fakes import WORD_GATE, WordEmbedder, WordReader
from tests.indexer.makers import pdf, scanned_pdf, slides, with_part, word, workbook
from tests.indexer.parsing.test_office import LAUGHS, deck, office, zeros

HARD = {
    "password.pdf": (lambda: pdf([[("text", "secret")]], password="x"), "password"),
    "truncated.pdf": (lambda: pdf([[("text", "cut")]])[:-300], "cut short"),
    "scan.pdf": (scanned_pdf, "OCR"),
    "bomb.docx": (lambda: with_part(office(), "word/document.xml", zeros(110)), "ZIP bomb"),
    "laughs.docx": (lambda: with_part(office(), "word/document.xml", LAUGHS), "entities"),
    "laughs.xlsx": (lambda: with_part(workbook({"a": [["x"]]}), "xl/workbook.xml", LAUGHS), "entities"),
    "laughs.pptx": (lambda: with_part(slides(deck), "ppt/presentation.xml", LAUGHS), "entities"),
    "deep.html": (lambda: b"<div>" * 20_000 + b"deep", "nested|no main content"),
    "binary.txt": (lambda: b"\0\1\2\3" * 100, "not a text file"),
    "broken.ics": (lambda: b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:yesterday\nEND:VTODO\n", "calendar"),
    "old.doc": (lambda: b"doc", "cannot be read; save it as .docx"),
    "empty.pdf": (lambda: pdf([[]]), "there is no text in it; check that it is the right file. If it is a scan"),
}


def test_no_bad_file_stops_another(library, tmp_path):
    folder = tmp_path / "hard"
    folder.mkdir()
    for name, (make, _) in HARD.items():
        (folder / name).write_bytes(make())
    with (folder / "huge.txt").open("wb") as stream:
        stream.truncate(200_000_000)
    (folder / "cp1252.txt").write_bytes("The café kept “forty” jobs for its neighbours.".encode("cp1252"))
    (folder / "utf16.txt").write_bytes("The café kept “fifty” jobs for its neighbours.".encode("utf-16"))
    (folder / "utf16-unmarked.txt").write_bytes("The café kept “sixty” jobs for its neighbours.".encode("utf-16-le"))
    (folder / "catalogue.csv").write_text("path,title\ngone.pdf,Not there\n")
    report = Indexer(library).add([str(folder)])
    assert sorted(report.added_ids) == ["cp1252", "utf16", "utf16-unmarked"]
    failed = {failure.source.rpartition("/")[2]: failure.error for failure in report.failed}
    assert set(failed) == {*HARD, "huge.txt", "gone.pdf"}
    for name, (_, message) in HARD.items():
        assert any(part in failed[name] for part in message.split("|")), f"{name}: {failed[name]}"
    assert "it has 200 MB and the limit is 50 MB; raise HALN_MAX_FILE_MB" in failed["huge.txt"]
    assert "names this file, but it is not there" in failed["gone.pdf"]
    for number in ("“forty”", "“fifty”", "“sixty”"):
        assert any(number in s.text for i in report.added_ids for s in library.store.sections(i))
    assert library.store.problems() == library.index.problems() == []


def test_an_archive_that_lies_about_its_size_is_read_no_further_than_it_says(library, tmp_path):
    honest = office()
    packed = with_part(honest, "word/document.xml", zeros(120))
    # The size in the central directory, little-endian: 120,000,000 claimed to be 1,000.
    lying = packed.replace((120_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != packed
    (tmp_path / "lying.docx").write_bytes(lying)
    report = Indexer(library).add([str(tmp_path / "lying.docx")])
    assert report.added == 0
    assert "damaged" in report.failed[0].error or "not a Word file" in report.failed[0].error
    assert zipfile.is_zipfile(tmp_path / "lying.docx")


@pytest.fixture
def placed(library, tmp_path):
    """Documents whose parts have places: a page, a slide, a row, a time."""
    folder = tmp_path / "placed"
    folder.mkdir()
    (folder / "report.pdf").write_bytes(
        pdf(
            [
                [("text", "The first page speaks about orchards in the town.")],
                [("text", "Beehives were put on nine roofs.")],
            ]
        )
    )
    (folder / "talk.pptx").write_bytes(slides(deck))
    (folder / "jobs.xlsx").write_bytes(workbook({"a": [["Ward", "Vacancies"], ["Maple", 12], ["Willow", 7]]}))
    (folder / "webinar.vtt").write_text(
        "WEBVTT\n\n00:12:40.000 --> 00:12:44.000\n<v Sam>Bicycles were lent to night porters for one pound a week.\n"
    )
    (folder / "plan.docx").write_bytes(word(lambda document: document.add_paragraph("Hedges grow along the car park.")))
    Indexer(library).add([str(folder)])
    return library


@pytest.mark.parametrize(
    ("question", "locator"),
    [
        ("Where were beehives put on roofs?", "page 2"),
        ("Were bicycles lent to night porters for one pound a week?", "at 12:40"),
        ("Where do hedges grow along the car park?", None),
    ],
)
def test_a_citation_says_where(placed, question, locator):
    placed.reader = WordReader()
    assistant = Assistant(placed, pipeline=AnswerPipeline(placed, WORD_GATE))
    citation = assistant.ask(question).citations[0]
    assert citation.locator == locator


def test_faces_show_where(placed, capsys, monkeypatch):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    monkeypatch.setenv("HALN_CHUNK_TOKENS", "60")
    assert run_command(["ask", "Where were beehives put on roofs?"]) == 0
    assert "report › page 2" in capsys.readouterr().out
    run_command(["search", "maple ward vacancies", "--json"])
    results = json.loads(capsys.readouterr().out)["results"]
    assert ("jobs", "rows 2–3") in {(result["document_id"], result["locator"]) for result in results}
    assert ("talk", "slide 2") in {(result["document_id"], result["locator"]) for result in results}


def test_a_place_that_moved_is_noted_without_embedding_anything(placed, tmp_path, embedder):
    embedder.embedded.clear()
    pages = [[("text", "An opening page was put in front.")]]
    pages += [
        [("text", "The first page speaks about orchards in the town.")],
        [("text", "Beehives were put on nine roofs.")],
    ]
    (tmp_path / "placed" / "report.pdf").write_bytes(pdf(pages))
    report = Indexer(placed).refresh()
    assert (report.updated, report.chunks_embedded) == (1, 1)
    assert [chunk.locator for chunk in placed.store.document_chunks("report")] == ["page 1", "page 2", "page 3"]


def test_what_was_known_before_places_were_kept_counts_as_unchanged():
    """A document without the later fields has the hash that earlier releases gave it."""
    document = Document(
        location="a",
        suggested_id="a",
        metadata=Metadata(
            title="A title", nation="wales", pillars=("estates",), published="2021-03", url="https://example.org/a"
        ),
        sections=(
            Section(heading_path=("One", "Two"), text="Some text – “quoted”.\n\n- an item"),
            Section(text="More."),
        ),
    )
    assert content_hash(document) == "d3a3af0ca23ae6866470bae6ebe35f49e9b8d650d93d4c6496e17545a48ac9eb"
    placed = document.model_copy(update={"sections": (Section(text="More.", locator="page 1"),)})
    assert content_hash(placed) != content_hash(document.model_copy(update={"sections": (Section(text="More."),)}))
