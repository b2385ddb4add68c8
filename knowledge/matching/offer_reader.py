"""Reads a need as a question and what a member does and offers as a passage: does it answer, and in which words?"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from knowledge.answering.reader.scores import Passage, PassageScores, Reader
from knowledge.domain.members import Profile
from knowledge.language.sentences import split_units
from knowledge.matching.texts import says_something

# Of each field so many characters are read, at whole sentences: a match reads two dozen members.
_MOST_READ = 600
# How many readings are remembered. A reading is a few numbers and a hash, and names nobody.
_REMEMBERED = 20_000
_UNREAD = -8.0  # the logit of who says nothing: below nearly all that the reader gives


class OfferSentence(NamedTuple):
    """A sentence of a member's own, whether it stands in what they offer or in what they do, and the reader's logit."""

    text: str
    offered: bool
    score: float


class OfferScores(NamedTuple):
    """The reader's scores of a member: the logit that they answer the need, and each field's best sentence first."""

    answerable: float
    sentences: tuple[OfferSentence, ...]

    @property
    def best(self) -> float:
        """Return the logit of the best sentence."""
        return self.sentences[0].score if self.sentences else _UNREAD


UNREAD = OfferScores(_UNREAD, ())


class OfferReader:
    """Reads members with needs, each pair once. Safe in threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, PassageScores] = OrderedDict()

    def read(self, need: str, profiles: Sequence[Profile]) -> list[OfferScores]:
        """Return what is said of each member, in order; who says nothing is unread, and so is an empty need.

        Raises:
            ModelError: The reader's weights are missing or altered.
        """
        if not need:
            return [UNREAD] * len(profiles)
        passages = [_passage(profile) for profile in profiles]
        keys = [_key(need, passage) for passage, _ in passages]
        with self._lock:
            known = {key: self._known[key] for key in keys if key in self._known}
        missing = {
            key: passage
            for key, (passage, _) in zip(keys, passages, strict=True)
            if passage.sentences and key not in known
        }
        if missing:
            new = dict(zip(missing, self._reader.read(need, list(missing.values())), strict=True))
            known |= new
            with self._lock:
                self._known |= new
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return [
            _scores(passage, first_offered, known[key]) if key in known else UNREAD
            for key, (passage, first_offered) in zip(keys, passages, strict=True)
        ]


def _passage(profile: Profile) -> tuple[Passage, int]:
    """Return a profile as a passage under its role, and which of its sentences is the first of what is offered."""
    text, sentences, first_offered = "", list[tuple[int, int]](), 0
    for field in (profile.working_on, profile.can_offer):
        first_offered = len(sentences)
        start = len(text) + 1 if text else 0
        if not says_something(field):
            continue
        units = [(unit.start, unit.end) for unit in split_units(field) if unit.end <= _MOST_READ]
        units = units or [(0, len(field[:_MOST_READ].rsplit(" ", 1)[0]))]
        text = " ".join(filter(None, (text, field[: units[-1][1]])))
        sentences += [(start + first, start + last) for first, last in units]
    return Passage(profile.role or " ", text, tuple(sentences)), first_offered


def _scores(passage: Passage, first_offered: int, scores: PassageScores) -> OfferScores:
    best: dict[bool, OfferSentence] = {}
    for place, ((start, end), score) in enumerate(zip(passage.sentences, scores.sentences, strict=True)):
        offered = place >= first_offered
        if offered not in best or score > best[offered].score:
            best[offered] = OfferSentence(passage.text[start:end], offered, score)
    return OfferScores(scores.answerable, tuple(sorted(best.values(), key=lambda one: -one.score)))


def _key(need: str, passage: Passage) -> bytes:
    return hashlib.sha256("\0".join((need, passage.heading, passage.text)).encode()).digest()
