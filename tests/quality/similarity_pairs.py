"""Makes the pairs that similarity scales are fitted on, and the scales that come along.

`python -m tests.quality.similarity_pairs` writes knowledge/calibration/pairs.jsonl and similarity.json anew. The pairs
are questions marked `tune` about the starter library with the sentences that answer them, neighbouring sentences of one
section, and as many pairs of which the second text is from another document. Their reference cosines are the model's
that the thresholds were fitted with.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from bot.evaluation.questions import is_gold, read_questions
from indexer.library.documents import starter_documents
from knowledge.calibration.similarity import Pair, ScaleFile, SimilarityScale, fit_line, packaged_pairs, pair_cosines
from knowledge.language.sentences import split_units
from knowledge.models.weights import MINILM_FP32
from knowledge.retrieval.bundled_embedder import BGE_SMALL, MINILM, OnnxEmbedder, bundled_embedder
from knowledge.retrieval.model_folder import MINILM_NAME

ROOT = Path(__file__).parents[2]
CALIBRATION = ROOT / "knowledge" / "calibration"
QUESTIONS = ROOT / "tests" / "quality" / "questions" / "starter.jsonl"
_QUESTIONS, _NEIGHBOURS = 70, 30
_FEWEST_WORDS = 6
# Everybody who is put beside a text of another document is put beside the one this many places on.
_FURTHER_ON = 11


def main() -> None:
    reference = OnnxEmbedder(MINILM)
    pairs = list(_pairs())
    found = pair_cosines(pairs, reference)
    lines = [
        pair.model_copy(update={"cosine": round(float(cosine), 4)}).model_dump_json()
        for pair, cosine in zip(pairs, found, strict=True)
    ]
    (CALIBRATION / "pairs.jsonl").write_text("".join(f"{line}\n" for line in lines))
    packaged_pairs.cache_clear()
    scales = {}
    for embedder in (reference, OnnxEmbedder(BGE_SMALL), bundled_embedder()):
        intercept, slope = fit_line(embedder)
        scales[embedder.name] = SimilarityScale(intercept=intercept, slope=slope)
    # The model that the reference is made of: its cosines differ from the reference's by less than the fit does.
    scales[f"{MINILM_NAME}@{MINILM_FP32.digest}"] = SimilarityScale(intercept=0, slope=1)
    (CALIBRATION / "similarity.json").write_text(ScaleFile(scales).model_dump_json(indent=2) + "\n")


def _pairs() -> Iterator[Pair]:
    documents = {
        document.suggested_id: [
            [unit.text for unit in split_units(section.text) if len(unit.text.split()) >= _FEWEST_WORDS]
            for section in document.sections
        ]
        for document in starter_documents()
    }
    answered = list(islice(_answered(documents), _QUESTIONS))
    neighbours = list(islice(_neighbours(documents), _NEIGHBOURS))
    for asked, found in ((True, answered), (False, neighbours)):
        for place, (document, one, other) in enumerate(found):
            yield Pair(one=one, other=other, asked=asked, related=True, cosine=0)
            for _, _, far in _others(found, place, document):
                yield Pair(one=one, other=far, asked=asked, related=False, cosine=0)
                break


def _answered(documents: dict[str, list[list[str]]]) -> Iterator[tuple[str, str, str]]:
    """Questions, each with a sentence that answers it and the document that this is from."""
    for question in read_questions(QUESTIONS, "tune"):
        for name in question.documents:
            sentences = [text for section in documents.get(name, []) for text in section]
            gold = next((text for text in sentences if is_gold(question, name, text)), None)
            if gold is not None:
                yield name, question.question, gold
                break


def _neighbours(documents: dict[str, list[list[str]]]) -> Iterator[tuple[str, str, str]]:
    """Two sentences that follow one another, one pair of each document."""
    for name, sections in documents.items():
        pair = next((section[:2] for section in sections if len(section) > 1), None)
        if pair is not None:
            yield name, pair[0], pair[1]


def _others(found: Sequence[tuple[str, str, str]], place: int, document: str) -> Iterator[tuple[str, str, str]]:
    further_on = [*found[place:], *found[:place]][_FURTHER_ON:]
    yield from (one for one in further_on if one[0] != document)


if __name__ == "__main__":
    main()
