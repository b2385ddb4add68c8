"""Written answers with the real models: what the checks let through, and what a real language model makes of it."""

import subprocess
import sys

import pytest

from knowledge.answering.generation.checks import SentenceChecker, cited_passage
from knowledge.answering.generation.prompt import MOST_WORDS
from knowledge.answering.generation.response_format import Draft
from knowledge.assistant import Assistant
from knowledge.language.names import find_names, supports
from knowledge.language.numbers import figures
from knowledge.library import Library
from knowledge.settings import Settings
from tests import llama_server
from tests.conftest import ROOT
from tests.quality.calibrate_generation import open_documents
from tests.quality.written_pairs import MISATTRIBUTED, halves

pytestmark = [pytest.mark.model, pytest.mark.slow]


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The documents of the starter library that the pairs are about."""
    opened = open_documents(tmp_path_factory.mktemp("written"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def kept(library):
    """For each kind of sentence of the half that nothing is fitted to, which the checks let through."""
    checker = SentenceChecker(library.reader, library.embedder)
    assert checker.ready, "the trained reader's weights are not here"
    through = {}
    for pair in halves(library)[1]:
        passed = bool(checker.checked([Draft(pair.sentence, (1,))], [pair.chunk]))
        through.setdefault("supported" if pair.supported else pair.kind, []).append(passed)
    return through


def test_most_of_what_a_passage_says_is_kept(kept):
    assert len(kept["supported"]) >= 30
    assert sum(kept["supported"]) >= 0.9 * len(kept["supported"])


@pytest.mark.parametrize("kind", ["number", "name", "embellished", "general", "added", MISATTRIBUTED])
def test_nothing_that_a_passage_does_not_say_is_kept(kept, kind):
    assert sum(kept[kind]) == 0


def test_what_the_checks_cannot_always_tell_is_bounded(kept):
    """A figure of the next sentence, a reversal, a "not": the guide to language models says so."""
    assert sum(kept["negated"]) <= 1
    assert sum(kept["reversed"]) <= 3
    assert sum(kept["number elsewhere"]) <= 2


@pytest.fixture(scope="module")
def llama():
    """A llama.cpp server with a real model of 135 million parameters."""
    if problem := llama_server.missing():
        pytest.skip(f"{problem}: `make test` installs both")
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.llama_server"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    address = server.stdout.readline().strip()
    assert address, "the server did not start"
    yield address
    server.stdin.close()
    assert server.wait(30) == 0
    server.stdout.close()


QUESTION = "How many people got job offers through I Can in Birmingham?"


def test_whatever_a_real_model_writes_every_sentence_holds_or_the_quotes_stand(library, llama, caplog):
    chosen = {"llm_base_url": f"{llama}/v1", "llm_model": "SmolLM2-135M-Instruct", "llm_api_key": "sample-key"}
    settings = Settings.model_validate(library.settings.model_dump() | chosen | {"llm_seconds": 120})
    with_model = Library.open(settings, lambda _: library.embedder)
    assistant = Assistant(with_model)
    answer = assistant.ask(QUESTION)
    assert answer.answered
    assert answer.citations
    better = assistant.written(answer)
    if better is not None:
        assert_holds(better, with_model)
    # It answered; what was not taken was left because no sentence held.
    assert ("no sentence that the model wrote is supported" in caplog.text) == (better is None)
    with_model.close()


def assert_holds(answer, library):
    """Every rule of a written answer."""
    cited = {citation.n: citation for citation in answer.citations}
    assert answer.written_by == "SmolLM2-135M-Instruct"
    assert 0 < sum(len(sentence.text.split()) for sentence in answer.sentences) <= MOST_WORDS
    for sentence in answer.sentences:
        assert sentence.citations
        chunks = [library.store.chunks([int(cited[n].chunk_id)])[int(cited[n].chunk_id)] for n in sentence.citations]
        assert all(cited[n].quote in chunk.text for n, chunk in zip(sentence.citations, chunks, strict=True))
        assert {str(chunk.id) for chunk in chunks} <= set(answer.admitted)
        passages = [cited_passage(chunk) for chunk in chunks]
        about = "\n".join(passage.about for passage in passages)
        assert figures(sentence.text) <= figures(about)
        assert all(supports(about, name) for name in find_names(sentence.text))
        drafted = [Draft(sentence.text, tuple(range(1, len(chunks) + 1)))]
        assert SentenceChecker(library.reader, library.embedder).checked(drafted, chunks)
