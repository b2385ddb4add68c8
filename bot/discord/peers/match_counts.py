"""The line under an answer: how many members work on it. Numbers only, worked out after the answer is there."""

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.discord.peers import texts
from bot.discord.runtime.components import Item, button
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.library import Answer
from knowledge.errors import HalnError
from knowledge.matching.wording import counted

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class MatchCounts:
    """Counts members for answers."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def line(self, answer: Answer, reader_id: int) -> str | None:
        """Return how many members may help with what was asked, and how many shared what is cited; never the reader.

        `None` where there are none. A failure costs the line, not the answer.
        """
        question, reader = answer.understood or answer.question, str(reader_id)
        cited = {citation.document_id for citation in answer.citations}

        def count(backend: Backend) -> tuple[int, int]:
            working = backend.peers.count_on(question, reader)
            return working, backend.examples.members_behind(cited, reader) if cited else 0

        working, shared = await self._counted(count) or (0, 0)
        parts = [
            text.format(count=counted(number, "member"))
            for text, number in ((texts.WORK_ON_THIS, working), (texts.SHARED_THIS, shared))
            if number
        ]
        return "; ".join(parts) or None

    async def under_post(self, text: str, author_id: int) -> str | None:
        """Return how many members may help with a forum post, never its author, and how to see who; as `line` does."""
        working = await self._counted(lambda backend: backend.peers.count_on(text, str(author_id)))
        return texts.WORK_ON_POST.format(count=counted(working, "member")) if working else None

    async def _counted(self, count: Callable[[Backend], _T]) -> _T | None:
        try:
            return await self._worker.slow(count)
        except HalnError as error:
            _log.warning("the members who work on an answer could not be counted: %s", error)
            return None


def show_them(card_id: str) -> Item:
    """Return the button that shows those members to whoever presses it, and to nobody else."""
    return button("peers_on_answer", card_id, texts.SHOW_THEM)
