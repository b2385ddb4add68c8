"""What giving and reviewing examples on servers asks of storage: where, on which messages, and who was asked.

As in `knowledge.servers.storage.protocols`: synchronous, thread-safe, and by the server's id: servers never see
each other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from knowledge.domain.outbox import Message
from knowledge.servers.types import Cardless, ReviewCard, SaveRefusal, SaveRequest


class ReviewStore(Protocol):
    """The places of shared examples."""

    def place(self, submission_id: str) -> int | None:
        """The server that an example was given on; `None` for those that came in another way."""

    def set_place(self, submission_id: str, server_id: int) -> None:
        """Note it, unless it is known already."""

    def elsewhere(self, server_id: int) -> set[str]:
        """Ids of the examples that were given on other servers."""

    def review_channels(self) -> dict[int, int]:
        """The review channel of each registered server that has chosen one."""

    def cards(self, submission_id: str) -> list[ReviewCard]:
        """The cards that show a submission, by channel."""

    def messages_in(self, channel_id: int) -> dict[str, int]:
        """The messages that are cards in a channel, by the submission that they show."""

    def keep_card(self, card: ReviewCard) -> None:
        """Remember a card, in the place of one in the same channel."""

    def forget_card(self, card: ReviewCard) -> None:
        """A card is gone, or its channel is."""

    def without_card(self, server_id: int, channel_id: int, limit: int) -> list[Cardless]:
        """Submissions that wait for this server's moderators without a card there, the oldest first."""

    def left_behind(self, server_id: int, channel_id: int) -> list[ReviewCard]:
        """Cards in channels that review nothing any more, of what waits and has one in this server's review channel.

        Of submissions that were given on this server, or on none: those have cards on every server.
        """

    def ask(self, request: SaveRequest, message: Message, now: datetime) -> bool:
        """In one transaction: remember a request, and queue the message that asks; false when it was asked before.

        A message whose author could not be reached may be asked for again.
        """

    def request(self, request_id: str) -> SaveRequest | None:
        """The request with that id."""

    def reached(self, request_id: str) -> None:
        """The message that asks has arrived."""

    def agree(self, request_id: str) -> bool:
        """Note that the author says yes; false when it has ended. From then on it ends in nothing else.

        Whom it was put to is kept until `answered`: should the process end before there is a draft, they can say yes
        again.
        """

    def answered(self, request_id: str, state: str) -> bool:
        """Note how a request ended, and forget whom it was put to; false when it has ended otherwise before."""

    def asked_of(self, user_id: int) -> list[SaveRequest]:
        """The requests that wait for a person's answer."""

    def forget(self, user_id: int) -> int:
        """Forget what was asked of a person; how many requests there were."""


class SaveLimits(Protocol):
    """How often members are asked to share a message of theirs, and who does not want to be. Nobody is named in it."""

    def refusal(self, asker_id: int, author_id: int, since: datetime, most: int) -> SaveRefusal | None:
        """Why the one may not have the other asked now; `None` where they may.

        Since that moment, nobody asks more than `most` times, and nobody is asked more often.
        """

    def count(self, asker_id: int, author_id: int, now: datetime) -> None:
        """Note that one had the other asked."""

    def expire(self, before: datetime) -> None:
        """Forget what was asked before a moment."""

    def refuse(self, user_id: int, *, refused: bool) -> None:
        """Note that somebody does not want to be asked any more, or that they may be again."""

    def refuses(self, user_id: int) -> bool:
        """Whether somebody does not want to be asked."""

    def forget(self, user_id: int) -> int:
        """Forget how often somebody asked and was asked, not what they want; how many rows went."""
