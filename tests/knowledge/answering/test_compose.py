"""Answers in the shape of a passage."""

import pytest

from knowledge.answering.compose import MOST_WORDS, Rule, compose_passage, says_the_same
from knowledge.language.words import content_stems
from tests.knowledge.answering.makers import READER_GATE, READER_SENTENCES, chunk, evidence, read

LIST = "We met often.\n\nThe aims are:\n- bread for all\n- cake on Sundays\n- ovens to lend\n\nThe end."


def composed(*chunks, most_words=MOST_WORDS, without=(), question="q"):
    quotes = compose_passage(evidence(question, *chunks), READER_SENTENCES, READER_GATE, most_words, without)
    return [sorted(sentence.unit.text for sentence in quote.sentences) for quote in quotes], quotes


def texts(*chunks, **options):
    return composed(*chunks, **options)[0]


def test_the_best_sentence_alone_where_nothing_else_helps():
    said, quotes = composed(read("One thing. Another thing. A third.", -5.0, 3.0))
    assert said == [["Another thing."]]
    assert quotes[0].strong.unit.text == "Another thing."


def test_a_list_is_shown_whole_with_its_introduction():
    passage = read(LIST, -5.0, 3.0)
    assert texts(passage) == [["The aims are:", "bread for all", "cake on Sundays", "ovens to lend"]]


def test_an_item_brings_its_introduction_and_no_other_item():
    passage = read(LIST, -5.0, -5.0, -5.0, 3.0)
    assert texts(passage) == [["The aims are:", "cake on Sundays"]]


def test_a_list_that_is_too_long_is_not_cut():
    items = "\n".join(f"- {'word ' * 20}{number}" for number in range(10))
    assert texts(read(f"The aims are:\n{items}", 3.0)) == [["The aims are:"]]


def test_of_two_lists_with_the_same_introduction_the_nearer_counts():
    passage = read("Aims:\n- bread\n\nMore.\n\nAims:\n- cake", -5, -5, -5, -5, 3.0)
    _, quotes = composed(passage)
    assert [s.unit.start for s in quotes[0].sentences] == [22, 30]


@pytest.mark.parametrize("word", ["They", "It", "This scheme", "The project", "However, it"])
def test_what_points_back_brings_the_sentence_before(word):
    assert texts(read(f"The bakers met. {word} helped.", -5.0, 3.0)) == [sorted(["The bakers met.", f"{word} helped."])]


def test_nothing_is_brought_from_another_paragraph_or_before_the_first():
    assert texts(read("The bakers met.\n\nThey helped.", -5.0, 3.0)) == [["They helped."]]
    assert texts(read("They helped. The bakers met.", 3.0)) == [["They helped."]]


def test_likely_sentences_are_added_the_likeliest_first_while_there_is_room():
    passage = read(f"{'a ' * 9}end. {'b ' * 9}end. {'c ' * 9}end. {'d ' * 9}end.", 9.0, 2.0, 4.0, 3.0)
    starts = lambda said: sorted(text[0] for text in said[0])  # noqa: E731
    assert starts(texts(passage)) == ["a", "b", "c", "d"]
    assert starts(texts(passage, most_words=30)) == ["a", "c", "d"]
    assert starts(texts(passage, most_words=20)) == ["a", "c"]
    assert starts(texts(passage, most_words=10)) == ["a"]


def test_the_sentence_that_answers_is_shown_however_long():
    assert texts(read(f"{'long ' * 120}end.", 3.0)) == [[f"{'long ' * 120}end."]]


def test_an_item_that_is_added_brings_its_introduction():
    assert texts(read(LIST, 9.0, -5.0, 2.0)) == [["The aims are:", "We met often.", "bread for all"]]
    # Where the introduction has no room, the item has none.
    assert texts(read(LIST, 9.0, -5.0, 2.0), most_words=7) == [["We met often."]]


def test_no_more_than_one_sentence_comes_from_elsewhere_the_likeliest():
    lead = read(chunk("Bakers bake bread.", 1), 4.5)
    others = [
        read(chunk(f"Trust {n} buys {food}.", n, f"d{n}"), float(n))
        for n, food in ((2, "cake"), (4, "soup"), (3, "tea"))
    ]
    said, quotes = composed(lead, *others)
    assert said == [["Bakers bake bread."], ["Trust 4 buys soup."]]
    assert quotes[1].strong is None


def test_what_says_the_same_is_not_said_again():
    lead = read(chunk("Village bakers bake good bread daily.", 1), 4.5)
    same = read(chunk("Good bread is baked daily by village bakers.", 2, "b"), 4.0)
    other = read(chunk("Soup is cooked in schools.", 3, "c"), 2.0)
    assert texts(lead, same, other) == [["Village bakers bake good bread daily."], ["Soup is cooked in schools."]]


def test_an_introduction_is_not_what_another_sentence_repeats():
    lead = read(chunk("The scheme:\n- bread for all", 1), -5.0, 4.5)
    other = read(chunk("Every school has the scheme.", 2, "b"), 4.0)
    assert texts(lead, other) == [["The scheme:", "bread for all"], ["Every school has the scheme."]]


def test_where_the_passage_answers_for_certain_nothing_comes_from_elsewhere():
    other = read(chunk("Soup is cooked.", 2, "b"), 4.0)
    assert len(texts(read(chunk("Bakers bake bread.", 1), 4.5), other)) == 2
    assert len(texts(read(chunk("Bakers bake bread.", 1), 4.7), other)) == 1


def test_nothing_unlikely_comes_from_elsewhere_and_nothing_beyond_the_words():
    lead = read(chunk("Bakers bake bread.", 1), 4.5)
    assert texts(lead, read(chunk("Soup is cooked.", 2, "b"), -0.1)) == [["Bakers bake bread."]]
    assert texts(lead, read(chunk("Soup is cooked.", 2, "b"), 4.0), most_words=5) == [["Bakers bake bread."]]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Rule.CONTEXT, [["It was small.", "They helped."], ["Soup is cooked."]]),
        (Rule.SUPPORTING, [["The bakers met.", "They helped."], ["Soup is cooked."]]),
        (Rule.ELSEWHERE, [["It was small.", "The bakers met.", "They helped."]]),
    ],
)
def test_each_rule_can_be_left_out(rule, said):
    lead = read(chunk("The bakers met. They helped. It was small.", 1), -5.0, 4.5, 3.0)
    assert texts(lead, read(chunk("Soup is cooked.", 2, "b"), 4.0), without=[rule]) == said


def test_nothing_read_cannot_be_composed():
    with pytest.raises(ValueError, match="nothing was read"):
        composed()


def test_saying_the_same_is_most_of_the_shorter_ones_words():
    said = [content_stems("Village bakers bake good bread daily for the wards.")]
    assert says_the_same("Good bread, daily", said)
    assert not says_the_same("Good soup, weekly", said)
    assert not says_the_same("and then", said)
    assert not says_the_same("Good bread", [])
