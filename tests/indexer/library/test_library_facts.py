"""Every fact of the starter library against its source: passages word for word, figures one by one.

The fact sheets and the five source texts are the maintainers' reference data; where the two differ, the texts win.
"""

import re

import pytest
import yaml

from indexer.library import item_files
from indexer.library.documents import starter_documents
from indexer.sources.metadata import unknown_fields

_FIELDS = ("title", "kind", "organisation", "nation", "region", "pillars", "outcome", "evidence")
_QUOTES = str.maketrans("‘’“”\u00a0", "'''' ", "")


def plain(text):
    return re.sub(r"\s+", " ", text.translate(_QUOTES).replace('"', "'")).strip().lower()


def figures(text):
    """The figures of a text, without the separators that follow them."""
    return {figure.strip(".,") for figure in re.findall(r"\d[\d,.]*", text)}


def front_matter(item):
    return yaml.safe_load(item.read_text(encoding="utf-8").split("---\n", 2)[1])


def stated_facts():
    return {item.name.removesuffix(".md"): front_matter(item).get("facts", []) for item in item_files()}


def texts():
    return {
        document.suggested_id: "\n".join(section.text for section in document.sections)
        for document in starter_documents()
    }


@pytest.fixture
def corpus(shared):
    return {file.stem: file.read_text(encoding="utf-8") for file in (shared / "corpus").glob("*.txt")}


@pytest.fixture
def sheets(shared):
    return {fact["id"]: fact for fact in yaml.safe_load((shared / "library-facts.yaml").read_text(encoding="utf-8"))}


def test_facts_say_what_they_are_about_and_where_they_stand():
    for name, facts in stated_facts().items():
        for fact in facts:
            assert set(fact) == {"about", "source", "passage"}, name
            assert all(isinstance(value, str) and value.strip() for value in fact.values()), (name, fact)
            assert 3 <= len(fact["passage"].split()) <= 20, (name, fact)
            assert fact["source"].startswith("https://") or re.fullmatch(r"[a-z-]+", fact["source"]), (name, fact)


def test_facts_are_for_editors_and_stay_out_of_what_members_read():
    assert unknown_fields(["facts", "true_as_of", "review_by", "superseded_by", "stage"]) == {}
    for name, text in texts().items():
        assert "passage:" not in text, name


@pytest.mark.shared
def test_each_passage_stands_in_its_source(corpus):
    passages = {name: plain(text) for name, text in corpus.items()}
    for name, facts in stated_facts().items():
        for fact in facts:
            if not fact["source"].startswith("https://"):
                assert plain(fact["passage"]) in passages[fact["source"]], (name, fact)


@pytest.mark.shared
def test_each_figure_stands_in_a_source_text_a_sheet_or_a_passage(corpus, sheets):
    facts = stated_facts()
    for name, text in texts().items():
        # What has no sheet of its own draws together what several of them say.
        own = sheets.get(name, sheets)
        known = figures(yaml.safe_dump(own, allow_unicode=True, width=10_000))
        for source in {fact["source"] for fact in facts[name]} & set(corpus):
            known |= figures(corpus[source])
        # A page on the web is at hand as far as it is noted here.
        known |= figures(" ".join(" ".join(fact.values()) for fact in facts[name]))
        assert figures(text) - known == set(), f"{name}: figures that stand in no source"


@pytest.mark.shared
def test_each_quotation_is_word_for_word_in_a_source_text(corpus):
    everything = plain(" ".join(corpus.values()))
    facts = stated_facts()
    for name, text in texts().items():
        if not facts[name]:
            continue
        for quotation in re.findall(r"“([^”]{30,})”", text):
            assert plain(quotation) in everything, (name, quotation)


@pytest.mark.shared
def test_metadata_and_figures_of_the_fact_sheets_are_there(sheets):
    documents = {document.suggested_id: document for document in starter_documents()}
    assert set(sheets) <= set(documents)
    for name, sheet in sheets.items():
        metadata = documents[name].metadata.model_dump(mode="json")
        for field in _FIELDS:
            assert metadata[field] == sheet[field], f"{name} {field}"
        # The sheets leave levels and dates open that the source texts and their catalogue give.
        for field in ("level", "published"):
            assert metadata[field] == sheet[field] or sheet[field] is None, f"{name} {field}"
        assert metadata["source_title"] == sheet["source_title"], name
        assert metadata["url"] == sheet["source_url"], name
        text = "\n".join(section.text for section in documents[name].sections)
        assert figures(" ".join(sheet["facts"])) <= figures(text), f"{name}: a figure of the sheet is missing"
