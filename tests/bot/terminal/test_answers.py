"""Answers in a terminal: what is bold and underlined, where marks stand, and refusals."""

import io

from rich.console import Console

from bot.terminal.answers import show_answer
from knowledge.answering.wording import EMERGENCY, NEXT_STEP
from knowledge.domain.library import Answer, NearDocument
from tests.bot.answers import answer, citation, said

BOLD, UNDERLINED, PLAIN = "\x1b[1m", "\x1b[1;4m", "\x1b[0m"


def printed(shown, *, styled=False):
    colours = {"force_terminal": True, "color_system": "standard"} if styled else {}
    console = Console(file=io.StringIO(), width=200, **colours)
    show_answer(console, shown)
    lines = (line.rstrip() for line in console.file.getvalue().splitlines())
    return "\n".join(lines)


def test_a_passage_is_a_paragraph_with_the_answer_in_bold_and_its_span_underlined():
    shown = answer(said("Before."), said("It kept 40 jobs.", strong=True, span=(8, 10)), said("Later.", 2))
    assert printed(shown).startswith("Before. It kept 40 jobs. [1] Later. [2]\n\nSources\n  [1] [2] A title\n")
    marked = f"Before. {BOLD}It kept {PLAIN}{UNDERLINED}40{PLAIN}{BOLD} jobs.{PLAIN}"
    assert printed(shown, styled=True).startswith(marked)


def test_what_is_most_of_the_sentence_is_not_underlined():
    shown = answer(said("It kept jobs.", strong=True, span=(0, 12)))
    assert UNDERLINED not in printed(shown, styled=True)


def test_lists_stand_below_their_introduction():
    shown = answer(said("Aims:", strong=True), said("bread", item=True), said("cake", item=True), note="Not all.")
    assert printed(shown).startswith("Aims:\n- bread\n- cake [1]\n\nNot all.\n\nSources")


def test_a_list_of_documents_has_a_line_each_with_the_title_in_bold():
    sentences = [said("It kept 40.", title="Apple", strong=True, span=(8, 10)), said("So did we.", 2, title="Pear")]
    shown = answer(*sentences, citations=[citation(1), citation(2, "2")], shape="list")
    assert printed(shown).startswith("Apple: It kept 40. [1]\nPear: So did we. [2]\n\n")
    assert printed(shown, styled=True).startswith(f"{BOLD}Apple: {PLAIN}It kept 40.")


def test_the_closest_passage_stands_below_what_is_missing_with_its_source():
    shown = answer(said("It worked.", strong=True), answered=False, closest=True, reason="The library touches on this.")
    assert printed(shown) == (
        "The library does not answer this directly. Closest:\n\n    It worked. [1]\n\nSources\n  [1] A title\n"
        f"      report · date not known\n\n{NEXT_STEP}"
    )
    opening = "The library does not answer this directly. The library touches on this. Closest:"
    assert printed(shown.model_copy(update={"missing": "kind"})).startswith(opening)


def test_a_refusal_says_why_what_is_near_and_what_to_do():
    near = NearDocument(document_id="d", title="Near", url="https://example.org/n", quote="It is so.")
    refused = Answer(question="Q", answered=False, text="t", reason="Nothing fits.", nearest=(near,))
    assert printed(refused) == (
        "The library does not say. Nothing fits.\n\nNearest in the library\n  • Near\n      “It is so.”\n"
        f"      https://example.org/n\n\n{NEXT_STEP}"
    )
    named = refused.model_copy(update={"reason": "The library has nothing on this for Leeds.", "nearest": ()})
    assert printed(named) == f"The library has nothing on this for Leeds.\n\n{NEXT_STEP}"


def test_whom_to_call_stands_alone_with_the_numbers_in_bold():
    danger = Answer(question="help", answered=True, text=EMERGENCY)
    assert " ".join(printed(danger).split()) == EMERGENCY.replace("**", "")
    assert f"{BOLD}999{PLAIN}" in printed(danger, styled=True)
