"""The real recognisers, and a spaCy model of our own making for names."""

import socket

import pytest

from knowledge.errors import ModelError
from knowledge.privacy import name_model
from knowledge.privacy.personal_data import outermost
from knowledge.privacy.recognisers import PresidioCheck
from knowledge.settings import Settings
from tests.fakes import Found

pytestmark = pytest.mark.model  # presidio brings spaCy and torch along


SPELLED_OUT = [("EMAIL_ADDRESS", "sam (at) charity.org.uk"), ("EMAIL_ADDRESS", "sam [at] charity dot org")]


@pytest.fixture(scope="module")
def check():
    return PresidioCheck(Settings(name_model="off"))


def kinds(check, text):
    return [(found.kind, text[found.start : found.end]) for found in check.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Her NHS number is 943 476 5919.", [("UK_NHS", "943 476 5919")]),
        ("Her NHS number is 9434765919.", [("UK_NHS", "9434765919")]),
        ("The check digit of 943 476 5918 is wrong.", []),
        ("The form had NHS number 943 476 5918, with a slip in it.", [("UK_NHS", "943 476 5918")]),
        ("See https://sample.example/spaces/pages/9434765919/Runbook; order 9434765919, or 9999999999.", []),
        ("Write to sam (at) charity.org.uk or sam [at] charity dot org.", SPELLED_OUT),
        ("She lives at 14 Marsh Lane, L20 4RT.", [("ADDRESS", "14 Marsh Lane"), ("UK_POSTCODE", "L20 4RT")]),
        ("NI AB123456C or QQ 12 34 56 C", [("UK_NINO", "AB123456C"), ("UK_NINO", "QQ 12 34 56 C")]),
        ("Ring 07700 900123 today", [("PHONE_NUMBER", "07700 900123")]),
        ("Ring +44 20 7946 0018", [("PHONE_NUMBER", "+44 20 7946 0018")]),
        ("Ring (0113) 496 0123", [("PHONE_NUMBER", "(0113) 496 0123")]),
        ("Write to sam.sample@nhs.example.uk", [("EMAIL_ADDRESS", "sam.sample@nhs.example.uk")]),
        ("They live at SE1 9RT.", [("UK_POSTCODE", "SE1 9RT")]),
        ("In 2021-22 we spent 1,250,000 on 400 jobs, 10,000 20,000 a year; ISO 14001:2015; wards 3-4.", []),
        ("", []),
    ],
)
def test_what_identifies_a_person_is_found_and_figures_are_not(check, text, expected):
    assert kinds(check, text) == expected


def test_it_asks_nobody_on_the_internet(monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert kinds(PresidioCheck(Settings(name_model="off")), "jo@council.gov.uk") == [
        ("EMAIL_ADDRESS", "jo@council.gov.uk")
    ]


def test_a_model_finds_names_that_no_list_has(tmp_path):
    import spacy

    language = spacy.blank("en")
    ruler = language.add_pipe("entity_ruler")
    ruler.add_patterns(
        [
            {"label": "PERSON", "pattern": "Xqzuvi Ashworth"},
            {"label": "PERSON", "pattern": "COVID-19"},
            {"label": "PERSON", "pattern": "Sample House"},
            {"label": "ORG", "pattern": "Sample Trust"},
        ]
    )
    language.to_disk(tmp_path / "names")
    check = PresidioCheck(Settings(name_model=str(tmp_path / "names")))
    text = "Xqzuvi Ashworth of Sample Trust caught COVID-19 at Sample House; jo@council.gov.uk"
    assert kinds(check, text) == [("PERSON", "Xqzuvi Ashworth"), ("EMAIL_ADDRESS", "jo@council.gov.uk")]
    assert check.has_name_model
    assert kinds(PresidioCheck(Settings(name_model="off")), text) == [("EMAIL_ADDRESS", "jo@council.gov.uk")]


def test_the_small_model_comes_along_and_its_absence_is_known(monkeypatch):
    assert PresidioCheck(Settings()).has_name_model
    assert not PresidioCheck(Settings(name_model="off")).has_name_model
    monkeypatch.setattr(name_model, "_is_installed", lambda _package: False)
    without = PresidioCheck(Settings())
    assert not without.has_name_model
    assert kinds(without, "Mrs Okafor rang.") == [("PERSON", "Mrs Okafor")]


def test_a_model_whose_files_are_altered_is_not_used(monkeypatch):
    monkeypatch.setattr(name_model, "_FILES", {**name_model._FILES, "meta.json": "0" * 64})
    with pytest.raises(ModelError, match="is not the one this release was made with"):
        PresidioCheck(Settings()).find("text")


def test_a_model_that_is_not_there_is_named():
    with pytest.raises(ModelError, match="HALN_NAME_MODEL names no_such_model"):
        PresidioCheck(Settings(name_model="no_such_model")).find("text")


def test_nothing_that_is_found_is_logged(check, caplog):
    caplog.set_level("DEBUG")
    check.find("Her NHS number is 943 476 5919, jo@council.gov.uk")
    assert "943" not in caplog.text
    assert "council" not in caplog.text


def test_of_two_that_overlap_the_surer_stays():
    sure, wide, apart = Found("A", 2, 5, 1.0), Found("B", 0, 9, 0.4), Found("C", 9, 12, 0.1)
    assert outermost([wide, apart, sure]) == [sure, apart]
