"""Checks that the passages a sentence cites say what it says. What fails is dropped.

The reader judges each clause, and the cosine to the quotes the whole; both together decide. Names, numbers and
directions are held against the passages by rule, because neither tells one name or number from another often enough.
What each check is worth: docs/language-model.md.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.evidence import as_passage
from knowledge.answering.generation.prompt import described, repeats_rules
from knowledge.answering.generation.response_format import Draft
from knowledge.answering.reader.scores import Passage, Reader
from knowledge.calibration.generation import GenerationCalibration
from knowledge.domain.library import Chunk
from knowledge.language.names import Name, find_names, supports
from knowledge.language.numbers import figures
from knowledge.language.sentences import Unit, split_units
from knowledge.language.words import content_stems
from knowledge.retrieval.embedder import Embedder

# What all of a clause's words are worth in the choice of a sentence, in the reader's logits: of two sentences about the
# same thing the reader likes the one that tells more, and a quote has to be the one that says it.
_SHARED_WORDS = 4.0
_BETWEEN = re.compile(
    r"[,;:]\s+(?:(?:and|but|or|so|with|as|which|who|where|while|because|after|of (?:whom|which))\b\s*)?"
    r"|\s+(?=(?:and|but|because|which|after|while|although|so that)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 4
_MOST_WORDS = 60
# Chat programs open an address that is glued to the word before it, too.
_ADDRESS = re.compile(
    r"https?:|www\.|\b[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|io|uk|gov|nhs|eu|info|biz|app|xyz|link|ly|me|gg|ru)\b\S*",
    re.IGNORECASE,
)
# Of Discord's mentions and of e-mail addresses; of HTML, JSON, code, tables and templates of chats.
_SIGNS = frozenset("@#<>{}[]|\\`~^*_=⟦⟧【】")
_MORE = re.compile(
    r"\b(?:more|most|higher|highest|increas\w*|rise[sn]?|rising|rose|grow\w*|grew|gain\w*|up|improv\w*|better|best"
    r"|larger?|largest|greater|greatest|stronger|expand\w*|widen\w*|wider|longer|faster|speeded|sped|above|over)\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:less|least|fewer|fewest|lower\w*|lowest|decreas\w*|declin\w*|reduc\w*|fall(?:s|en|ing)?|fell|drop\w*|cut\w*"
    r"|shr[aiu]nk\w*|down|worse\w*|worst|smaller|smallest|weaker|narrow\w*|shorter|slower|below|under)\b",
    re.IGNORECASE,
)


class CitedPassage(NamedTuple):
    """A chunk with its quotable units, and as the reader reads it."""

    chunk: Chunk
    units: tuple[Unit, ...]
    read_as: Passage

    @property
    def about(self) -> str:
        """Return all that a person sees of the passage: what it is from, and its text."""
        return f"{described(self.chunk)}\n{self.chunk.text}"


class Support(NamedTuple):
    """The sentence of a passage that says best what a clause says; `score` is the sum of two of the reader's logits."""

    clause: str
    passage: CitedPassage
    unit: Unit
    score: float

    @property
    def evidence(self) -> str:
        """Return the sentence, behind the one that introduces it if it is an item of a list."""
        return f"{self.unit.lead} {self.unit.text}" if self.unit.lead else self.unit.text


def cited_passage(chunk: Chunk) -> CitedPassage:
    """Return a chunk as it is read."""
    units = split_units(chunk.text)
    return CitedPassage(chunk, tuple(units), as_passage(chunk, units))


def supports_of(sentence: str, passages: Sequence[CitedPassage], reader: Reader) -> list[Support]:
    """Return the strongest support for each clause of a sentence, in any of the passages; none without passages.

    A clause is put to the reader as a question, which a sentence answers if it says the same. Of the forms tried
    (`python -m tests.quality.calibrate_generation`) this is among those that best part what a passage says from what it
    does not.
    """
    found = [_best_support(clause, passages, reader) for clause in clauses(sentence)]
    return [support for support in found if support is not None]


def _best_support(clause: str, passages: Sequence[CitedPassage], reader: Reader) -> Support | None:
    scores = reader.read(f"{clause.rstrip('.!')}?", [passage.read_as for passage in passages])
    said = content_stems(clause)
    supports = [
        Support(clause, passage, unit, scored.answerable + score)
        for passage, scored in zip(passages, scores, strict=True)
        for unit, score in zip(passage.units, scored.sentences, strict=True)
    ]

    def worth(support: Support) -> float:
        return support.score + _SHARED_WORDS * len(said & content_stems(support.evidence)) / max(1, len(said))

    return max(supports, key=worth, default=None)


def clauses(sentence: str) -> list[str]:
    """Return a sentence in parts, cut at commas and words that join; a few words stay with the part before."""
    parts: list[str] = []
    for part in _BETWEEN.split(sentence):
        if parts and min(len(part.split()), len(parts[-1].split())) < _FEWEST_WORDS:
            parts[-1] += f", {part}"
        elif part.strip():
            parts.append(part)
    return parts


class SupportingQuote(NamedTuple):
    """A verbatim slice of a chunk that says what a sentence, or a clause of it, says."""

    chunk: Chunk
    quote: str


class CheckedSentence(NamedTuple):
    """A sentence that its passages support, with the quotes that do, in the order of its clauses."""

    text: str
    support: tuple[SupportingQuote, ...]


class SentenceChecker:
    """Checks sentences against passages. Safe to use from several threads."""

    def __init__(self, reader: Reader, embedder: Embedder, calibration: GenerationCalibration | None = None) -> None:
        """Check with these models and their calibration, by default the one that comes along."""
        self._reader = reader
        self._embedder = embedder
        self._calibration = calibration or GenerationCalibration.packaged()

    @property
    def ready(self) -> bool:
        """Return whether the reader can tell what a passage says; the one that compares words cannot."""
        return self._calibration.is_for(self._reader.name)

    def checked(self, drafts: Sequence[Draft], chunks: Sequence[Chunk]) -> list[CheckedSentence]:
        """Return the drafts that hold, in order. Number 1 is the first chunk; unknown numbers count for nothing.

        Raises:
            ModelError: The reader's weights are missing or altered.
        """
        if not self.ready:
            return []
        passages = [cited_passage(chunk) for chunk in chunks]
        found = [
            self._checked(draft.text, [passages[n - 1] for n in draft.numbers if 1 <= n <= len(passages)])
            for draft in drafts
            if _FEWEST_WORDS <= len(draft.text.split()) <= _MOST_WORDS and not repeats_rules(draft.text)
        ]
        return [sentence for sentence in found if sentence is not None]

    def _checked(self, text: str, cited: Sequence[CitedPassage]) -> CheckedSentence | None:
        found = supports_of(text, cited, self._reader)
        if not found or not all(_says_the_same(support) for support in found):
            return None
        # Only of what supports it: a name may stand in a passage that is cited for show.
        about = "\n".join(dict.fromkeys(support.passage.about for support in found))
        if foreign_matter(text, about) or not _names_hold(text, about):
            return None
        quotes = {(one.passage.chunk.id, one.unit.text): one.passage.chunk for one in found}
        least = min(support.score for support in found)
        cosine = self._cosine(text, " ".join(quote for _, quote in quotes))
        if self._calibration.probability(least, cosine) < self._calibration.keep:
            return None
        return CheckedSentence(text, tuple(SupportingQuote(chunk, quote) for (_, quote), chunk in quotes.items()))

    def _cosine(self, text: str, quotes: str) -> float:
        vectors = self._embedder.embed_documents([text, quotes])
        return float(vectors[0] @ vectors[1])


def _names_hold(text: str, about: str) -> bool:
    """Return whether the passages speak of everything that a sentence names."""
    return all(supports(about, name) for name in find_names(text) if not _opens_with_number(name))


def _opens_with_number(name: Name) -> bool:
    """Return whether it is no name but a number in words: "Seventy per cent of ..."."""
    return name.opens and bool(figures(name.shown))


def _says_the_same(support: Support) -> bool:
    """Return whether the clause's figures are those of the sentence, and it is not turned round."""
    return figures(support.clause) <= figures(support.evidence) and not turned_round(support.clause, support.evidence)


def foreign_matter(sentence: str, passages: str) -> bool:
    """Return whether a sentence has an address, a mention or a sign of markup that its passages do not have."""
    if any(sign in sentence and sign not in passages for sign in _SIGNS):
        return True
    return any(match.group() not in passages for match in _ADDRESS.finditer(sentence))


def turned_round(sentence: str, evidence: str) -> bool:
    """Return whether one speaks only of more, and the other only of less."""
    said, meant = _directions(sentence), _directions(evidence)
    return bool(said) and bool(meant) and not said & meant


def _directions(text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in (("more", _MORE), ("less", _LESS)) if pattern.search(text))
