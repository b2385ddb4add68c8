"""Near-duplicates, proposals and their review."""

import json

import pytest

from bot.evaluation.proposals import FIELDS
from indexer.enrichment import study
from indexer.enrichment.duplicates import shared, sketch
from indexer.enrichment.proposals import Gazetteer, unknown_fields
from indexer.library.documents import starter_documents
from indexer.pipeline import Indexer
from knowledge.domain.library import Document, Metadata
from knowledge.domain.vocabulary import Nation, Pillar
from tests.indexer.makers import pdf

SENTENCES = [
    f"In year {n} the trust in Cardiff moved part {n} of its buying to growers {n * 3} miles away, said clerk {n}."
    for n in range(40)
]
REPORT = " ".join(SENTENCES)


def test_sketches_tell_how_much_two_texts_share():
    whole = sketch([REPORT])
    assert shared(whole, sketch([REPORT])) == 1
    half = " ".join(SENTENCES[:20]) + " ".join(
        f"Something else number {n} is said in its place here." for n in range(20)
    )
    assert 0.2 < shared(whole, sketch([half])) < 0.6
    assert shared(whole, sketch(["A text about another thing altogether. " * 20])) < 0.05
    assert sketch(["A short note."]) == frozenset()


@pytest.fixture
def twice(library, tmp_path):
    """The same report as PDF and as web page."""
    folder = tmp_path / "twice"
    folder.mkdir()
    paragraphs = [" ".join(SENTENCES[i : i + 5]) for i in range(0, 40, 5)]
    (folder / "report.pdf").write_bytes(
        pdf([[("text", text) for text in paragraphs[:4]], [("text", text) for text in paragraphs[4:]]])
    )
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    (folder / "page.html").write_text(f"<html><body><main><h1>Report</h1>{body}</main></body></html>")
    (folder / "catalogue.csv").write_text("path,url\npage.html,https://example.org/report\n")
    Indexer(library).add([str(folder)])
    return folder


def ids_found(library, query):
    return {result.document_id for result in library.searcher.search(query, 50).results}


def test_of_near_duplicates_one_is_shown_and_the_other_takes_its_place_when_it_goes(library, twice):
    assert library.store.studies.duplicates() == {"report": "page"}
    assert ids_found(library, "growers miles away") == {"page"}
    assert library.store.problems() == library.index.problems() == []
    Indexer(library).remove(["page"])
    assert library.store.studies.duplicates() == {}
    assert ids_found(library, "growers miles away") == {"report"}
    assert library.store.problems() == library.index.problems() == []


def test_versions_of_different_years_are_both_shown(library, twice):
    (twice / "catalogue.csv").write_text(
        "path,url,published\npage.html,https://example.org/r,2021\nreport.pdf,,2023-05\n"
    )
    Indexer(library).refresh()
    assert library.store.studies.duplicates() == {}
    assert ids_found(library, "growers miles away") == {"page", "report"}


def test_no_item_of_the_starter_library_hides_another(library):
    Indexer(library).store_documents(starter_documents(), 90)
    study(library)
    assert library.store.studies.duplicates() == {}


def test_the_gazetteer_finds_what_a_text_is_about():
    gazetteer = Gazetteer()
    text = "Cardiff and Swansea hired, and Wales paid. A visitor came from Leeds."
    nation, reason = gazetteer.nation("Jobs in Cardiff.", text)
    assert (nation, "Cardiff" in reason) == (Nation.WALES, True)
    assert gazetteer.nation("", "No place is named here.") is None
    assert gazetteer.nation("", "Leeds, Cardiff, Glasgow and Belfast hired, and so did Wales and Scotland.") is None
    assert gazetteer.nation("", "One visitor came from Cardiff.") is None


def proposals(library, document_id):
    return {p.field: p.value for p in library.store.studies.proposals() if p.document_id == document_id}


def test_what_is_unknown_is_proposed_and_counts_only_when_it_is_confirmed(library, twice):
    assert proposals(library, "page")["nation"] == "wales"
    assert library.store.document("page").metadata.nation is None
    Indexer(library).decide({("page", "nation"): "wales", ("page", "region"): None})
    assert library.store.document("page").metadata.nation is Nation.WALES
    assert not {"nation", "region"} & set(proposals(library, "page"))


def test_a_decision_outlives_an_edit_and_gives_way_to_what_the_editor_writes(library, twice, embedder):
    embedder.embedded.clear()
    Indexer(library).decide({("page", "nation"): "wales", ("page", "pillars"): ["procurement"]})
    assert embedder.embedded == []
    assert Indexer(library).refresh().unchanged == 2
    page = (twice / "page.html").read_text()
    (twice / "page.html").write_text(page.replace("</main>", "<p>A last paragraph was added to this page.</p></main>"))
    assert Indexer(library).refresh().updated == 1
    metadata = library.store.document("page").metadata
    assert (metadata.nation, metadata.pillars) == (Nation.WALES, (Pillar.PROCUREMENT,))
    (twice / "catalogue.csv").write_text("path,url,nation\npage.html,https://example.org/report,scotland\n")
    Indexer(library).refresh()
    assert library.store.document("page").metadata.nation is Nation.SCOTLAND


def test_nothing_is_proposed_of_the_starter_library(library):
    """What it leaves open, its sources do not say."""
    Indexer(library).store_documents(starter_documents(), 90)
    study(library)
    assert library.store.studies.proposals() == []
    assert library.store.studies.unstudied(1) == []


def test_a_library_of_labelled_documents_teaches_what_a_new_one_is(library, tmp_path):
    """Half of the starter library's words say what the other half's are."""
    Indexer(library).store_documents(starter_documents(), 90)
    (tmp_path / "new.txt").write_text(
        "Our green plan\n\nThe trust's green plan names net zero, carbon, energy, waste, travel and green space. "
        "Carbon and energy of the estate were cut, and the green plan goes on with waste and travel."
    )
    Indexer(library).add([str(tmp_path / "new.txt")])
    assert "environment" in proposals(library, "new")["pillars"]
    assert "outcome" not in proposals(library, "new")


def test_what_is_known_is_not_proposed():
    assert "nation" not in unknown_fields(Metadata(title="x", nation=Nation.UK))
    assert set(FIELDS) == unknown_fields(Metadata(title="x"))


def test_review_lists_accepts_and_rejects(library, twice, capsys, monkeypatch):
    from bot.cli import run_command
    from tests.fakes import WordEmbedder

    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_CHUNK_TOKENS", "60")

    def run(*arguments):
        status = run_command(["index", "review", *arguments])
        return status, capsys.readouterr().out

    listed = json.loads(run("--json")[1])["proposals"]
    assert {"document_id", "title", "field", "value", "reason"} == set(listed[0])
    assert "nation: wales  (proposed: it speaks of" in run("page")[1]
    assert run("page", "--field", "nation", "--accept") == (0, "Accepted 1.\n")
    assert run("page", "--reject")[0] == 0
    assert run("page")[1] == "Nothing is proposed.\n"
    assert library.store.document("page").metadata.nation is Nation.WALES
    assert run("nobody")[0] == 2


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)], ids=str)
def test_what_is_added_later_is_linked_as_in_a_whole_run(library, tmp_path, order):
    other = REPORT.replace("growers", "bakers").replace("Cardiff", "Bangor")
    texts = {"whole": REPORT, "again": REPORT, "third": REPORT + " A last word.", "other": other}
    for name, text in texts.items():
        url = "url: https://example.org/again\n" if name == "again" else ""
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: The {name} report\n{url}---\n\n{text}\n")
    files = [str(tmp_path / f"{name}.md") for name in texts]
    for place in order:
        Indexer(library).add([files[place]])
    linked = library.store.studies.duplicates()
    assert set(linked.values()) == {"again"}
    assert linked.keys() == {"whole", "third"}
    assert ids_found(library, "growers miles away") >= {"again"}
    assert not ids_found(library, "growers miles away") & linked.keys()


def test_what_a_killed_run_has_stored_is_linked_by_the_next(library, twice, tmp_path):
    Indexer(library).remove(["page"])
    assert library.store.studies.duplicates() == {}
    [killed] = [one for one in library.store.documents() if one.id == "report"]
    copy = Document(
        location=str(tmp_path / "copy.html"),
        suggested_id="copy",
        metadata=killed.metadata.model_copy(update={"url": "https://example.org/copy"}),
        sections=library.store.sections("report"),
    )
    Indexer(library).store_documents([copy], 1)  # and no more: what studies it comes after
    assert library.store.studies.duplicates() == {}
    Indexer(library).refresh()
    assert library.store.studies.duplicates() == {"report": "copy"}
