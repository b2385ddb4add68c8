import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.domain.library import Acronym
from knowledge.language.acronyms import find_acronyms


@pytest.mark.parametrize(
    ("text", "acronym"),
    [
        ("East London NHS Foundation Trust (ELFT) tests", Acronym("ELFT", "East London NHS Foundation Trust", True)),
        ("through integrated care systems (ICSs) in", Acronym("ICS", "integrated care systems", True)),
        ("the Mid and South Essex (MSE) NHS Trust", Acronym("MSE", "Mid and South Essex", True)),
        ("on the last page of NHS Long Term Plan is", Acronym("LTP", "Long Term Plan", False)),
        ("in Lancashire and South Cumbria, partners", Acronym("LSC", "Lancashire and South Cumbria", False)),
    ],
)
def test_acronyms_that_documents_explain(text, acronym):
    assert acronym in find_acronyms(text)


@pytest.mark.parametrize("text", ["growth (see page 9)", "the site (NHS) was", "nothing of the sort (ABC)", ""])
def test_brackets_that_explain_nothing(text):
    assert find_acronyms(text) == set()


@given(st.text(max_size=300))
def test_any_text_can_be_read_for_acronyms(text):
    for acronym in find_acronyms(text):
        assert acronym.short
        assert acronym.long
