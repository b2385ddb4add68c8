"""A process that is running finds what another one publishes with its next search, and what it withdraws no more."""

import json
import subprocess
import sys
import textwrap

import pytest

from knowledge.domain.examples import Action
from knowledge.domain.vocabulary import Credit
from tests.conftest import ROOT
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content

READER = textwrap.dedent(
    """
    import json, sys
    from pathlib import Path
    from knowledge.assistant import Assistant
    from knowledge.library import Library
    from knowledge.settings import Settings, Switch
    from tests.fakes import WordEmbedder

    settings = Settings(data_dir=Path(sys.argv[1]), starter_library=Switch.OFF, chunk_tokens=60)
    library = Library.open(settings, WordEmbedder)
    assistant = Assistant(library)
    for question in sys.stdin:
        answer = assistant.ask(question.strip())
        found = assistant.search(question.strip(), 5).results
        print(json.dumps({
            "found": [result.document_id for result in found],
            "cited": [citation.document_id for citation in answer.citations],
            "credit": [citation.source_title for citation in answer.citations],
        }), flush=True)
    """
)


@pytest.fixture
def ask(library):
    process = subprocess.Popen(
        [sys.executable, "-c", READER, str(library.settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )

    def question(text):
        process.stdin.write(f"{text}\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    with process:
        yield question
        process.stdin.close()


QUESTION = "has anybody opened a bicycle workshop next to the canteen?"


def test_published_and_withdrawn_show_in_a_process_that_runs_already(examples, ask):
    assert ask(QUESTION)["found"] == []
    given = examples.share(AUTHOR, content()).id
    assert ask(QUESTION)["found"] == []
    examples.review(MODERATOR, given, Action.APPROVE)
    answer = ask(QUESTION)
    assert answer["found"][0] == given
    assert given in answer["cited"]
    assert answer["credit"][0] == "Sample Hospital Trust"
    examples.set_credit(AUTHOR, given, Credit.ANONYMOUS)
    assert ask(QUESTION)["credit"][0] == "A member of the network"
    examples.withdraw(AUTHOR, given)
    answer = ask(QUESTION)
    assert (answer["found"], answer["cited"]) == ([], [])
