"""How many people are named in sentences and found, and what else is taken for somebody; see person-names.md.

Found is who is marked with all of their name but the title. Right is a mark that touches somebody's name.
"""

import json
import re
from pathlib import Path

import pytest

from indexer.library import item_files
from indexer.parsing.front_matter import split_front_matter
from knowledge.privacy.personal_data import Found
from knowledge.privacy.recognisers import PresidioCheck
from knowledge.settings import Settings

pytestmark = pytest.mark.model
HERE = Path(__file__).parent
_TITLE = re.compile(r"^(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Cllr|Councillor|Rev|Reverend|Fr)\.? )+")
# What it is called in the list of sentences, and how it is marked.
KINDS = {
    "nhs_number": "UK_NHS",
    "phone": "PHONE_NUMBER",
    "email": "EMAIL_ADDRESS",
    "postcode": "UK_POSTCODE",
    "date_of_birth": "DATE_OF_BIRTH",
    "hospital_number": "HOSPITAL_NUMBER",
    "address": "ADDRESS",
}


def sentences(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def check():
    return PresidioCheck(Settings())


def names(check, text) -> list[Found]:
    return [place for place in check.find(text) if place.kind == "PERSON"]


def measured(check, rows):
    """Return the share of people who are found, and the share of marks that are right."""
    people = found = marks = right = 0
    for row in rows:
        text, places = row["text"], names(check, row["text"])
        known = [(text.index(name), text.index(name) + len(name), _TITLE.sub("", name)) for name in row["people"]]
        for start, end, untitled in known:
            people += 1
            found += any(p.start <= text.index(untitled, start) and p.end >= end - 1 for p in places)
        known += [(m.start(), m.end(), "") for name in row["people"] for m in re.finditer(re.escape(name), text)]
        marks += len(places)
        right += sum(any(p.start < end and p.end > start for start, end, _ in known) for p in places)
    return found / people, right / marks


@pytest.mark.parametrize("file", ["person-names.jsonl", "person-names-second.jsonl", "person-names-third.jsonl"])
def test_people_in_sentences_are_found_and_little_else(check, file):
    found, right = measured(check, sentences(file))
    assert found >= 0.95
    assert right >= 0.95


def test_numbers_dates_and_addresses_in_sentences_are_found(check):
    for row in sentences("person-names.jsonl"):
        marked = {(place.kind, row["text"][place.start : place.end]) for place in check.find(row["text"])}
        wanted = {(KINDS[other["kind"]], other["text"]) for other in row["other_personal"]}
        # ZZ99 is what is written where there is no postcode.
        assert {found for found in wanted if not found[1].startswith("ZZ99")} <= marked, row["text"]


def test_hardly_anything_in_the_starter_library_is_taken_for_a_person(check):
    """Of its items, the plain model takes something for a person in 45, 111 times."""
    marked = [
        (path.name, paragraph[place.start : place.end])
        for path in item_files()
        for paragraph in split_front_matter(path.read_text(encoding="utf-8")).text.split("\n\n")
        for place in names(check, " ".join(paragraph.split()))
    ]
    assert sum("Allwood" not in name for _, name in marked) <= 3


@pytest.mark.shared
def test_the_maintainers_cases_of_personal_data(check, shared):
    lines = (shared / "cases" / "people" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["kind"] == "personal_data"]
    for case in cases:
        assert bool(check.find(case["text"])) is not case["expected"].startswith("nothing"), case["text"]
