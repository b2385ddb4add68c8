"""The texts of a profile that a model reads: what its owner needs, and what they do and offer."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from knowledge.domain.members import Profile
from knowledge.language.words import is_function_word, words
from knowledge.matching.constraints import read_member_constraints

# Another number when the texts are made in another way: all profiles are embedded anew.
SCHEME = "2"
# What people write when they have nothing to say.
_NOTHING_TEXT = "help helps anything open ideas idea nothing none sure unsure yet tbc na n lots everything"
_NOTHING = frozenset(_NOTHING_TEXT.split())


class Texts(NamedTuple):
    """The texts that the model reads of a profile, in the order of the stored vectors. Empty where nothing is said.

    Some needs only make sense with what the seeker works on ("letting the neighbours use it"), others are about
    something else than their daily work: `need` and `need_in_context` are both read. The role says a good deal of what
    somebody can help with: `offer` and `offer_with_role` are both read.
    """

    need: str
    need_in_context: str
    offer: str
    offer_with_role: str

    @property
    def made_of(self) -> str:
        """Return a hash of all texts: other texts, other vectors."""
        return hashlib.sha256("\0".join((SCHEME, *self)).encode()).hexdigest()


def texts_of(profile: Profile) -> Texts:
    """Return the texts of a profile."""
    offered = profile.can_offer if says_something(profile.can_offer) else ""
    offer = _joined(profile.working_on, offered)
    need, context = need_texts(profile.looking_for, profile.working_on)
    role = f"{profile.role}." if profile.role else ""
    return Texts(
        need=need,
        need_in_context=context,
        offer=offer,
        offer_with_role=_joined(role, offer),
    )


def need_texts(looking_for: str, working_on: str) -> tuple[str, str]:
    """Return a need by itself, and together with what its owner works on.

    Where nothing is sought, the work itself stands for it: then those who do the same are near.
    """
    need = read_member_constraints(looking_for).topic if says_something(looking_for) else working_on
    return need, _joined(need, working_on) if need != working_on else need


def says_something(text: str) -> bool:
    """Return whether a text has more to it than "help" or "not sure, open to ideas"."""
    return any(not is_function_word(word) and word not in _NOTHING for word in words(text))


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
