"""Names of people in sentences, by rules and lists alone; and what only looks like a name."""

import time

import pytest

from knowledge.privacy.name_lists import NameLists
from knowledge.privacy.person_names import PersonNames

NAMES = PersonNames()


def found(text, names=NAMES):
    return [text[start:end] for start, end in names.find(text)]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        # Titles with surnames, also such as no list has.
        ("Mrs Okonkwo said the job changed her life.", ["Mrs Okonkwo"]),
        ("We asked Dr. A. Rahmani and Miss O'Xqzuvi.", ["Dr. A. Rahmani", "Miss O'Xqzuvi"]),
        ("Cllr Xqzuvi's letter came late.", ["Cllr Xqzuvi"]),
        ("Fr Declan Xqzuvi cooked, and Sister Mary Xqzuvi washed up.", ["Fr Declan Xqzuvi", "Sister Mary Xqzuvi"]),
        # Given names with what follows.
        ("Our porter, Sam Sample, drew the map.", ["Sam Sample"]),
        ("Patient Ranjit Singh Gill told us.", ["Ranjit Singh Gill"]),
        ("HCA Rhian Xqzuvi fell behind on rent.", ["Rhian Xqzuvi"]),
        ("Maria da Silva Costa and Dafydd ap Gwilym met.", ["Maria da Silva Costa", "Dafydd ap Gwilym"]),
        ("The idea was J. K. Adeyemi's.", ["J. K. Adeyemi"]),
        ("Tomasz M. got the job!", ["Tomasz M."[:-1]]),
        ("Oluwaseun (Seun) Fashola mentors us.", ["Oluwaseun (Seun) Fashola"]),
        ("Florence Wetherby in payroll worked it out.", ["Florence Wetherby"]),
        # One name alone.
        ("Dave, 52, from the estate next door, had not worked since 2009.", ["Dave"]),
        ("In the end it was Krzysztof who mended it.", ["Krzysztof"]),
        ("Hope, who was out of work, joined in May.", []),
        ("A patient called Xqzuvi waited at the wrong door.", ["Xqzuvi"]),
        ("Thanks to Mehwish, Anita and Xqzuvi for testing.", ["Mehwish", "Anita", "Xqzuvi"]),
        # In small letters, and again.
        ("spoke to tomasz wisniewski in stores", ["tomasz wisniewski"]),
        ("Priya Sample came first; later Priya and Ms Sample left.", ["Priya Sample", "Priya", "Ms Sample"]),
    ],
)
def test_people_are_found(text, people):
    assert found(text) == people


@pytest.mark.parametrize(
    "text",
    [
        "Queen Elizabeth Hospital, St Thomas' and Guy's and Dr Gray's Hospital share a bus.",
        "Leicester, Nottingham and Derby; Lewisham and Greenwich; Preston, Chorley and Lancaster.",
        "The Sue Ryder shop, the John Lewis store and a Macmillan nurse; the Marmot principles.",
        "A Florence Nightingale Foundation scholarship, The Mary Seacole programme, Marks & Spencer.",
        "Hope House, Grace Court and the Victoria Centre are within a mile of Lady Margaret Hall.",
        "In May the board will decide. Will the grant cover uniforms? Mark your answer. May I? Will I?",
        "On Friday we meet in London-wide groups; a scheme called Kickstart began in January.",
        "North East Essex, West Derby and Great Yarmouth.",
        "NHS England, The King's Fund and Project SEARCH.",
        "will you grant us a frank answer, and mark the rose bed?",
    ],
)
def test_places_trusts_and_what_is_called_after_people_are_none(text):
    assert found(text) == []


def test_a_models_guess_is_a_sign_and_no_proof():
    def takes(*words):
        return PersonNames(lambda text: [(text.index(word), text.index(word) + len(word)) for word in words])

    assert found("Xqzuvi Ashworth came.", takes("Xqzuvi Ashworth")) == ["Xqzuvi Ashworth"]
    assert found("Our cook Xqzuvi Hqplq came.", takes("Xqzuvi Hqplq")) == ["Xqzuvi Hqplq"]
    assert found("Jarrow Benson came.", takes("Jarrow Benson")) == ["Jarrow Benson"]
    text = "Greener Futures, Jarrow and Ashworth Hospital came."
    assert found(text, takes("Greener Futures", "Jarrow", "Ashworth Hospital")) == []


def test_the_lists_are_in_small_letters_without_accents():
    lists = NameLists.read()
    for names in (lists.given, lists.family, lists.words, lists.organisation_words, lists.named_things):
        assert all(name.isascii() and name == name.lower() and " " not in name for name in names)
    assert {"stoke mandeville", "leeds", "tower hamlets"} <= lists.places
    assert lists.words < lists.given | lists.family


@pytest.mark.parametrize(
    "unit", ["Aa ", "Mr ", "Anna ", "Anna, ", "al Al ", "A. ", "Sam Sample ", "Dr Gray's ", "(Sam) "]
)
def test_no_text_takes_long(unit):
    began = time.process_time()
    found(unit * (4000 // len(unit)))
    assert time.process_time() - began < 2
