"""Refusals, for questions that the library does not answer: the closest passage, or where to look."""

from collections.abc import Sequence

from knowledge.answering.citations import cited
from knowledge.answering.compose import compose_passage
from knowledge.answering.evidence import Evidence
from knowledge.answering.gate import Decision, Missing, Verdict
from knowledge.answering.signals import share_covered
from knowledge.answering.wording import closest_text, refusal_reason, refusal_text
from knowledge.calibration.gate import GateCalibration, SentenceCalibration
from knowledge.domain.library import Answer, Chunk, NearDocument
from knowledge.domain.vocabulary import Kind
from knowledge.language.words import stems, words

MOST_NEAREST = 3
# The closest passage is shown in short: it does not answer.
_MOST_CLOSEST_WORDS = 60
# In documents of these kinds the organisation is what they are about, in others only who published them.
_ABOUT_THEIR_ORGANISATION = frozenset({Kind.CASE_STUDY, Kind.EVENT, Kind.EXAMPLE})


def refused(
    question: str, evidence: Evidence, verdict: Verdict, sentences: SentenceCalibration, gate: GateCalibration
) -> Answer:
    """Return the answer that says that there is none, why, and what comes nearest."""
    found = [*(read.chunk for read in evidence.chunks), *evidence.found]
    if verdict.missing is Missing.NAME:
        found.sort(key=lambda chunk: -_share_named(chunk, verdict.names))
    nearest = nearest_documents(found)
    # Of what is shown: the closest passage, or the first that is named.
    lead = evidence.lead.chunk if evidence.lead is not None else None
    shown_first = lead if verdict.outcome is Decision.CLOSEST or lead is None else found[0]
    about = _about(shown_first) if verdict.missing is Missing.NAME and shown_first is not None else None
    reason = refusal_reason(verdict.missing, verdict.names, about)
    answer = Answer(
        question=question,
        answered=False,
        text="",
        nearest=nearest,
        reason=reason,
        missing=verdict.missing.value if verdict.missing in {Missing.NAME, Missing.KIND} else None,
        confidence=verdict.probability,
    )
    if verdict.outcome is not Decision.CLOSEST:
        return answer.model_copy(update={"text": refusal_text(reason, nearest)})
    shown, citations = cited(compose_passage(evidence, sentences, gate, _MOST_CLOSEST_WORDS)[:1])
    text = closest_text(reason, shown)
    return answer.model_copy(update={"text": text, "sentences": shown, "citations": citations, "closest": True})


def nearest_documents(found: Sequence[Chunk]) -> tuple[NearDocument, ...]:
    """Return the first distinct documents of a ranking."""
    documents: dict[str, NearDocument] = {}
    for chunk in found:
        near = NearDocument(document_id=chunk.document_id, title=chunk.metadata.title, url=chunk.metadata.url)
        documents.setdefault(chunk.document_id, near)
    return tuple(documents.values())[:MOST_NEAREST]


def _share_named(chunk: Chunk, names: Sequence[str]) -> float:
    """Return the share, 0 to 1, of the names' words that a passage has: much of a name is nearer than none of it."""
    asked = dict.fromkeys(stems(words(" ".join(names))), 1.0)
    return share_covered(asked, " ".join([chunk.metadata.title, *chunk.heading_path, chunk.text]))


def _about(chunk: Chunk) -> str | None:
    """Return whom a passage is about, where that is sure."""
    metadata = chunk.metadata
    if metadata.organisation is None or metadata.kind not in _ABOUT_THEIR_ORGANISATION:
        return None
    return metadata.organisation.replace("; ", " and ")
