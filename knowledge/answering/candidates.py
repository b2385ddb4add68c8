"""Every sentence of the best chunks with the signals by which it can be chosen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import Stemmer

from knowledge.answering.actors import acting
from knowledge.answering.answer_type import counter, fits_answer_type
from knowledge.language.sentences import Unit, split_units
from knowledge.language.stop_words import NAME_JOINERS as SMALL_WORDS
from knowledge.language.words import words
from knowledge.retrieval.embedder import Embedder
from knowledge.retrieval.search import Hit
from knowledge.storage.arrays import Vectors
from knowledge.types import Chunk

# A shorter unit is a label or a fragment, no evidence of anything.
_SHORTEST_UNIT_WORDS = 4
# "These include:" does not say what a list of names is of.
_SHORTEST_LEAD_WORDS = 4
# "It is run by volunteers": what it is stands in the sentence before, whose words count nearly as much as its own.
_POINTS_BACK = re.compile(
    r"(?:it|its|they|their|he|his|she|her|this|these|those|both|each"
    r"|(?:the|this|that) (?:scheme|project|programme|work))\b",
    re.IGNORECASE,
)
_BEFORE_SHARE = 0.8


@dataclass(frozen=True)
class Candidate:
    """A quotable unit of a chunk that search found.

    `rank` is the chunk's, from 0. `cosine` is the unit's similarity to the question, read with its headings.
    `overlap` is the share, 0 to 1, of the question's information that its words hold. `fits_type` says whether it holds
    the sort of thing that is asked for; `direct`, that it gives the number of the very things that the question counts,
    or says who does the very thing that it asks after.
    """

    chunk: Chunk
    rank: int
    unit: Unit
    cosine: float
    overlap: float
    fits_type: bool
    direct: bool = False


def stems(text_words: Sequence[str]) -> list[str]:
    """The words without their endings, as compared between question and evidence."""
    # A stemmer of its own for each call: they are cheap to make and not safe to share between threads.
    stemmer = Stemmer.Stemmer("english")
    return [str(stem) for stem in stemmer.stemWords([word.replace("'s", "") for word in text_words])]


class CandidateFinder:
    """Scores the units of chunks against a question. Safe to use from several threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def candidates(
        self,
        question: str,
        vector: Vectors,
        found: Sequence[tuple[Hit, Chunk]],
        information: dict[str, float],
        names: Mapping[str, str] = MappingProxyType({}),
    ) -> list[Candidate]:
        """The quotable units of the chunks, in order. `information` weighs the question's terms (IDF).

        `names` are acronyms by the long forms that they stand for: either counts for both.
        """
        units = [
            (rank, chunk, before, unit)
            for rank, (_, chunk) in enumerate(found)
            for before, unit in _with_before(split_units(chunk.text))
            if len(words(unit.text)) >= _SHORTEST_UNIT_WORDS and not _only_introduces(unit)
        ]
        if not units:
            return []
        vectors = self._embedder.embed_documents([_in_context(chunk, unit) for _, chunk, _, unit in units])
        cosines = np.asarray(vectors @ vector, dtype=float)
        asked = dict(zip(stems(list(information)), information.values(), strict=True))
        same = [(frozenset(stems(words(long))), frozenset(stems([short.lower()]))) for long, short in names.items()]
        acts = acting(question, stems)
        direct = acts or counter(question, stems) or (lambda _: False)
        return [
            Candidate(
                chunk=chunk,
                rank=rank,
                unit=unit,
                cosine=float(cosine),
                overlap=_overlap(asked, before, unit, same),
                fits_type=fits_answer_type(question, unit.text) or (acts is not None and acts(unit.text)),
                direct=direct(unit.text),
            )
            for (rank, chunk, before, unit), cosine in zip(units, cosines, strict=True)
        ]


def share_covered(
    asked: Mapping[str, float], text: str, same: Sequence[tuple[frozenset[str], frozenset[str]]] = ()
) -> float:
    """The share, 0 to 1, of the asked stems' information that a text holds.

    Of two sets of stems that are the `same`, each stands for the other.
    """
    total = sum(asked.values())
    if total <= 0:
        return 0.0
    present = set(stems(words(text)))
    for one, other in same:
        if one <= present or other <= present:
            present |= one | other
    return sum(weight for stem, weight in asked.items() if stem in present) / total


def _with_before(units: Sequence[Unit]) -> Iterator[tuple[str, Unit]]:
    """Each unit with what it needs to be understood: its list's introduction, or the sentence that it goes on from."""
    for before, unit in zip([None, *units], units, strict=False):
        goes_on = before is not None and _POINTS_BACK.match(unit.text) is not None
        yield unit.lead or (before.text if before and goes_on else ""), unit


def _overlap(
    asked: dict[str, float], before: str, unit: Unit, same: Sequence[tuple[frozenset[str], frozenset[str]]]
) -> float:
    """As `share_covered` for a unit; words that only stand in the text before it count less."""
    own = share_covered(asked, unit.text, same)
    both = share_covered(asked, f"{before} {unit.text}", same) if before else own
    return own + _BEFORE_SHARE * (both - own)


def _only_introduces(unit: Unit) -> bool:
    """Whether a unit states nothing: it introduces a list, or is only a name ("Lancashire and South Cumbria").

    A name in a list whose introduction says what the list is of does state something.
    """
    if unit.text.endswith(":"):
        return True
    if unit.text[-1] in ".?!" or (unit.lead and len(unit.lead.split()) >= _SHORTEST_LEAD_WORDS):
        return False
    content = [word for word in unit.text.split() if word.lower() not in SMALL_WORDS]
    return not any(word[0].islower() or word[0].isdigit() for word in content)


def _in_context(chunk: Chunk, unit: Unit) -> str:
    """A unit with what a reader sees around it: the headings and the sentence that introduces its list."""
    return " ".join(filter(None, [*chunk.heading_path, unit.lead, unit.text]))
