"""Near-duplicates by what accounts state: numbers, places, organisations."""

import json
from pathlib import Path

import pytest

from knowledge.domain.examples import Content
from knowledge.examples.duplicates import Likeness, account_of, embed_example, likeness
from knowledge.examples.stated_facts import agreement, facts_of
from knowledge.library import Library
from knowledge.settings import Settings, Switch

RETOLD = (
    ["Twenty portering apprenticeships were offered first to residents of the Fenwick estate. Sixteen finished."],
    ["Before advertising elsewhere we told Fenwick residents of 20 trainee porter posts. 16 completed the scheme."],
)


def facts(*texts, organisation="", region=""):
    return facts_of(texts, organisation, region)


def test_the_same_numbers_tell_a_retelling_in_digits_or_words():
    told = agreement(facts(*RETOLD[0]), facts(*RETOLD[1]))
    assert told.numbers == 1
    assert told[1:] == (False, False, False)
    shares = agreement(facts("Seven of ten stayed, and 24 came."), facts("70% stayed; two dozen came, 24 in all."))
    assert shares.numbers >= 1


def test_small_and_round_numbers_tell_little():
    assert agreement(facts("Two came."), facts("2 came.")).numbers < 0.5
    assert (
        agreement(facts("Forty came."), facts("40 came.")).numbers < agreement(facts("47 came."), facts("47.")).numbers
    )


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("62 of 140 bought one.", "Eleven took part.", "other_numbers"),
        ("We held job fairs in Rhondda.", "We held job fairs in Hackney.", "other_names"),
        ("An orchard behind the Derry clinic.", "An orchard behind the Holt clinic.", "other_names"),
    ],
)
def test_what_differs(one, other, differs):
    assert getattr(agreement(facts(one), facts(other)), differs)
    assert not getattr(agreement(facts(one), facts(one)), differs)
    assert not getattr(agreement(facts(one), facts("Somebody did something.")), differs)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Riverside NHS Trust", "Lakeside NHS Trust", True),
        ("Riverside NHS Trust", "Riverside", False),
        ("Riverside NHS Trust", "Riversde Trust", False),
        ("SHT", "Sample Hospital Trust", False),
        ("Sample Council", "", False),
        ("NHS Trust", "Sample Council", False),
    ],
)
def test_organisations(one, other, differ):
    assert agreement(facts(organisation=one), facts(organisation=other)).other_organisation is differ


def test_regions_are_places():
    assert agreement(facts(region="Gwent"), facts(region="Fife")).other_names


def test_dates_and_opening_words_are_no_places():
    assert not agreement(facts("Portering in March. Waste fell."), facts("Cleaning in June. Costs rose.")).other_names


def content(what, happened="It went well.", **more):
    return Content(title="A title", what=what, what_happened=happened, **more)


POSTS = content("Ten posts a year for care leavers.", "62 of 140 stayed.")
BIKES = content("Nurses borrow bikes for a month.", "62 bought one.")
BEDS = content("We dug beds behind the ward.", "Slugs ate half.")
WAGE = "We paid porters the living wage."
PAIRS = {
    "retold with the same numbers": (POSTS, content("We hold back ten vacancies.", "Of 140, 62 remain."), 0.55, True),
    "less alike, and no numbers": (POSTS, content("We hold back vacancies.", "Nobody stayed."), 0.55, False),
    "the same sort of work elsewhere": (
        content("We held job fairs in libraries in Barrow."),
        content("We held job fairs in libraries in Wrexham."),
        0.9,
        False,
    ),
    "of another organisation": (
        content(WAGE, organisation="Sample Trust"),
        content(WAGE, organisation="Other Council"),
        0.95,
        False,
    ),
    "with other numbers": (BIKES, content("Nurses borrow bikes for a month.", "Eleven did."), 0.8, False),
    "the same text": (BEDS, BEDS, 1.0, True),
    "near in meaning": (content("A warm hub.", "People came."), content("We heat the hall.", "Some came."), 0.75, True),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_counts_as_the_same(name):
    one, other, meaning, same = PAIRS[name]
    assert likeness(meaning, account_of(one), account_of(other)).same is same
    assert likeness(meaning, account_of(other), account_of(one)).same is same


def test_similarity_is_a_share():
    told = likeness(0.9, account_of(content("A.", "62 of 140.")), account_of(content("B.", "62 of 140.")))
    assert isinstance(told, Likeness)
    assert told.similarity <= 1.0


def same(library, first, second):
    one, other = (Content(title=title, what=what, what_happened=happened) for title, what, happened in (first, second))
    vectors = [embed_example(library, each) for each in (one, other)]
    meaning = float(library.similarity.comparable_means(vectors[0], vectors[1][None])[0])
    return likeness(meaning, account_of(one), account_of(other)).same


@pytest.fixture
def by_the_model(tmp_path):
    opened = Library.open(Settings(data_dir=tmp_path / "model", starter_library=Switch.OFF))
    yield opened
    opened.close()


def shares_found(library, pairs):
    """The share of retellings that are found, and of other projects that are taken for one."""
    found = {True: [], False: []}
    for pair in pairs:
        found[pair["same"]].append(same(library, pair["first"], pair["second"]))
    return [sum(found[kind]) / len(found[kind]) for kind in (True, False)]


@pytest.mark.model
def test_accounts_retold_and_others_of_their_sort(by_the_model):
    lines = (Path(__file__).parent / "retold_pairs.jsonl").read_text(encoding="utf-8").splitlines()
    retold, others = shares_found(by_the_model, [json.loads(line) for line in lines])
    assert retold >= 0.85
    assert others <= 0.1


@pytest.mark.model
@pytest.mark.shared
def test_the_cases(shared, by_the_model):
    lines = (shared / "cases" / "people" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    retold, others = shares_found(by_the_model, [case for case in cases if case["kind"] == "duplicate"])
    assert retold >= 0.8
    assert others <= 0.34
