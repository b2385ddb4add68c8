"""Where the reader's weights are missing or altered, answers go on by words, and say so."""

import logging
import threading
from dataclasses import replace

import pytest

from knowledge.answering.pipeline import AnswerPipeline
from knowledge.answering.reader.onnx_reader import (
    READER,
    LexicalReader,
    OnnxReader,
    ReaderWithFallback,
)
from knowledge.answering.reader.packaged_reader import packaged_reader
from knowledge.answering.wording import WEAKER
from knowledge.assistant import Assistant
from knowledge.calibration.gate import GateCalibration
from knowledge.errors import ModelError
from knowledge.models.weights import Weights
from tests.fakes import WORD_GATE, WordReader
from tests.knowledge.answering.reader.passages import LAUNDRY

MISSING = Weights("no-such-reader.onnx", READER.sha256)
# A file that is there, and is not the one that was meant.
ALTERED = replace(READER, file="tokenizer.json")


def broken(weights):
    return ReaderWithFallback(OnnxReader(weights), LexicalReader())


@pytest.mark.parametrize(("weights", "said"), [(MISSING, "cannot be read"), (ALTERED, "is not the one")])
def test_weights_that_cannot_be_used_are_said_once_and_words_go_on(weights, said, caplog):
    reader = broken(weights)
    assert reader.problem is None
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert reader.read("how many apprentices", [LAUNDRY]) == LexicalReader().read(
                "how many apprentices", [LAUNDRY]
            )
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert said in caplog.text
    assert "pip install --force-reinstall" in caplog.text
    assert said in reader.problem
    assert reader.name == "lexical"


def test_a_reader_that_works_goes_on_working(caplog):
    reader = ReaderWithFallback(WordReader(), LexicalReader())
    assert reader.read("linen", [LAUNDRY])[0].answerable == 4.0
    assert (reader.name, reader.problem, caplog.text) == ("words@1", None, "")


def test_another_error_is_not_hidden():
    class Faulty(WordReader):
        def read(self, question, passages):
            raise ZeroDivisionError

    reader = ReaderWithFallback(Faulty(), LexicalReader())
    with pytest.raises(ZeroDivisionError):
        reader.read("linen", [LAUNDRY])
    assert reader.problem is None


def test_many_threads_are_warned_once(caplog):
    class Stalled(WordReader):
        """Fails when all threads have come."""

        barrier = threading.Barrier(4)

        def read(self, question, passages):
            self.barrier.wait(10)
            raise ModelError("no weights")

    reader = ReaderWithFallback(Stalled(), LexicalReader())
    found = []
    threads = [threading.Thread(target=lambda: found.extend(reader.read("linen", [LAUNDRY]))) for _ in range(4)]
    with caplog.at_level(logging.WARNING):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 4
    assert len(caplog.records) == 1


def test_the_answer_says_that_it_may_be_weaker(filled):
    filled.reader = broken(MISSING)
    assistant = Assistant(filled, pipeline=AnswerPipeline(filled, WORD_GATE))
    answer = assistant.ask("How many entry jobs did the Sample Hospital Trust keep for local residents?")
    assert answer.answered
    assert answer.note == WEAKER
    assert answer.citations[0].document_id == "jobs"


def test_the_gate_is_the_one_of_the_reader_that_reads(filled):
    filled.reader = broken(MISSING)
    pipeline = AnswerPipeline(filled)
    assert pipeline.gate == GateCalibration.packaged("haln-reader")
    filled.reader.read("linen", [LAUNDRY])
    assert pipeline.gate == GateCalibration.packaged("lexical")


def test_a_first_question_without_weights_is_judged_by_the_words_gate(filled):
    """The reader fails while the first question is read: its scores by words are not judged as the reader's."""
    filled.reader = broken(MISSING)
    question = "How many entry jobs did the Sample Hospital Trust keep for local residents?"
    first, again = (Assistant(filled, log_questions=False).ask(question) for _ in range(2))
    assert first.confidence == again.confidence
    assert first.text == again.text


def test_all_libraries_of_a_process_share_one_reader(library):
    assert packaged_reader() is packaged_reader()
