"""Answers in the shape of a passage: the sentence that answers, what it cannot do without, and what supports it."""

import re
from collections.abc import Collection, Sequence
from enum import StrEnum

from knowledge.answering.citations import Quote
from knowledge.answering.evidence import Evidence, ReadChunk, ReadSentence
from knowledge.answering.signals import signals
from knowledge.calibration.gate import GateCalibration, SentenceCalibration
from knowledge.language.words import content_stems

MOST_WORDS = 90
# A list is shown whole, or not at all: half of it misleads.
MOST_WORDS_OF_LIST = 160
# Two questions in one may take a little more, each its share.
MOST_WORDS_OF_PARTS = 120
_ANNOUNCES = re.compile(
    r"\b(?:two|three|four|five|six|seven|several|some|many|various|the following)\s+(?:[\w-]+\s+){0,3}"
    r"(?:things|points|lessons|reasons|ways|problems|challenges|barriers|steps|findings|themes|factors|mistakes|issues)\b",
    re.IGNORECASE,
)
_MOST_ANNOUNCING_WORDS = 14
# Two sentences that share more of the shorter one's words say the same.
_SAME_WORDS = 0.7
# Whom or what these words mean stands in the sentence before.
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|both|each|others?|such|so|but|and|also|however|as a result"
    r"|(?:the|this|that|these|those) (?:scheme|project|programme|work|team|trust|group|approach|results?))\b",
    re.IGNORECASE,
)


class Rule(StrEnum):
    """A step beside reading and judging. A rule stays only while the table shows that it moves something."""

    #: Two questions in one are answered one by one.
    PARTS = "parts"
    #: "What is an ICS?" is answered from the glossary.
    DEFINITIONS = "definitions"
    #: Who, where, which examples, what went wrong: several documents, a line each.
    LISTS = "lists"
    #: Documents that are what the question says (nation, kind, pillar, outcome, level) are read first.
    FILTERS = "filters"
    #: A list's introduction, its items, and the sentence that says whom "they" means.
    CONTEXT = "context"
    #: Further sentences of the passage.
    SUPPORTING = "supporting"
    #: One sentence of another passage.
    ELSEWHERE = "elsewhere"
    #: Another source's figure or date, where it differs.
    DISAGREEMENT = "disagreement"
    #: Eight passages are read first, and twelve more only where these leave doubt.
    EARLY_STOP = "early_stop"
    #: Passages are ranked by the search's score as well as the reader's.
    SEARCH_SCORE = "search_score"


def compose_passage(
    evidence: Evidence,
    sentences: SentenceCalibration,
    gate: GateCalibration,
    most_words: int = MOST_WORDS,
    without: Collection[Rule] = (),
) -> list[Quote]:
    """Return what to quote: from the passage that answers, and at most one sentence from elsewhere.

    Raises:
        ValueError: Nothing was read.
    """
    lead, best = evidence.lead, evidence.sentence
    if lead is None or best is None:
        raise ValueError("nothing was read")
    chosen = _needed(lead.sentences, best) if Rule.CONTEXT not in without else [best]
    if _words(chosen) <= most_words and Rule.SUPPORTING not in without:
        _add_supporting(chosen, evidence, lead, sentences, most_words)
    quotes = [Quote(lead.chunk, tuple(chosen), strong=best)]
    other = None if Rule.ELSEWHERE in without else _from_elsewhere(evidence, gate, chosen, most_words)
    return [*quotes, other] if other is not None else quotes


def _needed(sentences: Sequence[ReadSentence], best: ReadSentence) -> list[ReadSentence]:
    """Return the best sentence with what it cannot do without: a list's introduction, its items, whom "they" means."""
    if best.unit.text.endswith(":"):
        items = [other for other in sentences if other.unit.lead == best.unit.text]
        return [best, *items] if _words(items) <= MOST_WORDS_OF_LIST else [best]
    if best.unit.lead is not None:
        introduction = [other for other in sentences if other.unit.text == best.unit.lead][-1:]
        return [*introduction, best]
    place = sentences.index(best)
    if _announces(best):
        following = [s for s in sentences[place + 1 :] if s.unit.paragraph == best.unit.paragraph]
        return [best, *following] if _words([best, *following]) <= MOST_WORDS else [best, *following[:1]]
    if place and points_back(best.unit.text) and sentences[place - 1].unit.paragraph == best.unit.paragraph:
        return [sentences[place - 1], best]
    return [best]


def _announces(sentence: ReadSentence) -> bool:
    """Return whether a sentence only says that something follows, as "The trust tried three things" does."""
    text = sentence.unit.text
    return len(text.split()) <= _MOST_ANNOUNCING_WORDS and _ANNOUNCES.search(text) is not None and ":" not in text


def _add_supporting(
    chosen: list[ReadSentence],
    evidence: Evidence,
    lead: ReadChunk,
    calibration: SentenceCalibration,
    most_words: int,
) -> None:
    """Add sentences of the passage, the likeliest first, as long as they are likely to help and there is room."""
    likely = {s.unit.start: support(evidence, lead, s, calibration) for s in lead.sentences}
    for sentence in sorted(lead.sentences, key=lambda s: -likely[s.unit.start]):
        if likely[sentence.unit.start] < calibration.show:
            break
        if sentence in chosen or sentence.unit.text.endswith(":"):
            continue
        added = [sentence]
        if sentence.unit.lead is not None and all(sentence.unit.lead != other.unit.text for other in chosen):
            added += [other for other in lead.sentences if other.unit.text == sentence.unit.lead][-1:]
        if _words([*chosen, *added]) <= most_words:
            chosen += added


def _from_elsewhere(
    evidence: Evidence, gate: GateCalibration, chosen: Sequence[ReadSentence], most_words: int
) -> Quote | None:
    """Return the best sentence of the passage that answers next best, while it is not certain that the lead answers."""
    if evidence.lead is None or gate.probability(signals(evidence)) >= gate.certain:
        return None
    # An introduction ("The scheme:") says nothing that another sentence could repeat.
    shown = [content_stems(sentence.unit.text) for sentence in chosen if not sentence.unit.text.endswith(":")]
    others = [read for read in evidence.chunks if read.chunk.id != evidence.lead.chunk.id]
    likely = [gate.probability(signals(evidence.with_lead(read))) for read in others]
    for place in sorted(range(len(others)), key=lambda place: -likely[place]):
        if likely[place] < gate.answer:
            return None
        read = others[place]
        needed = _needed(read.sentences, read.best)
        if _words([*chosen, *needed]) <= most_words and not says_the_same(read.best.unit.text, shown):
            return Quote(read.chunk, tuple(needed))
    return None


def says_the_same(text: str, others: Sequence[frozenset[str]]) -> bool:
    """Return whether a text has most of its words from one of the others, given by their stems."""
    own = content_stems(text)
    return any(len(own & other) > _SAME_WORDS * min(len(own), len(other)) for other in others if own and other)


def _words(sentences: Sequence[ReadSentence]) -> int:
    return sum(len(sentence.unit.text.split()) for sentence in sentences)


def points_back(text: str) -> bool:
    """Return whether a sentence begins with words that are understood from the sentence before."""
    return _POINTS_BACK.match(text) is not None


def known_of(evidence: Evidence, read: ReadChunk, sentence: ReadSentence) -> dict[str, float]:
    """Return what is known of a sentence of the lead: its score, the best one's, and how near they stand.

    Raises:
        ValueError: Nothing was read, or the sentence is not one of the lead.
    """
    best = evidence.sentence
    if best is None:
        raise ValueError("nothing was read")
    places = [other.unit.start for other in read.sentences]
    apart = places.index(sentence.unit.start) - places.index(best.unit.start)
    return {
        "score": sentence.score,
        "answerable": read.answerable,
        "below_best": best.score - sentence.score,
        "next": float(apart == 1),
        "before": float(apart == -1),
        "goes_on": float(apart == 1 and points_back(sentence.unit.text)),
        "same_list": float(sentence.unit.lead is not None and sentence.unit.lead == best.unit.lead),
    }


def support(evidence: Evidence, read: ReadChunk, sentence: ReadSentence, calibration: SentenceCalibration) -> float:
    """Return how likely it is, 0 to 1, that a sentence answers too or helps to understand the one that does."""
    return calibration.probability(known_of(evidence, read, sentence))
