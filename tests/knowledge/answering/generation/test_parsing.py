import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.generation.response_format import Draft, drafts


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
        ('{"sentences": [{"text": "It grew.", "citations": [2, 2, 1]}]}', [("It grew.", (2, 1))]),
        ('```json\n{"sentences": [{"text": "It grew [3]", "citations": [1]}]}\n```', [("It grew.", (1, 3))]),
        (
            '<think>Hm.</think>{"sentences":[{"text":"It grew. It fell.","citations":[1]}]}',
            [("It grew.", (1,)), ("It fell.", (1,))],
        ),
        ('{"sentences": [{"text": "**It** grew\\ud800\\u202e.", "citations": []}]}', [("It grew.", ())]),
        ('{"sentences": [{"text": "It grew.", "citations": [1]}, {"text": "It f', [("It grew.", (1,))]),
        ('{"sentences": [{"words": "It grew."}, 7, {"text": "It fell."}]}', []),
        ('{"sentences": [{"text": "It grew."}, ' + '{"text": [' * 2000, [("It grew.", ())]),
    ],
)
def test_sentences_with_their_citations(text, expected):
    assert drafts(text) == [Draft(*one) for one in expected]


def test_the_last_sentence_of_what_was_cut_short_is_left_out():
    assert drafts("It grew [1]. It fell [2", cut_short=True) == [Draft("It grew.", (1,))]
    whole = '{"sentences": [{"text": "It grew.", "citations": [1]}, {"text": "It'
    assert drafts(whole, cut_short=True) == [Draft("It grew.", (1,))]


@given(st.text(alphabet=st.sampled_from(list("ab .[]()12,\n*_#<>`@-\ue000\ue001!|"))))
def test_no_mark_of_our_own_and_no_control_character_is_left(text):
    for draft in drafts(text):
        assert not set(draft.text) & set("\ue000\ue001\n")
        assert all(number >= 0 for number in draft.numbers)
