"""The faces' storage for servers and what goes on in them. All calls are synchronous and thread-safe.

Whatever belongs to a server is asked for by that server's id, so that servers never see each other.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.domain.outbox import Message
from knowledge.servers.storage.follow_request_protocols import FollowRequests
from knowledge.servers.types import (
    Card,
    Cardless,
    Digest,
    Forum,
    Post,
    RegisteredBy,
    RegisteredServer,
    ReviewCard,
    SaveRefusal,
    SaveRequest,
    Server,
)

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors


class ServerSettings(Protocol):
    """The settings that admins make."""

    def servers(self) -> list[int]:
        """Return the ids of all servers that something is kept about, in order."""

    def server(self, server_id: int) -> Server:
        """Return a server's settings; the defaults where nothing was chosen."""

    def save_server(self, server: Server) -> None:
        """Put settings in the place of those before."""

    def forums(self, server_id: int) -> list[Forum]:
        """Return the forum channels that were set up, by channel id."""

    def forum(self, server_id: int, channel_id: int) -> Forum:
        """Return a forum's switches; both off where nothing was chosen."""

    def save_forum(self, forum: Forum) -> None:
        """Set a forum's switches. Its posts are forgotten when it is not searchable any more."""

    def forget_channel(self, server_id: int, channel_id: int) -> None:
        """Take a channel that is gone out of the settings, with its posts and cards."""

    def forget_role(self, server_id: int, role_id: int) -> None:
        """Take a role that is gone out of the settings."""

    def forget_server(self, server_id: int) -> None:
        """Forget everything about a server from which the assistant was removed."""


class ServerRegister(Protocol):
    """The servers that the operator has registered. On any other the assistant does nothing."""

    def all(self) -> list[RegisteredServer]:
        """Return them, by id."""

    def ids(self) -> list[int]:
        """Return their ids, in order."""

    def has(self, server_id: int) -> bool:
        """Return whether a server is registered."""

    def add(self, server_id: int, by: RegisteredBy, now: datetime) -> bool:
        """Register a server; whether it was not before."""

    def remove(self, server_id: int) -> bool:
        """Take a server out; whether it was in. What was set up there is kept, and in force again once it is back."""

    def follow_setting(self, server_ids: Collection[int], now: datetime) -> None:
        """Register the servers that a setting names, and take out those that it alone named before."""


class Cards(Protocol):
    """Answers that were shown."""

    def save(self, card: Card, asker_id: int, now: datetime) -> bool:
        """Remember a card, or where it came to be shown; whether it is new.

        Of the asker only a keyed hash of this card's own is kept.
        """

    def share(self, card: Card, user_id: int, now: datetime) -> bool:
        """Remember a card that a member shows to a channel without their name, and who it was; whether it is new.

        Who it was is kept for as long as the card is, and is for moderators.
        """

    def shared_by(self, server_id: int, message_id: int) -> int | None:
        """Return who had the card on that message of that server shown without their name."""

    def remove(self, card_id: str) -> None:
        """Forget a card that came to be shown nowhere."""

    def asked_by(self, card_id: str, user_id: int) -> bool:
        """Return whether that person asked what the card answers."""

    def card(self, card_id: str) -> Card | None:
        """Return the card with that id."""

    def forget_message(self, message_id: int) -> None:
        """Forget a message that is gone, and the card on it."""

    def reply_to(self, message_id: int) -> Card | None:
        """Return the card of the answer that is shown in reply to a message; `None` where there is none."""

    def detach(self, card_id: str, message: Message | None = None, now: datetime | None = None) -> None:
        """Note that a card is no longer shown; whose question it was is kept. In one transaction: queue `message`."""

    def expire(self, before: datetime) -> int:
        """Forget the cards from before a moment whose answers are not kept any more; how many there were."""


class Posts(Protocol):
    """Forum posts that may be found, and who does not want theirs to be."""

    def save(self, post: Post, vector: Vectors, model: str) -> bool:
        """Store a post with its embedding, shape (dimension,); false when its author opted out: nothing is stored."""

    def post(self, server_id: int, thread_id: int) -> Post | None:
        """Return a post of that server."""

    def vectors(self, server_id: int, model: str) -> tuple[Ids, Vectors]:
        """Return thread ids, shape (n,), and that model's embeddings, shape (n, dimension), of a server's posts."""

    def of_forum(self, server_id: int, forum_id: int) -> list[Post]:
        """Return the posts that are stored of a forum, by thread id."""

    def remove(self, thread_id: int) -> bool:
        """Forget a post; whether it was there."""

    def mark_solved(self, server_id: int, thread_id: int, message_id: int | None) -> bool:
        """Note which message solved it (`None`: none does); whether there is such a post."""

    def opt_out(self, user_id: int) -> int:
        """Forget this author's posts on every server and store none from now on; how many there were."""

    def opt_in(self, user_id: int) -> None:
        """Let this author's posts be stored again."""

    def opted_out(self, user_id: int) -> bool:
        """Return whether this author's posts are left out."""

    def claim(self, thread_id: int, now: datetime) -> bool:
        """Return whether nobody took this thread on before: true once only, whatever restarts in between."""


class Interactions(Protocol):
    """The record of what members did on Discord, so that each acts once."""

    def first_time(self, interaction_id: int, now: datetime) -> bool:
        """Return whether this interaction was not seen before: true once only."""

    def expire(self, before: datetime) -> None:
        """Forget interactions that were seen before a moment."""


class Digests(Protocol):
    """Each server's round-up of what is new."""

    def digest(self, server_id: int) -> Digest:
        """Return how it stands with a server's round-up."""

    def pause(self, server_id: int, *, paused: bool) -> None:
        """Switch it off or on again."""

    def choose(self, server_id: int, now: datetime) -> None:
        """Switch it on for a channel that was chosen now: the first one comes a week (or a month) later."""

    def set_monthly(self, server_id: int, *, monthly: bool) -> None:
        """Have it come once a month, or once a week."""

    def due(self, now: datetime, every: timedelta) -> list[int]:
        """Return registered servers with a channel for it, not switched off, whose last one was begun so long ago.

        For those that want it once a month, that is a month.
        """

    def begin(self, server_id: int, kind: str, data: dict[str, Any], now: datetime, every: timedelta) -> bool:
        """Note that one is begun now, and queue its message, in one transaction; false when it is not due.

        The message goes into the server's channel for it, and tells of what was missed before, too.
        """

    def missed(self, server_id: int, since: str) -> None:
        """Note that the one about what is new since a moment (ISO 8601, UTC) was not delivered: the next tells it."""


class Members(Protocol):
    """The data kept about one person over all servers."""

    def export(self, user_id: int | str) -> dict[str, object]:
        """Return everything that is kept under this person's id, as JSON values."""

    def forget(self, user_id: int | str) -> dict[str, int]:
        """Delete it all, questions they asked too; how many rows of each table went.

        The wish that posts be left out stays, as a keyed hash, for as long as it is to be honoured.
        """

    def hashed_traces(self, user_id: int | str) -> dict[str, int]:
        """Return how many rows of each table are this person's by their hash alone, but for that wish."""

    def unattributed(self) -> int:
        """Return of how many questions that members asked it is not known any more whose they are."""

    def keep_form(self, user_id: int, form: str, fields: dict[str, list[str]], now: datetime) -> None:
        """Keep what was typed into a form, in the place of what was kept of it before."""

    def form(self, user_id: int, form: str) -> dict[str, list[str]] | None:
        """Return what was typed into a form and kept; `None` if nothing is."""

    def drop_form(self, user_id: int, form: str) -> None:
        """Forget what was typed into a form."""

    def expire_forms(self, before: datetime) -> int:
        """Forget what was typed before a moment; how many forms."""


@dataclass(frozen=True)
class Servers:
    """The stores about servers, side by side."""

    settings: ServerSettings
    register: ServerRegister
    cards: Cards
    posts: Posts
    interactions: Interactions
    follow_requests: FollowRequests
    digests: Digests
    members: Members
    reviews: ReviewStore
    save_limits: SaveLimits


class ReviewStore(Protocol):
    """The places of shared examples."""

    def place(self, submission_id: str) -> int | None:
        """Return the server that an example was given on; `None` for those that came in another way."""

    def set_place(self, submission_id: str, server_id: int) -> None:
        """Note it, unless it is known already."""

    def elsewhere(self, server_id: int) -> set[str]:
        """Return ids of the examples that were given on other servers."""

    def review_channels(self) -> dict[int, int]:
        """Return the review channel of each registered server that has chosen one."""

    def cards(self, submission_id: str) -> list[ReviewCard]:
        """Return the cards that show a submission, by channel."""

    def messages_in(self, channel_id: int) -> dict[str, int]:
        """Return the messages that are cards in a channel, by the submission that they show."""

    def keep_card(self, card: ReviewCard) -> None:
        """Remember a card, in the place of one in the same channel."""

    def forget_card(self, card: ReviewCard) -> None:
        """Forget a card that is gone, or whose channel is."""

    def without_card(self, server_id: int, channel_id: int, limit: int) -> list[Cardless]:
        """Return submissions that wait for this server's moderators without a card there, the oldest first."""

    def left_behind(self, server_id: int, channel_id: int) -> list[ReviewCard]:
        """Return cards in channels that no longer review anything, of what waits and has one in the review channel.

        Of submissions that were given on this server, or on none: those have cards on every server.
        """

    def ask(self, request: SaveRequest, message: Message, now: datetime) -> bool:
        """Remember a request, and queue the message that asks, in one transaction; false when it was asked before.

        A message whose author could not be reached may be asked for again.
        """

    def request(self, request_id: str) -> SaveRequest | None:
        """Return the request with that id."""

    def reached(self, request_id: str) -> None:
        """Note that the message that asks has arrived."""

    def agree(self, request_id: str) -> bool:
        """Note that the author says yes; false when it has ended. From then on it ends in nothing else.

        Whom it was put to is kept until `answered`: should the process end before there is a draft, they can say yes
        again.
        """

    def answered(self, request_id: str, state: str) -> bool:
        """Note how a request ended, and forget whom it was put to; false when it has ended otherwise before."""

    def asked_of(self, user_id: int) -> list[SaveRequest]:
        """Return the requests that wait for a person's answer."""

    def forget(self, user_id: int) -> int:
        """Forget what was asked of a person; how many requests there were."""


class SaveLimits(Protocol):
    """The limits on asking members to share a message, and who does not want to be asked. Nobody is named in it."""

    def refusal(self, asker_id: int, author_id: int, since: datetime, most: int) -> SaveRefusal | None:
        """Return why the one may not have the other asked now; `None` where they may.

        Since that moment, nobody asks more than `most` times, and nobody is asked more often.
        """

    def count(self, asker_id: int, author_id: int, now: datetime) -> None:
        """Note that one had the other asked."""

    def expire(self, before: datetime) -> None:
        """Forget what was asked before a moment."""

    def refuse(self, user_id: int, *, refused: bool) -> None:
        """Note that somebody does not want to be asked any more, or that they may be again."""

    def refuses(self, user_id: int) -> bool:
        """Return whether somebody does not want to be asked."""

    def forget(self, user_id: int) -> int:
        """Forget how often somebody asked and was asked, not what they want; how many rows went."""
