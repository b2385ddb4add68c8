"""`haln eval answers`: quality of answers on a question set, against the indexed library."""

import json
import re
from collections.abc import Sequence
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.evaluation.metrics import mean, percentile
from knowledge.answering.evidence import DEFAULT, Thresholds
from knowledge.assistant import Assistant
from knowledge.errors import SourceError
from knowledge.library import Library
from knowledge.types import Answer, Noun, SearchResult

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


class Gold(BaseModel):
    """A passage that answers a question: the file's name without its ending, and a part of the passage."""

    model_config = ConfigDict(frozen=True)

    file: str
    contains: str


class EvalQuestion(BaseModel):
    """One line of a question set. In `answer_must_include` a bar separates equally good strings.

    Fields that are not named here are passed over.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    gold_all: tuple[Gold, ...] = ()
    answer_must_include: tuple[str, ...] = ()
    style: str = "direct"


class Outcome(Noun):
    """What was measured of one question. Figures that do not apply to it are `None`."""

    question: EvalQuestion
    gold_rank: int | None
    evidence: bool | None
    must_include: bool | None
    answered: bool
    citations_valid: bool
    words: int
    ms: float


def read_questions(path: Path) -> list[EvalQuestion]:
    """Read a question set, one JSON object a line.

    Raises:
        SourceError: The file cannot be read, or a line is not a question.
    """
    questions = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    questions.append(EvalQuestion.model_validate(json.loads(line)))
                except (ValidationError, ValueError) as error:
                    raise SourceError(f"{path}, line {number}, is not a question: {error}".splitlines()[0]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read ({error}).") from None
    return questions


def evaluate_answers(
    questions: Sequence[EvalQuestion], library: Library, thresholds: Thresholds = DEFAULT
) -> tuple[dict[str, object], list[Outcome]]:
    """The figures of the contract, overall and by style, and what was measured of each question."""
    assistant = Assistant(library, log_questions=False, thresholds=thresholds)
    files = {entry.id: _file_name(entry.location) for entry in library.store.documents()}
    assistant.warm_up()
    outcomes = [_measure(question, assistant, library, files) for question in questions]
    styles = sorted({question.style for question in questions})
    figures: dict[str, object] = {
        **_figures(outcomes),
        "styles": {style: _figures([o for o in outcomes if o.question.style == style]) for style in styles},
    }
    return figures, outcomes


def _measure(question: EvalQuestion, assistant: Assistant, library: Library, files: dict[str, str]) -> Outcome:
    results = assistant.search(question.question, 10).results
    answer = assistant.ask(question.question)
    text = _plain(answer.text)
    quotes = [(files.get(c.document_id, ""), _plain(c.quote)) for c in answer.citations]
    needed = question.gold_all or question.gold
    held = [any(g.file == file and _plain(g.contains) in quote for file, quote in quotes) for g in needed]
    evidence = answer.answered and (all(held) if question.gold_all else any(held))
    included = [any(_plain(part) in text for part in key.split("|")) for key in question.answer_must_include]
    return Outcome(
        question=question,
        gold_rank=_gold_rank(question, results, files) if question.answerable else None,
        evidence=evidence if question.answerable else None,
        must_include=answer.answered and all(included) if question.answerable else None,
        answered=answer.answered,
        citations_valid=_citations_valid(answer, library),
        words=len(answer.text.split()),
        ms=answer.timings_ms["total"],
    )


def _gold_rank(question: EvalQuestion, results: Sequence[SearchResult], files: dict[str, str]) -> int | None:
    for result in results:
        if any(
            files[result.document_id] == g.file and _plain(g.contains) in _plain(result.text) for g in question.gold
        ):
            return result.rank
    return None


def _citations_valid(answer: Answer, library: Library) -> bool:
    chunks = library.store.chunks([int(citation.chunk_id) for citation in answer.citations])
    return all(int(c.chunk_id) in chunks and c.quote in chunks[int(c.chunk_id)].text for c in answer.citations)


def _figures(outcomes: Sequence[Outcome]) -> dict[str, object]:
    answerable = [o for o in outcomes if o.question.answerable]
    unanswerable = [o for o in outcomes if not o.question.answerable]

    def hit(cutoff: int) -> float:
        return round(mean([o.gold_rank is not None and o.gold_rank <= cutoff for o in answerable]), 4)

    return {
        "questions": len(outcomes),
        "answerable": len(answerable),
        "unanswerable": len(unanswerable),
        "hit@1": hit(1),
        "hit@3": hit(3),
        "hit@5": hit(5),
        "evidence_in_answer": round(mean([bool(o.evidence) for o in answerable]), 4),
        "must_include": round(mean([bool(o.must_include) for o in answerable]), 4),
        "wrong_refusal": round(mean([not o.answered for o in answerable]), 4),
        "wrong_answer": round(mean([o.answered for o in unanswerable]), 4),
        "citation_valid": round(mean([o.citations_valid for o in outcomes]), 4),
        "median_words": percentile([float(o.words) for o in outcomes if o.answered], 0.5),
        "ms": {
            "p50": round(percentile([o.ms for o in outcomes], 0.5), 1),
            "p95": round(percentile([o.ms for o in outcomes], 0.95), 1),
        },
    }


def _plain(text: str) -> str:
    """Text for comparison: straight quotes, single spaces, lower case."""
    return re.sub(r"\s+", " ", text.translate(_QUOTES)).strip().lower()


def _file_name(location: str) -> str:
    return PurePath(location.split(":", 1)[-1]).stem
