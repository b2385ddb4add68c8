"""What to watch out for: such questions are answered from what did not work, where the library has it.

Whether a sentence warns is told by where it stands (an example that failed, a part about what was hard) and by its
words; whether it is about the question's topic is judged as for any other question, with the topic alone.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from knowledge.answering.candidates import Candidate, CandidateFinder, share_covered
from knowledge.answering.conversation.understanding import Reading
from knowledge.answering.evidence import DEFAULT, Thresholds, Verdict, judge, strength
from knowledge.answering.extractive import Evidence
from knowledge.answering.names import named_things
from knowledge.answering.subject import subject_finder
from knowledge.language.words import is_function_word, stems, words
from knowledge.library import Library
from knowledge.retrieval.fusion import information
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit
from knowledge.storage.arrays import Vectors
from knowledge.types import Chunk, Filters
from knowledge.vocabulary import Outcome

_WRONG = r"(?:go(?:es|ing|ne)?|went) wrong"
_NOT_WORK = r"(?:did|does|has|have)(?: not|n['’]t) (?:work(?:ed)?|go(?:ne)? (?:well|to plan))"
# What asks for warnings, with the words around it that say nothing of the topic. Whose work is asked about is topic:
# "what would the sample council do differently?"
_AROUND = (
    r"(?:what|which|where|how|has|have|had|is|are|was|were|there|anything|something|anyone|anybody|somebody|it|that|they"
    r"|should|would|could|can|do|did|does|might|may|must|need|i|we|you|one|people|others?|most|else|the|any|some|a|main"
    r"|key|biggest|usual|typical|first|all|to|so|and)\s+"
)
_ASKS = re.compile(
    rf"\b(?:{_AROUND})*"
    rf"\b(?:watch out for|look out for|be (?:careful|wary) (?:of|about|with)|beware of|{_WRONG}|{_NOT_WORK}"
    r"|pitfalls?|(?:common )?mistakes?|failures?|failed|downsides?|drawbacks?|do differently|done differently"
    r"|(?:should|to|can|must) (?:we |i |you |one )?avoid)\b(?: (?:when|if|while|with|in|about|for|of|by|at|on))*",
    re.IGNORECASE,
)
_WARNING_PART = re.compile(
    r"different|hard\b|difficult|did not|didn['’]t|challeng|barrier|pitfall|watch out|obstacle|wrong|risk",
    re.IGNORECASE,
)
# Lessons warn, but tell what to do rather than what went wrong.
_LESSONS_PART = re.compile(r"\blessons?\b|\blearn(?:ed|t)\b", re.IGNORECASE)
_WARNING_WORDS = re.compile(
    r"\b(?:but|however|although|despite|fail\w*|did not|didn['’]t|could not|unable|never|stopped|lost|ran out"
    r"|too (?:few|late|small|long|many|much)|late|ended|closed|missing|nobody|not enough|no time|forg[eo]t\w*|stolen"
    r"|broke\w*|differently|wrong|cancel\w*|dropped out|gave up|complain\w*|shortages?"
    r"|hard(?:er)?|difficult\w*|challeng\w*|barriers?|obstacles?|delay\w*"
    r"|avoid\w*|(?<!at )risks?|struggl\w*|lack\w*|underestimat\w*|problems?|mistakes?|resistance|reluctan\w*)\b",
    re.IGNORECASE,
)
_PREFERRED = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
_FAILURES_READ = 6
_CHUNKS_READ = 10
# What failed comes first unless something else speaks much more to the topic.
_FAILED_BONUS = 0.25
_PARTLY_BONUS = 0.1
# An example that failed also says where it was and what was meant; what went wrong is told by its warnings, and a part
# called "What did not work" says so more surely than a word.
_PART_BONUS = 0.25
_WORDS_BONUS = 0.15
# What a chunk is about counts nearly as much for its warnings as their own words.
_ABOUT_SHARE = 0.8


def caution_topic(question: str) -> str | None:
    """What a question wants to be warned about: its words without those that ask for a warning.

    `None` if it does not ask for one, or for nothing in particular.
    """
    if not _ASKS.search(question):
        return None
    topic = " ".join(_ASKS.sub(" ", question).split()).strip(" ?.!,")
    return topic if any(not is_function_word(word) for word in words(topic)) else None


def caution_evidence(
    library: Library, finder: CandidateFinder, reading: Reading, thresholds: Thresholds = DEFAULT
) -> Evidence | None:
    """Evidence that warns about the question's topic, what did not work first; `None` if it asks for no warning.

    None either where the library has no such evidence, or where only some documents may answer: then it is answered
    like any other question.
    """
    topic = caution_topic(reading.text)
    if topic is None or reading.chunks is not None:
        return None
    searcher = library.searcher
    query = searcher.read(topic)
    # Of a bare name ("what went wrong at ...?") hardly a warning is near by meaning: that one is asked for counts too.
    vector = searcher.embed(query) + searcher.embed(searcher.read(reading.text))
    vector /= np.linalg.norm(vector)
    found = _found(library, query, vector)
    weights = information(library.store.document_frequencies(query.terms), library.index.size)
    asked = dict(zip(stems(list(weights)), weights.values(), strict=True))
    nearness = {hit.chunk_id: hit.cosine for hit, _ in found}
    candidates = [
        _of_its_chunk(c, asked, nearness[c.chunk.id])
        for c in finder.candidates(query.meaning, vector, found, weights, query.names)
        if warns(c) and reading.allows(c.unit.text)
    ]
    named = named_things(query, [chunk.text for _, chunk in found])
    verdict = judge(candidates, named, subject_finder(library.store), thresholds=thresholds)
    if verdict.refusal is not None:
        return None
    chunks = [chunk for _, chunk in found]
    return Evidence(reading.text, " ".join(query.terms), failures_first(verdict), chunks, candidates, tuple(named))


def warns(candidate: Candidate) -> bool:
    """Whether a sentence warns: of an example that failed, in a part about what was hard, or by its words."""
    return candidate.chunk.metadata.outcome is Outcome.DID_NOT_WORK or _warns_itself(candidate) > 0


def _warns_itself(candidate: Candidate) -> float:
    """How plainly a sentence warns by where it stands or by its words, whatever became of its example; 0 for not."""
    if any(_WARNING_PART.search(heading) for heading in candidate.chunk.heading_path):
        return _PART_BONUS
    in_lessons = any(_LESSONS_PART.search(heading) for heading in candidate.chunk.heading_path)
    return _WORDS_BONUS * (in_lessons or _WARNING_WORDS.search(candidate.unit.text) is not None)


def _of_its_chunk(candidate: Candidate, asked: Mapping[str, float], nearness: float) -> Candidate:
    """The candidate, with what its chunk says of the topic counted for it: a warning seldom says it again.

    `asked` weighs the topic's stems; `nearness` is the chunk's similarity to the question.
    """
    chunk = candidate.chunk
    around = " ".join(
        filter(None, [chunk.metadata.title, chunk.metadata.organisation, *chunk.heading_path, chunk.text])
    )
    about = _ABOUT_SHARE * share_covered(asked, around) + (1 - _ABOUT_SHARE) * candidate.overlap
    near = (candidate.cosine + nearness) / 2
    return replace(candidate, overlap=max(candidate.overlap, about), cosine=max(candidate.cosine, near))


def failures_first(verdict: Verdict) -> Verdict:
    """The verdict with what failed before the rest, unless the rest speaks much more to the topic."""
    # Where a document has a part about what was hard, or plain warnings, its other sentences only lead up to them. One
    # about a failure warns throughout: there what the words say is as good as the part.
    plainest: dict[str, float] = {}
    for c in verdict.eligible:
        most = _WORDS_BONUS if c.chunk.metadata.outcome is Outcome.DID_NOT_WORK else _PART_BONUS
        plainest[c.chunk.document_id] = max(plainest.get(c.chunk.document_id, 0.0), min(most, _warns_itself(c)))
    eligible = [c for c in verdict.eligible if _warns_itself(c) >= plainest[c.chunk.document_id]]
    return replace(verdict, eligible=tuple(sorted(eligible, key=_preference, reverse=True)))


def _preference(candidate: Candidate) -> float:
    outcome = candidate.chunk.metadata.outcome
    bonus = {Outcome.DID_NOT_WORK: _FAILED_BONUS, Outcome.PARTLY: _PARTLY_BONUS}.get(outcome, 0.0) if outcome else 0.0
    return strength(candidate) + bonus + _warns_itself(candidate)


def _found(library: Library, query: Query, vector: Vectors) -> Sequence[tuple[Hit, Chunk]]:
    """The chunks nearest to the topic, with those of what did not work however far down they are."""
    searcher = library.searcher
    found = {hit.chunk_id: (hit, chunk) for hit, chunk in searcher.found(query, vector, _CHUNKS_READ)}
    for outcome in _PREFERRED:
        for hit, chunk in searcher.found(query, vector, _FAILURES_READ, Filters(outcome=outcome)):
            found.setdefault(hit.chunk_id, (hit, chunk))
    return list(found.values())
