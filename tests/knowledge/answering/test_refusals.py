"""What is said where the library does not answer."""

from dataclasses import replace

import pytest

from knowledge.answering.gate import Decision, Missing, Verdict, judge
from knowledge.answering.refusals import MOST_NEAREST, nearest_documents, refused
from tests.knowledge.answering.makers import READER_GATE, READER_SENTENCES, chunk, evidence, read


def answer(question, *chunks, found=()):
    held = evidence(question, *chunks, found=found)
    return refused(question, held, judge(held, READER_GATE), READER_SENTENCES, READER_GATE)


def test_a_name_that_the_library_lacks_is_said_as_what_it_has_nothing_on():
    refusal = answer("How many jobs did Plum Trust keep?", read("Apple Trust kept 40 jobs.", -9.0))
    assert not refusal.answered
    assert refusal.reason == "The library has nothing on this for Plum Trust."
    assert refusal.text.startswith(f"The library does not say. {refusal.reason}")
    assert (refusal.citations, refusal.sentences, refusal.closest) == ((), (), False)


@pytest.mark.parametrize(
    ("kind", "said"), [("case_study", True), ("event", True), ("example", True), ("report", False), ("resource", False)]
)
def test_whom_the_nearest_is_about_is_said_only_where_that_is_sure(kind, said):
    near = chunk("Jobs were kept.", organisation="Apple Trust", kind=kind)
    refusal = answer("How many jobs did Plum Trust keep?", read(near, -9.0))
    assert ("The nearest is about Apple Trust." in refusal.text) is said


def test_no_reason_claims_more_than_is_known():
    """The words of a reason name nothing but what was asked for and is not there."""
    held = evidence("What do Apple Trust and Plum Trust do?", read("Apple Trust kept jobs.", -9.0))
    reason = refused("q", held, judge(held, READER_GATE), READER_SENTENCES, READER_GATE).reason
    assert "Plum Trust" in reason
    assert "Apple Trust" not in reason


def test_the_closest_passage_is_shown_as_just_that():
    refusal = answer("why were jobs kept?", read("Early talk. Jobs were kept. Late talk.", -5.0, -1.0))
    assert (refusal.answered, refusal.closest) == (False, True)
    assert [sentence.text for sentence in refusal.sentences] == ["Jobs were kept."]
    assert refusal.citations[0].quote == "Jobs were kept."
    assert refusal.text == "The library does not answer this directly. Closest:\n\n**Jobs were kept.** [1]"
    assert refusal.confidence == pytest.approx(0.2689, abs=1e-4)


def test_the_closest_passage_is_short_and_from_one_place():
    long = read(chunk("Jobs were kept. " + "More was said of it. " * 30, 1), -1.0, *[5.0] * 0)
    refusal = answer("why were jobs kept?", long, read(chunk("Else.", 2, "b"), -1.5))
    assert len({citation.chunk_id for citation in refusal.citations}) == 1
    assert sum(len(sentence.text.split()) for sentence in refusal.sentences) <= 60


def test_nothing_near_points_to_the_nearest_documents():
    chunks = [read(chunk("Said.", n, f"d{n}", url=f"https://example.org/{n}"), -9.0) for n in (1, 2)]
    found = [chunk("Found.", 9, "d9"), chunk("Found.", 1, "d1"), chunk("Found.", 8, "d8")]
    refusal = answer("why?", *chunks, found=found)
    assert [near.document_id for near in refusal.nearest] == ["d1", "d2", "d9"]
    assert refusal.nearest[0].url == "https://example.org/1"
    assert "Nearest in the library: D1; D2; D9." in refusal.text


def test_an_empty_library_has_nothing_nearest():
    refusal = answer("why?")
    assert refusal.nearest == ()
    assert "Nearest" not in refusal.text
    assert refusal.reason == "Nothing in the library is close enough to this question."


def test_each_document_is_nearest_once_and_no_more_than_three():
    found = [chunk("x", n, document) for n, document in enumerate("aabacdbe")]
    assert [near.document_id for near in nearest_documents(found)] == ["a", "b", "c"]
    assert len(nearest_documents(found)) == MOST_NEAREST
    assert nearest_documents([]) == ()


def test_a_verdict_without_a_reason_still_has_words():
    held = replace(evidence("why?"), chunks=())
    assert refused("why?", held, Verdict(Decision.REFUSAL, 0.0), READER_SENTENCES, READER_GATE).reason
    assert refused("why?", held, Verdict(Decision.REFUSAL, 0.0, Missing.KIND), READER_SENTENCES, READER_GATE).reason


def test_what_has_much_of_a_missing_name_is_nearest():
    near = chunk("Meadow Healthcare runs a Green Hub.", 2, "d2")
    refusal = answer(
        "How much did the Meadowshire Green Hub save?", read(chunk("Money was saved.", 1, "d1"), -9.0), found=[near]
    )
    assert refusal.missing == "name"
    assert [one.document_id for one in refusal.nearest] == ["d2", "d1"]
