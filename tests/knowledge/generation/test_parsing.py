import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.generation.parsing import Draft, drafts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It grew [2].", [("It grew.", (2,))]),
        ("It grew. [2] It fell. [1][3]", [("It grew.", (2,)), ("It fell.", (1, 3))]),
        ("It grew [1, 2] and [2; 3].", [("It grew and.", (1, 2, 3))]),
        ("It grew [passage 4]. It fell 【5】", [("It grew.", (4,)), ("It fell.", (5,))]),
        ("**It** `grew` [here](https://evil.example) [1].", [("It grew here.", (1,))]),
        ("- It grew [1]\n- It fell [2]", [("It grew.", (1,)), ("It fell.", (2,))]),
        ("Dr. Smith of St. Mary's saw £1.8m [1].", [("Dr. Smith of St. Mary's saw £1.8m.", (1,))]),
        ("It grew [1](https://evil.example).", [("It grew(https://evil.example).", (1,))]),
        ("It\u200b grew\u202e [1].", [("It grew.", (1,))]),
        ("<b>It</b> grew [1].", [("It grew.", (1,))]),
        ("```\nIt grew [1].\n```", []),
        ("<think>It grew [1].</think>It fell [2].", [("It fell.", (2,))]),
        ("", []),
    ],
)
def test_sentences_with_their_citations(text, expected):
    assert drafts(text) == [Draft(*one) for one in expected]


@given(st.text(alphabet=st.sampled_from(list("ab .[]()12,\n*_#<>`@-\ue000\ue001!|"))))
def test_no_mark_of_our_own_and_no_control_character_is_left(text):
    for draft in drafts(text):
        assert not set(draft.text) & set("\ue000\ue001\n")
        assert all(number >= 0 for number in draft.numbers)
