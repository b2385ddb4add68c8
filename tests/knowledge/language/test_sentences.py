from hypothesis import given
from hypothesis import strategies as st

from knowledge.language.sentences import split_units

TEXT = (
    "Sample Trust began in 2021. It paid £4.5m for the site.\n\n"
    "‘We had no plan. We just began.’ (Chief Executive, local council)\n\n"
    "The trust's aims include:\n- paying the living wage\n- buying nearby. That came later."
)


def test_sentences_items_and_attributed_quotations():
    units = split_units(TEXT)
    assert [unit.text for unit in units] == [
        "Sample Trust began in 2021.",
        "It paid £4.5m for the site.",
        "‘We had no plan. We just began.’ (Chief Executive, local council)",
        "The trust's aims include:",
        "paying the living wage",
        "buying nearby.",
        "That came later.",
    ]
    assert {unit.lead for unit in units[4:]} == {"The trust's aims include:"}
    assert {unit.lead for unit in units[:4]} == {None}


@given(st.text(alphabet=st.sampled_from("ab .?!-\n‘’()A1é"), max_size=200))
def test_every_unit_is_a_verbatim_slice_in_order(text):
    end = 0
    for unit in split_units(text):
        assert text[unit.start : unit.end] == unit.text
        assert unit.start >= end
        assert unit.text.strip() == unit.text != ""
        end = unit.end
