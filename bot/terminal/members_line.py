"""How many members work on what was asked in a terminal, and the command that shows them."""

import functools
import shlex
from typing import TYPE_CHECKING

from bot.discord.peers.texts import members
from bot.terminal import texts
from knowledge.domain.library import Answer
from knowledge.errors import HalnError
from knowledge.library import Library

if TYPE_CHECKING:
    from knowledge.matching.peers import Peers


class MatchCountLine:
    """Counts members for the answers of one terminal; numbers only. Make one and keep it, it holds their vectors."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def under(self, answer: Answer) -> str | None:
        """The line under an answer; `None` where nobody works on it, or there was nothing to be known.

        A failure costs the line, not the answer.
        """
        if answer.answered and not answer.citations:  # a greeting or thanks
            return None
        if not self._library.members.version():  # nobody has ever made a profile: that spares the matching's modules
            return None
        question = answer.understood or answer.question
        try:
            working = self._peers.count_on(question)
        except HalnError:
            return None
        if not working:
            return None
        return texts.WORK_ON_THIS.format(count=members(working), topic=shlex.quote(" ".join(question.split())))

    @functools.cached_property
    def _peers(self) -> "Peers":
        from knowledge.matching.peers import Peers

        return Peers(self._library)
