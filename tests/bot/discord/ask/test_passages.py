"""Passages, lists and the sentence that answers, as Discord shows them."""

import pytest

from bot.discord.ask.answer_card import passages, point, quoted
from tests.bot.answers import answer, citation, said

TIE = "\u00a0"


def shown(*sentences, most=2000, **fields):
    return passages(answer(*sentences, **fields), most).replace(TIE, " ")


def test_a_passage_is_one_paragraph_with_a_mark_at_the_end_of_each_run():
    sentences = [said("Before."), said("It worked.", strong=True), said("Later.", 2)]
    assert shown(*sentences) == "Before. **It worked.** `[1]` Later. `[2]`"


def test_what_is_quoted_from_elsewhere_is_a_paragraph_of_its_own():
    sentences = [said("It worked.", strong=True), said("There, too.", 2)]
    assert shown(*sentences, citations=[citation(1), citation(2, "2")]) == "**It worked.** `[1]`\n\nThere, too. `[2]`"


def test_the_shortest_answer_is_underlined_in_its_sentence():
    assert shown(said("It kept 40 jobs.", strong=True, span=(8, 10))) == "**It kept __40__ jobs.** `[1]`"
    assert shown(said("It kept 40 jobs.", strong=True, span=(7, 11))) == "**It kept __40__ jobs.** `[1]`"
    assert shown(said("Forty jobs, all new.", strong=True, span=(0, 5))) == "**__Forty__ jobs, all new.** `[1]`"
    assert shown(said("They kept all 40.", strong=True, span=(14, 17))) == "**They kept all __40\\.__** `[1]`"


@pytest.mark.parametrize("span", [None, (0, 12), (3, 3), (9, 3), (40, 50), (2, 3)])
def test_what_is_most_of_a_sentence_or_nothing_is_not_underlined(span):
    assert shown(said("It kept forty.", strong=True, span=span)) == "**It kept forty.** `[1]`"


def test_only_the_sentence_that_answers_is_marked():
    sentences = [said("It was so.", span=(0, 2)), said("It kept 40 jobs.", strong=True)]
    assert shown(*sentences) == "It was so. **It kept 40 jobs.** `[1]`"


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("a_b kept *40* jobs.", (9, 13), r"**a\_b kept __\*40\*__ jobs.**"),
        ("In all, 40. # jobs were kept.", (8, 10), r"**In all, __40__. # jobs were kept.**"),
        ("40. It kept jobs there", None, r"**40\. It kept jobs there**"),
        ("see https://evil.example at once", (4, 9), "**see __https__://evil.example at once**"),
    ],
)
def test_text_of_a_document_stays_text_around_the_span(text, span, expected):
    assert shown(said(text, strong=True, span=span)) == f"{expected} `[1]`"


def test_a_list_has_its_items_on_lines_below_its_introduction():
    sentences = [said("Aims:", strong=True), said("bread", item=True), said("cake", item=True), said("So it was.")]
    assert shown(*sentences) == "**Aims:**\n- bread\n- cake\n\nSo it was. `[1]`"


def test_two_sentences_of_one_item_are_one_item():
    sentences = [said("Aims:"), said("Bread.", item=True), said("It is good.", item=True), said("Cake.", item=True)]
    quote = "Aims:\n- Bread. It is good.\n- Cake."
    assert shown(*sentences, citations=[citation(1, quote=quote)], shape="list") == (
        "Aims:\n- Bread. It is good.\n- Cake. `[1]`"
    )


def test_a_list_of_documents_has_a_line_each():
    sentences = [
        said("It kept 40 jobs.", title="Apple *Trust*", strong=True, span=(8, 10)),
        said("Aims:", 2, title="Pear"),
        said("bread", 3, item=True, strong=True),
    ]
    cited = [citation(1), citation(2, "2"), citation(3, "2")]
    assert shown(*sentences, citations=cited, shape="list") == (
        "**Apple \\*Trust\\***: It kept 40 jobs. `[1]`\n**Pear**: Aims: `[2]`\n- bread `[3]`"
    )


def test_events_stand_one_below_the_other():
    cited = [citation(1), citation(2, "2")]
    assert shown(said("Monday."), said("Friday.", 2), citations=cited, shape="list") == "Monday. `[1]`\n\nFriday. `[2]`"


def test_the_first_sentence_is_the_point_of_a_written_answer():
    sentences = [said("It worked."), said("It did.", 2)]
    assert shown(*sentences, written_by="a model") == "**It worked.** `[1]` It did. `[2]`"


def test_only_whole_sentences_are_shown_where_not_all_fit():
    sentences = [said("It worked.", strong=True), said("x" * 90), said("y" * 90)]
    assert shown(*sentences, most=130) == f"**It worked.** {'x' * 90} `[1]`"
    assert shown(said("z" * 500, strong=True), most=100) == "z" * 99 + "…"


@pytest.mark.parametrize(
    ("sentences", "expected"),
    [
        ([said("Before."), said("It worked.", strong=True), said("After.")], "**It worked.** `[1]`"),
        ([said("Aims:"), said("bread", item=True), said("cake", item=True, strong=True)], "Aims:\n- **cake** `[1]`"),
        ([said("Aims:", strong=True), said("cake", item=True), said("After.")], "**Aims:**\n- cake `[1]`"),
        ([said("Before."), said("cake", item=True, strong=True)], "- **cake** `[1]`"),
        (
            [said("It kept jobs.", title="Apple", strong=True), said("x", title="Pear")],
            "**Apple**: It kept jobs. `[1]`",
        ),
    ],
)
def test_the_point_of_an_answer_is_the_sentence_that_answers(sentences, expected):
    assert point(answer(*sentences), 2000).replace(TIE, " ") == expected


def test_a_quotation_is_marked_on_every_line():
    assert quoted("a\n\n- b") == "> a\n> \n> - b"
