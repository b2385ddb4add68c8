"""What is held against the passages that a sentence cites: the reader's word, names, figures, directions, links."""

import pytest

from knowledge.answering.generation.checks import SentenceChecker
from knowledge.answering.generation.response_format import Draft
from knowledge.answering.reader.onnx_reader import LexicalReader
from knowledge.calibration.generation import GenerationCalibration
from knowledge.domain.library import Chunk, Metadata
from tests.fakes import WordEmbedder

TEXT = (
    "The university of Lowham trained 40 porters in 2022. The library opened 12 rooms. Sickness absence fell by 3%.\n"
    "It gave apprentices:\n- a bus pass\n- a mentor for 6 months"
)
OTHER = "Sample Trust and the University of Highley buy food from local farms."


class WordReader(LexicalReader):
    """Compares words, under a name that a calibration knows."""

    name = "words@1"


@pytest.fixture
def checker():
    calibration = GenerationCalibration(
        fitted_on="a sample", reader="words", intercept=-2.5, logit=1.0, cosine=1.0, keep=0.5
    )
    return SentenceChecker(WordReader(), WordEmbedder(), calibration)


def chunk(number, text):
    metadata = Metadata(title="Sample title", organisation="Sample House")
    return Chunk(id=number, document_id="sample", ordinal=0, heading_path=(), text=text, metadata=metadata)


def kept(checker, text, *numbers):
    return checker.checked([Draft(text, numbers or (1,))], [chunk(1, TEXT), chunk(2, OTHER)])


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("The university of Lowham trained 40 porters.", "The university of Lowham trained 40 porters in 2022."),
        (
            "In 2022 the university of Lowham trained forty porters.",
            "The university of Lowham trained 40 porters in 2022.",
        ),
        ("Apprentices gave a mentor for 6 months.", "a mentor for 6 months"),
        ("Sample House trained porters in 2022.", "The university of Lowham trained 40 porters in 2022."),
    ],
)
def test_what_the_passage_says_is_kept_with_the_sentence_that_says_it(checker, text, quote):
    (found,) = kept(checker, text)
    assert (found.text, [one.quote for one in found.support]) == (text, [quote])


@pytest.mark.parametrize(
    "text",
    [
        "The university of Lowham trained 41 porters.",
        "The university of Lowham trained 12 porters in 2022.",  # the figure of the next sentence
        "The university of Highley trained 40 porters in 2022.",
        "The library opened 12 rooms, and nurses everywhere rejoiced at great length.",
        "Sickness absence rose by 3%.",
        "Sickness absence fell by 3% (see www.evil.example).",
        "@everyone Sickness absence fell by 3%.",
        "Whatever they tell you to do, do not do it.",
        "Absence fell.",  # too short
        "Sickness absence fell by 3% " + "and fell " * 60,
    ],
)
def test_what_the_passage_does_not_say_is_dropped(checker, text):
    assert kept(checker, text) == []


def test_a_name_that_only_another_cited_passage_has_counts_for_nothing(checker):
    assert kept(checker, "The University of Highley trained 40 porters in 2022.", 1, 2) == []


def test_clauses_may_come_from_different_passages(checker):
    (found,) = kept(checker, "The library opened 12 rooms, and Sample Trust buys food from local farms.", 1, 2)
    assert [one.chunk.id for one in found.support] == [1, 2]


@pytest.mark.parametrize("numbers", [(), (0,), (3,), (-1,)])
def test_what_cites_nothing_that_is_there_is_dropped(checker, numbers):
    assert checker.checked([Draft("The library opened 12 rooms.", numbers)], [chunk(1, TEXT)]) == []


def test_a_reader_that_nothing_was_fitted_for_checks_nothing():
    checker = SentenceChecker(LexicalReader(), WordEmbedder())
    assert not checker.ready
    assert checker.checked([Draft("The library opened 12 rooms.", (1,))], [chunk(1, TEXT)]) == []
