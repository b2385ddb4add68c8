"""In the terminal, whoever asks for people is told how to find them, once."""

import io

import pytest
from rich.console import Console

from bot.terminal.answers import show_answer
from bot.terminal.texts import FIND_PEOPLE
from knowledge.domain.library import Answer, Citation, Sentence

CITED = Citation(
    n=1,
    document_id="d",
    chunk_id="1",
    title="T",
    section=None,
    organisation=None,
    source_title=None,
    url=None,
    kind="case_study",
    evidence=None,
    published=None,
    quote="Q.",
    locator=None,
)
ANSWERED = Answer(
    question="q", answered=True, text="t", sentences=(Sentence(text="Q.", citations=(1,)),), citations=(CITED,)
)
REFUSED = Answer(question="q", answered=False, text="t", reason="r")


def printed(answer):
    console = Console(file=io.StringIO(), width=200)
    show_answer(console, answer)
    return console.file.getvalue()


@pytest.mark.parametrize("answer", [ANSWERED, REFUSED])
def test_an_answer_and_a_refusal_say_how_to_find_people(answer):
    asking = answer.model_copy(update={"asks_for_people": True})
    assert printed(asking).count(FIND_PEOPLE) == 1
    assert FIND_PEOPLE not in printed(answer)
    assert FIND_PEOPLE not in printed(asking.model_copy(update={"written_by": "sample-model"}))
