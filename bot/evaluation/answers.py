"""`haln eval answers`: quality of answers on a question set, against the indexed library."""

from collections.abc import Sequence

from bot.evaluation.metrics import mean, percentile
from bot.evaluation.questions import EvalQuestion, file_name, is_gold, plain
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.assistant import Assistant
from knowledge.domain.library import Answer, Noun, SearchResult
from knowledge.library import Library


class AnswerOutcome(Noun):
    """The measures of one question. Figures that do not apply to it are `None`.

    `sentences` is how many library sentences are shown, `fitting` how many of them answer or belong in the answer.
    """

    question: EvalQuestion
    gold_rank: int | None
    evidence: bool | None
    evidence_in_lead: bool | None
    must_include: bool | None
    answered: bool
    shape: str | None
    sentences: int
    fitting: int | None
    citations_valid: bool
    words: int
    ms: float


def evaluate_answers(
    questions: Sequence[EvalQuestion], library: Library, pipeline: AnswerPipeline | None = None
) -> tuple[dict[str, object], list[AnswerOutcome]]:
    """Return the figures of the contract, overall and by style, and what was measured of each question."""
    assistant = Assistant(library, log_questions=False, pipeline=pipeline)
    files = {entry.id: file_name(entry.location) for entry in library.store.each_document()}
    assistant.warm_up()
    outcomes = [_measure(question, assistant, library, files) for question in questions]
    styles = sorted({question.style for question in questions})
    figures: dict[str, object] = {
        **_figures(outcomes),
        "styles": {style: _figures([o for o in outcomes if o.question.style == style]) for style in styles},
    }
    return figures, outcomes


def _measure(question: EvalQuestion, assistant: Assistant, library: Library, files: dict[str, str]) -> AnswerOutcome:
    results = assistant.search(question.question, 10).results
    answer = assistant.ask(question.question)
    text = plain(answer.text)
    quotes = [(files.get(c.document_id, ""), plain(c.quote)) for c in answer.citations]
    needed = question.gold_all or question.gold
    held = [any(g.file == file and plain(g.contains) in quote for file, quote in quotes) for g in needed]
    evidence = answer.answered and (all(held) if question.gold_all else any(held))
    lead = answer.answered and any(
        g.file == file and plain(g.contains) in quote for g in question.gold for file, quote in quotes[:1]
    )
    included = [any(plain(part) in text for part in key.split("|")) for key in question.answer_must_include]
    judged = question.answerable and answer.answered and question.also is not None
    return AnswerOutcome(
        question=question,
        gold_rank=_gold_rank(question, results, files) if question.answerable else None,
        evidence=evidence if question.answerable else None,
        evidence_in_lead=lead if question.answerable else None,
        must_include=answer.answered and all(included) if question.answerable else None,
        answered=answer.answered,
        shape=answer.shape if answer.answered else None,
        sentences=len(answer.sentences),
        fitting=_fitting(question, answer, files) if judged else None,
        citations_valid=_citations_valid(answer, library),
        words=sum(len(sentence.text.split()) for sentence in answer.sentences),
        ms=answer.timings_ms["total"],
    )


def _fitting(question: EvalQuestion, answer: Answer, files: dict[str, str]) -> int:
    """Return how many sentences answer or belong in the answer; an introduction of a list belongs to its items."""
    cited = {citation.n: files.get(citation.document_id, "") for citation in answer.citations}
    fits = [is_gold(question, cited.get(s.citations[0], ""), s.text, also=True) for s in answer.sentences]
    for place, sentence in enumerate(answer.sentences[:-1]):
        fits[place] = fits[place] or (sentence.text.endswith(":") and fits[place + 1])
    return sum(fits)


def _gold_rank(question: EvalQuestion, results: Sequence[SearchResult], files: dict[str, str]) -> int | None:
    for result in results:
        if is_gold(question, files[result.document_id], result.text):
            return result.rank
    return None


def _citations_valid(answer: Answer, library: Library) -> bool:
    chunks = library.store.chunks([int(citation.chunk_id) for citation in answer.citations])
    return all(int(c.chunk_id) in chunks and c.quote in chunks[int(c.chunk_id)].text for c in answer.citations)


def _figures(outcomes: Sequence[AnswerOutcome]) -> dict[str, object]:
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
        "evidence_in_lead": round(mean([bool(o.evidence_in_lead) for o in answerable]), 4),
        "must_include": round(mean([bool(o.must_include) for o in answerable]), 4),
        "wrong_refusal": round(mean([not o.answered for o in answerable]), 4),
        "wrong_answer": round(mean([o.answered for o in unanswerable]), 4),
        "sentence_precision": _precision(outcomes),
        "citation_valid": round(mean([o.citations_valid for o in outcomes]), 4),
        "median_words": percentile([float(o.words) for o in outcomes if o.answered], 0.5),
        "ms": {
            "p50": round(percentile([o.ms for o in outcomes], 0.5), 1),
            "p95": round(percentile([o.ms for o in outcomes], 0.95), 1),
        },
    }


def _precision(outcomes: Sequence[AnswerOutcome]) -> float | None:
    """Return the share of shown sentences that fit, over answered questions whose set says which do."""
    judged = [o for o in outcomes if o.fitting is not None]
    shown = sum(o.sentences for o in judged)
    return round(sum(o.fitting or 0 for o in judged) / shown, 4) if shown else None
