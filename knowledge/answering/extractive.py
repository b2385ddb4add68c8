"""An answer made of the best sentences of the best chunks, each quoted and cited. No language model."""

from collections.abc import Sequence

from knowledge.answering.candidates import Candidate
from knowledge.answering.citations import cite
from knowledge.answering.evidence import Verdict, strength
from knowledge.answering.wording import refusal_reason, refusal_text
from knowledge.types import Answer, Chunk, NearDocument, Sentence

MOST_SENTENCES = 4
MOST_WORDS = 90
MOST_NEAREST = 3
# A sentence that speaks much less to the question than the first one is padding.
_SUPPORTING_SHARE = 0.7


def choose(eligible: Sequence[Candidate]) -> list[Candidate]:
    """The point first, then what supports it: same document before others, in reading order."""
    lead, chosen = eligible[0], [eligible[0]]
    length = len(lead.unit.text.split())
    for candidate in eligible[1:]:
        words = len(candidate.unit.text.split())
        if len(chosen) == MOST_SENTENCES or strength(candidate) < _SUPPORTING_SHARE * strength(lead):
            break
        if length + words > MOST_WORDS or any(_says_the_same(candidate, other) for other in chosen):
            continue
        chosen.append(candidate)
        length += words
    rest = sorted(
        chosen[1:],
        key=lambda c: (
            c.chunk.document_id != lead.chunk.document_id,
            c.rank if c.chunk.document_id != lead.chunk.document_id else 0,
            c.chunk.document_id,
            c.chunk.ordinal,
            c.unit.start,
        ),
    )
    return [lead, *rest]


def answer_from(question: str, verdict: Verdict, found: Sequence[Chunk]) -> Answer:
    """The answer that a verdict allows; `found` are the chunks that search returned, best first."""
    nearest = nearest_documents(found)
    if verdict.refusal is not None:
        instead = verdict.instead.chunk.metadata.title if verdict.instead else None
        reason = refusal_reason(verdict.refusal, verdict.missing, instead)
        titles = [near.title for near in nearest]
        return Answer(
            question=question,
            answered=False,
            text=refusal_text(reason, titles),
            nearest=nearest,
            reason=reason,
        )
    return quoted_answer(question, choose(verdict.eligible), nearest)


def quoted_answer(question: str, chosen: Sequence[Candidate], nearest: Sequence[NearDocument] = ()) -> Answer:
    """The answer that is made of these sentences, in this order, each cited."""
    citations = tuple(cite(n, candidate) for n, candidate in enumerate(chosen, start=1))
    sentences = tuple(
        Sentence(text=_shown(candidate), citations=(citation.n,))
        for candidate, citation in zip(chosen, citations, strict=True)
    )
    text = "\n\n".join(f"{sentence.text} [{sentence.citations[0]}]" for sentence in sentences)
    return Answer(
        question=question, answered=True, text=text, sentences=sentences, citations=citations, nearest=tuple(nearest)
    )


def nearest_documents(found: Sequence[Chunk]) -> tuple[NearDocument, ...]:
    """The first distinct documents of a ranking."""
    documents = {
        chunk.document_id: NearDocument(
            document_id=chunk.document_id, title=chunk.metadata.title, url=chunk.metadata.url
        )
        for chunk in reversed(found)
    }
    return tuple(documents.values())[::-1][:MOST_NEAREST]


def _shown(candidate: Candidate) -> str:
    """The unit as a sentence; a list item that only continues its introduction is shown with it."""
    unit = candidate.unit
    if unit.lead and (unit.text[0].islower() or len(unit.text.split()) < 12):
        return f"{unit.lead} {unit.text}"
    return unit.text


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether two units share most of their words."""
    mine, theirs = set(one.unit.text.lower().split()), set(other.unit.text.lower().split())
    return len(mine & theirs) > 0.7 * min(len(mine), len(theirs))
