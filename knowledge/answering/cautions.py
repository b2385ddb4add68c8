"""What to watch out for: such questions are answered from what did not work, where the library has it.

Whether a sentence warns is told by where it stands (an example that failed, a part about what was hard) and by its
words; whether it is about the question's topic is judged as for any other question, with the topic alone.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from knowledge.answering.candidates import Candidate, CandidateFinder
from knowledge.answering.conversation.understanding import Reading
from knowledge.answering.evidence import DEFAULT, Thresholds, Verdict, judge, strength
from knowledge.answering.extractive import Evidence
from knowledge.answering.names import named_things
from knowledge.answering.subject import subject_finder
from knowledge.library import Library
from knowledge.retrieval.fusion import information
from knowledge.retrieval.query import Query
from knowledge.retrieval.search import Hit
from knowledge.retrieval.terms import is_function_word, words
from knowledge.storage.arrays import Vectors
from knowledge.types import Chunk, Filters
from knowledge.vocabulary import Outcome

_WRONG = r"(?:go(?:es|ing|ne)?|went) wrong"
_NOT_WORK = r"(?:did|does|has|have)(?: not|n['’]t) (?:work(?:ed)?|go(?:ne)? (?:well|to plan))"
# What asks for warnings, with the words around it that say nothing of the topic.
_ASKS = re.compile(
    r"\b(?:what|which|where|anything|something|is there anything)?\b[\w\s'’]{0,40}?"
    rf"\b(?:watch out for|look out for|be (?:careful|wary) (?:of|about|with)|beware of|{_WRONG}|{_NOT_WORK}"
    r"|pitfalls?|(?:common )?mistakes?|failures?|failed|downsides?|drawbacks?|do differently|done differently"
    r"|(?:should|to|can|must) (?:we |i |you |one )?avoid)\b(?: (?:when|if|while|with|in|about|for|of|by|at|on))*",
    re.IGNORECASE,
)
_WARNING_PART = re.compile(
    r"different|hard\b|difficult|did not|didn['’]t|challeng|barrier|pitfall|watch out|obstacle|wrong|risk",
    re.IGNORECASE,
)
_WARNING_WORDS = re.compile(
    r"\b(?:but|however|although|despite|fail\w*|did not|didn['’]t|could not|unable|never|stopped|lost|ran out"
    r"|too (?:few|late|small|long|many|much)|hard(?:er)?|difficult\w*|challeng\w*|barriers?|obstacles?|delay\w*"
    r"|avoid\w*|(?<!at )risks?|struggl\w*|lack\w*|underestimat\w*|problems?|mistakes?|resistance|reluctan\w*)\b",
    re.IGNORECASE,
)
_PREFERRED = (Outcome.DID_NOT_WORK, Outcome.PARTLY)
_FAILURES_READ = 6
_CHUNKS_READ = 10
# What failed comes first unless something else speaks much more to the topic.
_FAILED_BONUS = 0.25
_PARTLY_BONUS = 0.1


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
    vector = searcher.embed(query)
    found = _found(library, query, vector)
    weights = information(library.store.document_frequencies(query.terms), library.index.size)
    candidates = [
        c for c in finder.candidates(query.meaning, vector, found, weights) if warns(c) and reading.allows(c.unit.text)
    ]
    named = named_things(query, [chunk.text for _, chunk in found])
    verdict = judge(candidates, named, subject_finder(library.store), thresholds=thresholds)
    if verdict.refusal is not None:
        return None
    chunks = [chunk for _, chunk in found]
    return Evidence(reading.text, " ".join(query.terms), failures_first(verdict), chunks, candidates, tuple(named))


def warns(candidate: Candidate) -> bool:
    """Whether a sentence warns: of an example that failed, in a part about what was hard, or by its words."""
    chunk = candidate.chunk
    if chunk.metadata.outcome is Outcome.DID_NOT_WORK:
        return True
    return bool(
        any(_WARNING_PART.search(heading) for heading in chunk.heading_path)
        or _WARNING_WORDS.search(candidate.unit.text)
    )


def failures_first(verdict: Verdict) -> Verdict:
    """The verdict with what failed before the rest, unless the rest speaks much more to the topic."""
    return replace(verdict, eligible=tuple(sorted(verdict.eligible, key=_preference, reverse=True)))


def _preference(candidate: Candidate) -> float:
    outcome = candidate.chunk.metadata.outcome
    bonus = {Outcome.DID_NOT_WORK: _FAILED_BONUS, Outcome.PARTLY: _PARTLY_BONUS}.get(outcome, 0.0) if outcome else 0.0
    return strength(candidate) + bonus


def _found(library: Library, query: Query, vector: Vectors) -> Sequence[tuple[Hit, Chunk]]:
    """The chunks nearest to the topic, with those of what did not work however far down they are."""
    searcher = library.searcher
    found = {hit.chunk_id: (hit, chunk) for hit, chunk in searcher.found(query, vector, _CHUNKS_READ)}
    for outcome in _PREFERRED:
        for hit, chunk in searcher.found(query, vector, _FAILURES_READ, Filters(outcome=outcome)):
            found.setdefault(hit.chunk_id, (hit, chunk))
    return list(found.values())
