"""Reading by shared words: what is left without the trained reader."""

import pytest

from knowledge.answering.reader.onnx_reader import LexicalReader
from tests.knowledge.answering.reader.passages import LAUNDRY, passage


def read(question, *passages):
    return LexicalReader().read(question, passages)


def test_the_sentence_with_the_questions_words_is_best():
    scores = read("how many apprentices were hired?", LAUNDRY)[0]
    assert scores.sentences.index(max(scores.sentences)) == 1
    assert scores.sentences[1] > 0 > scores.sentences[2]
    assert scores.answerable > 0
    assert scores.spans == (None, None, None)


def test_scores_go_from_minus_4_to_4():
    assert read("linen service", LAUNDRY)[0].answerable == 4.0
    assert read("zebra crossings", LAUNDRY)[0].answerable == -4.0
    assert read("zebra crossings", LAUNDRY)[0].sentences == (-4.0, -4.0, -4.0)


def test_words_around_a_sentence_count_half_for_it():
    whole = passage("Bread is baked.")
    beside = passage("Bread is baked. Cake is baked.")
    headed = passage("Cake is baked.", "Bread")
    assert read("bread", whole)[0].sentences == (4.0,)
    assert read("bread", beside)[0].sentences == (4.0, 0.0)
    assert read("bread", headed)[0].sentences == (0.0,)


def test_passages_keep_their_order_and_may_be_none():
    first, second = passage("Bread."), passage("Cake.")
    assert [scores.answerable for scores in read("cake", first, second)] == [-4.0, 4.0]
    assert read("cake") == []


@pytest.mark.parametrize("question", ["", "how is it?", "🌳", "x" * 4000])
def test_a_question_without_words_is_no_error(question):
    assert len(read(question, LAUNDRY)[0].sentences) == 3


def test_a_passage_without_sentences_has_no_scores_for_them():
    assert read("bread", passage(""))[0].sentences == ()
