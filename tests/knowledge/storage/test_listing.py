"""Lists of documents: a page by title, the best by preferences, what is due, and the words that filters can take."""

from datetime import date

import pytest

from knowledge.domain.library import Filters, Measure
from knowledge.domain.vocabulary import EvidenceKind, Kind, Level, Measured, Nation, Outcome, Pillar, Stage
from knowledge.storage.listing_protocols import Compared, Preference
from tests.knowledge.storage.test_library import prepared, save
from tests.knowledge.storage.test_library import store as store


@pytest.fixture
def shelf(store):
    """Four documents that differ in everything, and one that is nearly the same as the first."""
    baseline = Measure(indicator="Jobs", baseline="none")
    save(
        store,
        prepared("a", ("one",), "a", title="ÉCLAIR", kind=Kind.LESSON, nation=Nation.WALES, review_by="2024"),
        prepared(
            *("b", ("two",), "b"),
            title="apple trees",
            kind=Kind.REPORT,
            nation=Nation.WALES,
            pillars=tuple(Pillar),
            measured=(Measure(indicator="Trees"),),
            stage=Stage.EARLY,
            review_by="2026-06",
        ),
        prepared(
            *("c", ("three",), "c"),
            title="Banana",
            kind=Kind.CASE_STUDY,
            pillars=(Pillar.ESTATES,),
            measured=(baseline,),
            level=Level.LOCAL,
            evidence=EvidenceKind.REPORT,
            superseded_by="b",
            url="https://example.org/c",
        ),
        prepared(
            *("d", ("four",), "d"),
            title="Éclair",
            kind=Kind.CASE_STUDY,
            outcome=Outcome.PARTLY,
            review_by="2026-05-12",
            url="https://example.org/" + "long" * 900,
        ),
        prepared("e", ("five",), "e", title="Hidden", kind=Kind.TOOLKIT, nation=Nation.SCOTLAND, review_by="2020"),
    )
    store.studies.set_duplicates({"e": "a"})
    return store


def ids(documents):
    return [document.id for document in documents]


def test_a_page_is_read_by_title_and_says_how_many_there_are(shelf):
    assert ids(shelf.listing(limit=3).documents) == ["b", "c", "a"]
    assert shelf.listing(limit=3, page=2)[:2] == (4, 2)
    assert ids(shelf.listing(limit=3, page=2).documents) == ["d"]
    last = shelf.listing(limit=3, page=10**6)
    assert (last.page, ids(last.documents)) == (2, ["d"])
    nothing = shelf.listing(Filters(kind=Kind.EVENT), limit=3, page=7)
    assert nothing == (0, 1, [])


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"kind": Kind.CASE_STUDY}, "cd"),
        ({"nation": Nation.WALES}, "ab"),
        ({"nation": Nation.SCOTLAND}, ""),
        ({"pillar": Pillar.ESTATES}, "bc"),
        ({"pillar": Pillar.EMPLOYMENT}, "b"),
        ({"outcome": Outcome.PARTLY}, "d"),
        ({"evidence": EvidenceKind.REPORT}, "c"),
        ({"stage": Stage.EARLY}, "b"),
        ({"level": Level.LOCAL}, "c"),
        ({"measured": Measured.INDICATOR}, "bc"),
        ({"measured": Measured.BASELINE}, "c"),
        ({"measured": Measured.INDICATOR, "nation": Nation.WALES}, "b"),
    ],
)
def test_lists_and_searches_know_the_same_filters(shelf, filters, found):
    wanted = Filters(**filters)
    page = shelf.listing(wanted, limit=10)
    assert (page.total, set(ids(page.documents))) == (len(found), set(found))
    assert set(ids(shelf.listed(wanted))) == set(found)
    chunks = shelf.chunks(shelf.chunk_ids(wanted).tolist())
    assert {chunk.document_id for chunk in chunks.values()} == set(found)


def test_a_list_is_of_some_kinds(shelf):
    assert ids(shelf.listing(kinds=[Kind.LESSON, Kind.REPORT, Kind.TOOLKIT], limit=9).documents) == ["b", "a"]


def test_the_words_of_filters_are_those_of_what_is_shown(shelf):
    assert shelf.terms_used() == {
        "kind": {"lesson", "report", "case_study"},
        "nation": {"wales"},
        "outcome": {"partly"},
        "evidence": {"report"},
        "stage": {"early"},
        "level": {"local"},
        "measured": {"indicator", "baseline"},
        "pillar": set(Pillar),
    }


def test_pillars_of_what_is_not_shown_are_no_words_of_the_filter(store):
    save(
        store,
        prepared("a", ("one",), "a", pillars=(Pillar.ESTATES,)),
        prepared("b", ("two",), "b", pillars=(Pillar.EMPLOYMENT,)),
    )
    store.studies.set_duplicates({"b": "a"})
    assert store.terms_used()["pillar"] == {"estates"}


def test_an_empty_library_has_neither_pages_nor_words(store):
    assert store.listing(limit=5) == (0, 1, [])
    assert not any(store.terms_used().values())
    assert store.first([]) is None
    assert store.to_review(date(2026, 1, 1)) == []
    assert list(store.each_document()) == []


@pytest.mark.parametrize(
    ("preferences", "best"),
    [
        ([], "a"),
        ([Preference(Compared.ID), Preference(Compared.KIND, {"report": 0}, 1)], "b"),
        ([Preference(Compared.STAGE, {"early": 0, "": 1}, 2)], "b"),
        ([Preference(Compared.STAGE, {"": 0}, 1), Preference(Compared.NATION, {"wales": 1})], "c"),
        ([Preference(Compared.PILLAR, {"estates": 0, "": 2}, 1), Preference(Compared.PILLARS)], "c"),
        ([Preference(Compared.PILLAR, {"": 0}, 1), Preference(Compared.OUTCOME, {"partly": 0}, 1)], "d"),
        ([Preference(Compared.BASELINE)], "c"),
        ([Preference(Compared.TITLE)], "a"),
        ([Preference(Compared.TITLE), Preference(Compared.ID, {"d": 1, "c": 2}, 3)], "d"),
        ([Preference(Compared.KIND, {"toolkit": 0}, 1), Preference(Compared.ID, {"c": 1}, 2)], "c"),
    ],
)
def test_the_best_is_the_first_by_the_preferences_in_order(shelf, preferences, best):
    if Compared.TITLE in [one.by for one in preferences]:  # "Éclair" twice, and "Banana" as long
        assert shelf.first(preferences, titled="ÉCL").id == best
    else:
        assert shelf.first(preferences).id == best


def test_the_best_passes_what_is_asked_for(shelf):
    assert shelf.first([], kinds=[Kind.CASE_STUDY]).id == "c"
    assert shelf.first([], kinds=[Kind.CASE_STUDY], without=["c"]).id == "d"
    assert shelf.first([], outcomes=[Outcome.PARTLY, Outcome.DID_NOT_WORK]).id == "d"
    assert shelf.first([], titled="pear") is None


def test_what_is_due_comes_the_longest_due_first(shelf):
    assert ids(shelf.to_review(date(2026, 5, 12))) == ["e", "a", "c"]
    assert ids(shelf.to_review(date(2026, 5, 13))) == ["e", "a", "d", "c"]
    assert ids(shelf.to_review(date(2026, 7, 1))) == ["e", "a", "d", "b", "c"]


def test_a_document_is_found_by_its_address(shelf):
    assert shelf.document_at_url("https://example.org/c").id == "c"
    assert shelf.document_at_url("https://example.org/" + "long" * 900).id == "d"
    assert shelf.document_at_url("https://example.org/") is None


def test_each_document_is_read_some_at_a_time(store):
    many = [prepared(f"{n}", (f"text {n}",), f"document-{n:03}") for n in range(401)]
    save(store, *many)
    assert ids(store.each_document()) == [f"document-{n:03}" for n in range(401)]


def test_a_changed_title_changes_its_place(shelf):
    save(shelf, prepared("b", ("two",), "b", title="Zebra"))
    assert ids(shelf.listing(limit=9).documents) == ["c", "b", "a", "d"]
