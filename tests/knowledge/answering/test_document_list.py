"""Answers in the shape of a list: a line of each document that answers."""

from dataclasses import replace

from knowledge.answering.constraints import Constraints
from knowledge.answering.shapes import MOST_DOCUMENTS, MOST_WORDS, compose_list
from knowledge.domain.library import Filters
from knowledge.domain.vocabulary import Nation, Outcome
from tests.knowledge.answering.makers import READER_GATE, chunk, evidence, read

ANY = Constraints(asks_for_documents=True)
FOODS = ["bread", "cake", "soup", "tea", "rice", "plums", "honey"]


def documents(*scores):
    return [
        read(chunk(f"Kitchen {place} cooks {food}.", place, food), score)
        for place, (food, score) in enumerate(zip(FOODS, scores, strict=False), start=1)
    ]


def listed(*chunks, constraints=ANY):
    return compose_list(evidence("who cooks?", *chunks), READER_GATE, constraints)


def titles(quotes):
    return [quote.title for quote in quotes]


def test_each_document_that_answers_has_a_line_the_likeliest_first():
    quotes = listed(*documents(1.0, 3.0, -2.0, 2.0))
    assert titles(quotes) == ["CAKE", "TEA", "BREAD"]
    assert next(quote.strong.unit.text for quote in quotes) == "Kitchen 2 cooks cake."
    assert all(len(quote.sentences) == 1 for quote in quotes)


def test_one_document_is_no_list():
    assert listed(*documents(3.0, -2.0)) == []
    assert listed() == []


def test_no_more_than_five_documents():
    assert len(listed(*documents(*range(1, 8)))) == MOST_DOCUMENTS


def test_two_chunks_of_one_document_have_one_line_the_better():
    first, second, third = documents(1.0, 2.0, 3.0)
    same = read(chunk("Kitchen 9 cooks noodles.", 9, "bread"), 5.0)
    quotes = listed(first, second, third, same)
    assert [quote.strong.unit.text for quote in quotes if quote.title == "BREAD"] == ["Kitchen 9 cooks noodles."]


def test_an_item_stands_below_its_introduction():
    item = read(chunk("We cook:\n- noodles", 9, "noodles"), -5.0, 4.0)
    assert [s.unit.text for s in listed(item, *documents(1.0))[0].sentences] == ["We cook:", "noodles"]


def test_what_says_the_same_is_left_out():
    one, two = documents(2.0, 3.0)
    same = read(chunk("Kitchen 2 cooks cake!", 9, "other"), 1.0)
    assert titles(listed(one, two, same)) == ["CAKE", "BREAD"]


def test_the_lines_stay_within_their_words():
    long = [read(chunk(f"{f'{food} ' * 50}is cooked.", n, food), 1.0 + n) for n, food in enumerate(FOODS)]
    quotes = listed(*long)
    assert len(quotes) == 2
    assert sum(quote.words for quote in quotes) <= MOST_WORDS


def in_wales(read):
    metadata = read.chunk.metadata.model_copy(update={"nation": Nation.WALES, "outcome": Outcome.PARTLY})
    return replace(read, chunk=read.chunk.model_copy(update={"metadata": metadata}))


def test_where_the_question_says_what_documents_have_to_be_only_those_are_listed_and_one_is_enough():
    first, second, third = documents(3.0, 2.0, -5.0)
    wales = Constraints(asks_for_documents=True, filters=Filters(nation=Nation.WALES))
    assert titles(listed(first, in_wales(second), in_wales(third), constraints=wales)) == ["CAKE"]
    assert listed(first, second, constraints=wales) == []


def test_where_nothing_else_is_asked_each_of_them_answers():
    first, second, third = documents(3.0, -2.0, -5.0)
    wales = Constraints(asks_for_documents=True, filters=Filters(nation=Nation.WALES), has_topic=False)
    assert titles(listed(first, in_wales(second), in_wales(third), constraints=wales)) == ["CAKE", "SOUP"]


def test_what_went_wrong_is_asked_of_work_that_did():
    first, second, _ = documents(3.0, -2.0, -5.0)
    wrong = Constraints(asks_for_documents=True, went_wrong=True, has_topic=False)
    assert titles(listed(first, in_wales(second), constraints=wrong)) == ["CAKE"]


def test_a_document_whose_best_sentence_says_too_little_has_no_line():
    gate = READER_GATE.model_copy(update={"listed": 2.5})
    chunks = documents(1.0, 3.0, 2.0, 4.0)
    asked = evidence("who cooks?", *chunks)
    assert titles(compose_list(asked, gate, ANY)) == ["TEA", "CAKE"]
    wales = Constraints(asks_for_documents=True, filters=Filters(nation=Nation.WALES), has_topic=False)
    welsh = evidence("examples in Wales?", *map(in_wales, chunks))
    assert len(compose_list(welsh, gate, wales)) == len(chunks)
