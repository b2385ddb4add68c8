"""What an answer looks like as plain Markdown."""

import pytest

from knowledge.answering.gate import Missing
from knowledge.answering.wording import answer_text, closest_text, refusal_reason, refusal_text, unanswered_parts
from knowledge.domain.library import NearDocument, Sentence


def said(text, n=1, **options):
    return Sentence(text=text, citations=(n,), **options)


def test_one_citation_has_one_mark_at_its_end_and_the_answer_is_bold():
    text = answer_text([said("Before."), said("The answer.", strong=True), said("After.")])
    assert text == "Before. **The answer.** After. [1]"


def test_marks_stand_where_the_citation_changes():
    assert answer_text([said("One."), said("Two.", 2)]) == "One. [1]\n\nTwo. [2]"


def test_items_stand_on_lines_of_their_own_below_their_introduction():
    sentences = [said("Aims:"), said("bread", item=True, strong=True), said("cake", item=True), said("Later.")]
    assert answer_text(sentences) == "Aims:\n- **bread**\n- cake\n\nLater. [1]"


def test_an_item_without_an_introduction_is_still_one():
    assert answer_text([said("Before."), said("bread", 2, item=True)]) == "Before. [1]\n\n- bread [2]"


def test_a_list_of_documents_has_a_line_each_with_its_title():
    sentences = [said("Bread came.", title="Apple", strong=True), said("Cake came.", 2, title="Pear", strong=True)]
    assert answer_text(sentences) == "Apple: **Bread came.** [1]\n\nPear: **Cake came.** [2]"


def test_two_lines_of_one_document_share_its_title():
    sentences = [said("Aims:", title="Apple"), said("bread", item=True, strong=True), said("Cake.", 2, title="Pear")]
    assert answer_text(sentences) == "Apple: Aims:\n- **bread** [1]\n\nPear: Cake. [2]"


def test_what_stays_open_comes_last():
    note = unanswered_parts(["what of jazz?", "and who"])
    assert note == "The library does not say: “what of jazz?” The library does not say: “and who?”"
    assert answer_text([said("One.")], note) == f"One. [1]\n\n{note}"
    assert unanswered_parts([]) is None
    assert answer_text([]) == ""


@pytest.mark.parametrize(
    ("missing", "names", "about", "reason"),
    [
        (Missing.NAME, ("Leeds",), None, "The library has nothing on this for Leeds."),
        (
            Missing.NAME,
            ("Leeds", "2019"),
            "Apple Trust",
            "The library has nothing on this for Leeds or 2019. The nearest is about Apple Trust.",
        ),
        (Missing.NAME, ("A", "B", "C"), None, "The library has nothing on this for A, B or C."),
        (Missing.ANSWER, (), None, "The library does not answer this directly."),
        (Missing.NOTHING_NEAR, (), None, "Nothing in the library is close enough to this question."),
        (None, (), None, "Nothing in the library is close enough to this question."),
    ],
)
def test_why_there_is_no_answer(missing, names, about, reason):
    assert refusal_reason(missing, names, about) == reason


def test_a_refusal_points_on():
    near = (NearDocument(document_id="a", title="A", url=None), NearDocument(document_id="b", title="B", url=None))
    assert refusal_text("Why.", near).split("\n\n")[:2] == [
        "The library does not say. Why.",
        "Nearest in the library: A; B.",
    ]
    assert "Nearest" not in refusal_text("Why.", ())


def test_the_closest_passage_is_said_not_to_answer():
    opening = "The library does not answer this directly."
    assert closest_text(opening, [said("Near.", strong=True)]) == f"{opening} Closest:\n\n**Near.** [1]"
    assert closest_text("It has no figure.", [said("Near.")]).startswith(f"{opening} It has no figure. Closest:")
