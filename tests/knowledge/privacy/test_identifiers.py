"""What identifies a person by its form and the words beside it, and what only looks like it."""

import time

import pytest

from knowledge.privacy.identifiers import find_identifiers, is_health_number


def found(text):
    return sorted({(kind, text[start:end]) for kind, start, end, _ in find_identifiers(text)})


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("The form showed NHS no. 999 058 7915, with a slip.", "UK_NHS", "999 058 7915"),
        ("Her H&C number 320 000 0012 was copied.", "HEALTH_NUMBER", "320 000 0012"),
        ("CHI: 0101801234", "HEALTH_NUMBER", "0101801234"),
        ("Hospital number RX1234567 was on her wristband.", "HOSPITAL_NUMBER", "RX1234567"),
        ("The notes of a patient (MRN 00448713)", "HOSPITAL_NUMBER", "00448713"),
        ("Case notes no: K0093417", "HOSPITAL_NUMBER", "K0093417"),
        ("d.o.b. 14/03/2004", "DATE_OF_BIRTH", "14/03/2004"),
        ("DOB: 9.11.98", "DATE_OF_BIRTH", "9.11.98"),
        ("He was born on the 2nd of June 2001.", "DATE_OF_BIRTH", "2nd of June 2001"),
        ("date of birth is 1998-11-09", "DATE_OF_BIRTH", "1998-11-09"),
        ("(born March 3, 1960)", "DATE_OF_BIRTH", "March 3, 1960"),
        ("Mail sam (at) charity.org.uk today", "EMAIL_ADDRESS", "sam (at) charity.org.uk"),
        ("Mail sam.sample@trust.nhs, please.", "EMAIL_ADDRESS", "sam.sample@trust.nhs"),
        ("Mail sam [at] charity dot org", "EMAIL_ADDRESS", "sam [at] charity dot org"),
        ("The lady lives at 14 Marsh Lane, L20 4RT.", "ADDRESS", "14 Marsh Lane"),
        ("Sent to Flat 3, 22b St Mary's Road, Netherby.", "ADDRESS", "Flat 3, 22b St Mary's Road, Netherby"),
        ("She lives at 7 Ffordd y Mynydd, Pontsarn, now.", "ADDRESS", "7 Ffordd y Mynydd, Pontsarn"),
        ("His car, reg BD51 SMR, was broken into.", "NUMBER_PLATE", "BD51 SMR"),
        ("Registration number P123 ABC", "NUMBER_PLATE", "P123 ABC"),
    ],
)
def test_it_is_found_by_its_form_and_its_words(text, kind, place):
    assert found(text) == [(kind, place)]


@pytest.mark.parametrize(
    "text",
    [
        "The atrium opened on 12 May 2021; the scheme was born in 2019.",
        "The order number is 4021187765 and the invoice was paid in nine days.",
        "In 2019 Marsh Lane had no shop. The hospital has number 3 in the list, and 4,000 staff.",
        "We meet at (the) hub; ask at (any) time.",
        "Wards 3 and 4, bands 5 to 7, ISO 14001:2015, 12 Hospitals Together.",
        "Patient numbers: 12 in May, 140 in June. Case 27 is closed.",
    ],
)
def test_dates_of_other_things_orders_and_counts_are_none(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Her number is 9434765919.", True),
        ("order 9434765919", False),
        ("invoice no. 9434765919", False),
        ("see https://sample.example/pages/9434765919/Runbook", False),
        ("9999999999", False),
    ],
)
def test_ten_digits_of_something_else_are_no_nhs_number(text, is_one):
    start = text.index("9")
    assert is_health_number(text, start, start + 10) is is_one


@pytest.mark.parametrize("unit", ["1 A", "1 Aa ", "a (at) ", "A", "1", "1 Heol y ", "Aa ", "12 June ", "NHS no no "])
def test_no_text_takes_long(unit):
    began = time.process_time()
    found(unit * (4000 // len(unit)))
    assert time.process_time() - began < 1
