"""What the faces ask of storage about servers and what goes on in them. All calls are synchronous and thread-safe.

Whatever belongs to a server is asked for by that server's id, so that servers never see each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.domain.outbox import Message
from knowledge.servers.storage.review_protocols import ReviewStore
from knowledge.servers.types import Card, Digest, FollowRequest, Forum, Post, Server

if TYPE_CHECKING:
    from knowledge.storage.arrays import Ids, Vectors


class ServerSettings(Protocol):
    """How admins set the assistant up."""

    def servers(self) -> list[int]:
        """The ids of all servers that something is kept about, in order."""

    def server(self, server_id: int) -> Server:
        """A server's settings; the defaults where nothing was chosen."""

    def save_server(self, server: Server) -> None:
        """Put settings in the place of those before."""

    def forums(self, server_id: int) -> list[Forum]:
        """The forum channels that were set up, by channel id."""

    def forum(self, server_id: int, channel_id: int) -> Forum:
        """A forum's switches; both off where nothing was chosen."""

    def save_forum(self, forum: Forum) -> None:
        """Set a forum's switches. Its posts are forgotten when it is not searchable any more."""

    def forget_channel(self, server_id: int, channel_id: int) -> None:
        """A channel is gone: take it out of the settings, with its posts and cards."""

    def forget_role(self, server_id: int, role_id: int) -> None:
        """A role is gone: take it out of the settings."""

    def forget_server(self, server_id: int) -> None:
        """The assistant was removed from a server: forget everything about it."""


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
        """Whether that person asked what the card answers."""

    def card(self, card_id: str) -> Card | None:
        """The card with that id."""

    def forget_message(self, message_id: int) -> None:
        """A message is gone, and the card on it."""

    def expire(self, before: datetime) -> int:
        """Forget the cards from before a moment; how many there were."""


class Posts(Protocol):
    """Forum posts that may be found, and who does not want theirs to be."""

    def save(self, post: Post, vector: Vectors, model: str) -> bool:
        """Store a post with its embedding, shape (dimension,); false when its author opted out: nothing is stored."""

    def post(self, server_id: int, thread_id: int) -> Post | None:
        """A post of that server."""

    def vectors(self, server_id: int, model: str) -> tuple[Ids, Vectors]:
        """Thread ids, shape (n,), and embeddings made by that model, shape (n, dimension), of a server's posts."""

    def of_forum(self, server_id: int, forum_id: int) -> list[Post]:
        """The posts that are stored of a forum, by thread id."""

    def remove(self, thread_id: int) -> bool:
        """Forget a post; whether it was there."""

    def mark_solved(self, server_id: int, thread_id: int, message_id: int | None) -> bool:
        """Note which message solved it (`None`: none does); whether there is such a post."""

    def opt_out(self, user_id: int) -> int:
        """Forget this author's posts on every server and store none from now on; how many there were."""

    def opt_in(self, user_id: int) -> None:
        """Let this author's posts be stored again."""

    def opted_out(self, user_id: int) -> bool:
        """Whether this author's posts are left out."""

    def claim(self, thread_id: int, now: datetime) -> bool:
        """Whether nobody took this thread on before: true once only, whatever restarts in between."""


class Interactions(Protocol):
    """What members did on Discord, so that each acts once."""

    def first_time(self, interaction_id: int, now: datetime) -> bool:
        """Return whether this interaction was not seen before: true once only."""

    def expire(self, before: datetime) -> None:
        """Forget interactions that were seen before a moment."""


class FollowRequests(Protocol):
    """Members who want to be told when the library answers their question."""

    def wait(self, waiting: FollowRequest, now: datetime) -> bool:
        """Remember who wants to be told; false when that was remembered before."""

    def stop_waiting(self, waiting: FollowRequest) -> bool:
        """Forget it; whether it was there."""

    def waiting(self) -> list[FollowRequest]:
        """Return everybody who waits, the longest first."""

    def answer_waiting(self, waiting: FollowRequest, message: Message, now: datetime) -> bool:
        """In one transaction: forget that they wait, and queue the message for them. False when they do not wait."""

    def expire(self) -> None:
        """Forget who waits for a question that is not kept."""


class Digests(Protocol):
    """Each server's round-up of what is new."""

    def digest(self, server_id: int) -> Digest:
        """How it stands with a server's round-up."""

    def pause(self, server_id: int, *, paused: bool) -> None:
        """Switch it off or on again."""

    def due(self, now: datetime, every: timedelta) -> list[int]:
        """Servers with a channel for it, not switched off, whose last one was begun so long ago."""

    def begin(self, server_id: int, kind: str, data: dict[str, Any], now: datetime, every: timedelta) -> bool:
        """In one transaction: note that one is begun now, and queue its message. False when it is not due.

        The message goes into the server's channel for it, and tells of what was missed before, too.
        """

    def missed(self, server_id: int, since: str) -> None:
        """The one that tells of what is new since a moment (ISO 8601, UTC) was not delivered: the next one does."""


class Members(Protocol):
    """What is kept about one person over all servers."""

    def export(self, user_id: int) -> dict[str, object]:
        """Everything that is kept under this person's id, as JSON values."""

    def forget(self, user_id: int) -> dict[str, int]:
        """Delete it all, questions they asked too; how many rows of each table went.

        The wish that posts be left out stays, as a keyed hash, for as long as it is to be honoured.
        """

    def hashed_traces(self, user_id: int) -> dict[str, int]:
        """How many rows of each table are this person's by their hash alone, but for that wish."""

    def unattributed(self) -> int:
        """Return of how many questions that members asked it is not known any more whose they are."""

    def keep_form(self, user_id: int, form: str, fields: dict[str, list[str]], now: datetime) -> None:
        """Keep what was typed into a form, in the place of what was kept of it before."""

    def form(self, user_id: int, form: str) -> dict[str, list[str]] | None:
        """What was typed into a form and kept; `None` if nothing is."""

    def drop_form(self, user_id: int, form: str) -> None:
        """Forget what was typed into a form."""

    def expire_forms(self, before: datetime) -> int:
        """Forget what was typed before a moment; how many forms."""


@dataclass(frozen=True)
class Servers:
    """The stores about servers, side by side."""

    settings: ServerSettings
    cards: Cards
    posts: Posts
    interactions: Interactions
    follow_requests: FollowRequests
    digests: Digests
    members: Members
    reviews: ReviewStore
