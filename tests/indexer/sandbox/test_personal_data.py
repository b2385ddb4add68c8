"""The check for personal data in a process of its own: the same places, and nothing of its cost where people wait."""

import time

import pytest

from indexer.sandbox.personal_data import SandboxedCheck
from knowledge.errors import ModelError
from knowledge.privacy.recognisers import PresidioCheck
from knowledge.settings import Settings

pytestmark = pytest.mark.model
TEXT = "Mrs Okafor – born 2 June 2001 – lives at 14 Marsh Lane, L20 4RT. Ring 07700 900123."


@pytest.fixture
def checked():
    opened = []

    def make(**settings):
        opened.append(SandboxedCheck(Settings(**settings)))
        return opened[-1]

    yield make
    for check in opened:
        check.close()


def test_it_finds_what_the_check_finds_and_takes_no_time_of_this_process(checked):
    check = checked()
    began = time.process_time()
    found = check.find(TEXT)
    assert time.process_time() - began < 0.1
    assert {place.kind for place in found} == {"PERSON", "DATE_OF_BIRTH", "ADDRESS", "UK_POSTCODE", "PHONE_NUMBER"}
    assert found == PresidioCheck(Settings()).find(TEXT)
    assert check.find("Half \ud800 a character") == []
    assert check.has_name_model


def test_what_cannot_be_checked_goes_no_further(checked):
    check = checked(name_model="no_such_model")
    with pytest.raises(ModelError, match="HALN_NAME_MODEL names no_such_model"):
        check.find(TEXT)
    assert not checked(name_model="off").has_name_model
