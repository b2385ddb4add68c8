"""An answer made of the best sentences of the best chunks, each quoted and cited. No language model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.answering.candidates import Candidate
from knowledge.answering.citations import cite
from knowledge.answering.dates import disagreeing
from knowledge.answering.evidence import Verdict, strength
from knowledge.answering.names import Named
from knowledge.answering.shapes import announces, is_row
from knowledge.answering.wording import DATES_DISAGREE, answer_text, refusal_reason, refusal_text, unanswered_parts
from knowledge.language.dates import asks_for_date
from knowledge.language.words import stems, words
from knowledge.types import Answer, Chunk, Citation, NearDocument, Sentence
from knowledge.vocabulary import Kind

MOST_SENTENCES = 4
MOST_WORDS = 90
# Two questions in one may take a little more.
MOST_WORDS_OF_PARTS = 120
MOST_NEAREST = 3
# A sentence that speaks much less to the question than the first one is padding.
_SUPPORTING_SHARE = 0.6
# The sentence after the best one usually goes on with it. It is shown while the two are short,
# and where it is not about another thing.
_MOST_WORDS_WITH_NEXT = 60
_NEXT_COSINE = 0.2
# A second sentence of a document that speaks as much to the question as this may well be the one that was meant.
_AS_STRONG_SHARE = 0.9
_ASKS_FOR_SEVERAL = re.compile(
    r"^(?:(?:and|so|but) )?(?:who(?:'s|’s| is| are| has| have| else| does| did)?\b(?!.*\b(?:led|leads|chair|said)\b)"
    r"|which (?:other )?(?:organisations|trusts|councils|boards|teams|places|members|partners|universities|charities)\b"
    r"|(?:has|have|is|are) any(?:one|body| other)\b)|\b(?:any|some|give me|good) examples?\b|\bexamples of\b"
    r"|\bcase stud(?:y|ies)\b",
    re.IGNORECASE,
)
# In documents of these kinds the organisation is what they are about, in others only who published them.
_ABOUT_THEIR_ORGANISATION = frozenset({Kind.CASE_STUDY, Kind.EVENT, Kind.EXAMPLE})


@dataclass(frozen=True)
class Evidence:
    """What was found for a question, or for one part of it.

    `sought` are the words searched for; `chunks` what search returned, best first; `candidates` every quotable unit;
    `named` what the question names.
    """

    question: str
    sought: str
    verdict: Verdict
    chunks: Sequence[Chunk]
    candidates: Sequence[Candidate]
    named: Sequence[Named] = ()


def answer_from(question: str, parts: Sequence[Evidence]) -> Answer:
    """The answer that the evidence allows, to a question of one or more parts; parts without any are named."""
    supported = [part for part in parts if part.verdict.refusal is None]
    nearest = nearest_documents([chunk for part in parts for chunk in part.chunks])
    if not supported:
        return _refusal(question, parts[0], nearest)
    most = MOST_SENTENCES if len(parts) == 1 else 2
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for part in supported:
        chosen = choose(part, most, MOST_WORDS if len(parts) == 1 else MOST_WORDS_OF_PARTS // len(parts))
        numbers = [_numbered(citations, candidate) for candidate in chosen]
        sentences += [
            Sentence(text=shown(candidate), citations=(n,))
            for candidate, n in zip(chosen, numbers, strict=True)
            if not any(n in sentence.citations for sentence in sentences)
        ]
        other = disagreeing(chosen[0], chosen[1:]) if asks_for_date(part.question) else None
        if other is not None:
            sentences.append(Sentence(text=DATES_DISAGREE, citations=(numbers[0], numbers[chosen.index(other)])))
    note = unanswered_parts([part.question for part in parts if part.verdict.refusal is not None])
    return Answer(
        question=question,
        answered=True,
        text=answer_text(sentences, note),
        sentences=tuple(sentences),
        citations=tuple(citations),
        nearest=nearest,
        note=note,
    )


def quoted_answer(question: str, chosen: Sequence[Candidate], nearest: Sequence[NearDocument] = ()) -> Answer:
    """The answer that is made of these sentences, in this order, each cited."""
    citations = tuple(cite(n, candidate) for n, candidate in enumerate(chosen, start=1))
    sentences = tuple(
        Sentence(text=shown(candidate), citations=(citation.n,))
        for candidate, citation in zip(chosen, citations, strict=True)
    )
    return Answer(
        question=question,
        answered=True,
        text=answer_text(sentences, None),
        sentences=sentences,
        citations=citations,
        nearest=tuple(nearest),
    )


def choose(part: Evidence, most: int = MOST_SENTENCES, most_words: int = MOST_WORDS) -> list[Candidate]:
    """The point first, then what supports it: same document before others, in reading order."""
    eligible = part.verdict.eligible
    lead, chosen = eligible[0], [eligible[0]]
    several = bool(_ASKS_FOR_SEVERAL.search(part.question))
    sought = set(stems(words(part.sought)))

    def asked(candidate: Candidate) -> set[str]:
        return sought & set(stems(words(candidate.unit.text)))

    def fits(candidate: Candidate, limit: int) -> bool:
        length = sum(len(shown(other).split()) for other in [*chosen, candidate])
        return len(chosen) < most and length <= limit

    def repeats(candidate: Candidate) -> bool:
        # That several organisations do the same is what is asked for there; rows are alike by their columns' names.
        return not several and not is_row(candidate.chunk) and any(_says_the_same(candidate, other) for other in chosen)

    for candidate in part.verdict.one_of_each:
        if candidate not in chosen and fits(candidate, most_words) and not repeats(candidate):
            chosen.append(candidate)
    if asks_for_date(part.question):
        other = disagreeing(lead, eligible[1:])
        if other is not None and fits(other, most_words):
            chosen.append(other)
    if announces(lead.unit):
        following = _next(lead, part.candidates)
        while following and fits(following, most_words):
            chosen.append(following)
            following = _next(following, part.candidates)
    elif not several and len(chosen) == 1 and most == MOST_SENTENCES and not is_row(lead.chunk):
        following = _next(lead, part.candidates)
        if (
            following
            and following.cosine >= _NEXT_COSINE
            and fits(following, _MOST_WORDS_WITH_NEXT)
            and not repeats(following)
        ):
            chosen.append(following)
    for candidate in eligible[1:]:
        if strength(candidate) < _SUPPORTING_SHARE * strength(lead):
            break
        known = several and any(candidate.chunk.document_id == other.chunk.document_id for other in chosen)
        known = known and strength(candidate) < _AS_STRONG_SHARE * strength(lead)
        if is_row(candidate.chunk) and not asked(candidate) >= asked(lead):
            continue  # rows share their columns' names: another one belongs here where it says all that is asked
        if not known and candidate not in chosen and fits(candidate, most_words) and not repeats(candidate):
            chosen.append(candidate)
    rest = sorted(chosen[1:], key=lambda candidate: _reading_order(candidate, lead))
    return [lead, *rest]


def nearest_documents(found: Sequence[Chunk]) -> tuple[NearDocument, ...]:
    """The first distinct documents of a ranking."""
    documents = {
        chunk.document_id: NearDocument(
            document_id=chunk.document_id, title=chunk.metadata.title, url=chunk.metadata.url
        )
        for chunk in reversed(found)
    }
    return tuple(documents.values())[::-1][:MOST_NEAREST]


def shown(candidate: Candidate) -> str:
    """The unit as a sentence; a list item that only continues its introduction is shown with it."""
    unit = candidate.unit
    if unit.lead and (unit.text[0].islower() or len(unit.text.split()) < 12):
        return f"{unit.lead} {unit.text}"
    return unit.text


def _refusal(question: str, part: Evidence, nearest: tuple[NearDocument, ...]) -> Answer:
    """Why there is no answer. Evidence about something else than what was named is shown as just that."""
    verdict = part.verdict
    if verdict.refusal is None:
        raise ValueError("a supported part is no refusal")
    instead, about = verdict.instead, None
    if instead is not None:
        chunk = instead.chunk
        near = NearDocument(
            document_id=chunk.document_id, title=chunk.metadata.title, url=chunk.metadata.url, quote=instead.unit.text
        )
        others = tuple(other for other in nearest if other.document_id != chunk.document_id)
        nearest = (near, *others)[:MOST_NEAREST]
        about = chunk.metadata.organisation
        if about and chunk.metadata.kind not in _ABOUT_THEIR_ORGANISATION and about not in instead.unit.text:
            about = None
    reason = refusal_reason(verdict.refusal, verdict.missing, about)
    text = refusal_text(reason, part.sought, nearest)
    return Answer(question=question, answered=False, text=text, nearest=nearest, reason=reason)


def _numbered(citations: list[Citation], candidate: Candidate) -> int:
    """The number of the candidate's citation, which is added where it is not among them yet."""
    for citation in citations:
        if citation.chunk_id == str(candidate.chunk.id) and citation.quote == candidate.unit.text:
            return citation.n
    citations.append(cite(len(citations) + 1, candidate))
    return len(citations)


def _reading_order(candidate: Candidate, lead: Candidate) -> tuple[bool, int, str, int, int]:
    elsewhere = candidate.chunk.document_id != lead.chunk.document_id
    chunk = candidate.chunk
    return (elsewhere, candidate.rank if elsewhere else 0, chunk.document_id, chunk.ordinal, candidate.unit.start)


def _next(candidate: Candidate, candidates: Sequence[Candidate]) -> Candidate | None:
    """The candidate's next one in the same chunk."""
    later = [c for c in candidates if c.chunk.id == candidate.chunk.id and c.unit.start > candidate.unit.start]
    return min(later, key=lambda c: c.unit.start, default=None)


def _says_the_same(one: Candidate, other: Candidate) -> bool:
    """Whether two units share most of their words."""
    mine, theirs = set(one.unit.text.lower().split()), set(other.unit.text.lower().split())
    return len(mine & theirs) > 0.7 * min(len(mine), len(theirs))
