"""The nouns of the places where the assistant is a guest: servers, cards, forum posts and requests.

Ids of servers, channels, messages and people are the face's own (Discord's snowflakes). Nothing here knows Discord.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from knowledge.domain.library import Noun


class RegisteredBy(StrEnum):
    """The way in which a server came to be registered."""

    SETTING = "setting"
    COMMAND = "command"
    OWNER = "owner"
    EARLIER = "earlier"


def server_ids(setting: str) -> tuple[int, ...]:
    """Return the ids in a setting that names servers, with commas between."""
    return tuple(int(part) for part in setting.split(",") if part.strip())


class RegisteredServer(Noun):
    """A server that the operator lets the assistant work on. `registered_at` is ISO 8601, UTC."""

    id: int
    registered_by: RegisteredBy
    registered_at: str


class Server(Noun):
    """One server's setup by its admins. `None` means not chosen yet; `language` is a BCP 47 code."""

    id: int
    moderator_role: int | None = None
    review_channel: int | None = None
    digest_channel: int | None = None
    language: str = "en"


class Forum(Noun):
    """A forum channel with its switches, both off until an admin turns them on.

    `replies`: a new post gets one reply when the library has much to say. `searchable`: its posts are found as similar
    discussions, within the same server only.
    """

    channel_id: int
    server_id: int
    replies: bool = False
    searchable: bool = False


class Digest(Noun):
    """The state of a server's round-up: off or on, when the last was begun, and how many were so far.

    It comes once a week, or (`monthly`) once a month.
    `missed_since` is from when on nothing was delivered, where the last one was not. Moments are ISO 8601, UTC.
    """

    server_id: int
    paused: bool = False
    looked_at: str | None = None
    number: int = 0
    missed_since: str | None = None
    monthly: bool = False


class Card(Noun):
    """An answer that was shown, so that its buttons know what they belong to.

    Who asked is not in it: see `Cards.asked_by`. `message_id` is not known of a card that only its asker sees.
    `question_message_id` is the message that it replies to, where it replies to one.
    """

    id: str
    question_id: str
    server_id: int | None
    channel_id: int
    message_id: int | None = None
    question_message_id: int | None = None
    shared: bool


class Post(Noun):
    """A discussion in a forum: its title and where it is. Its text is not kept, only its embedding is."""

    thread_id: int
    server_id: int
    forum_id: int
    author_id: int
    title: Annotated[str, Field(max_length=200)]
    solved_message_id: int | None = None


class FollowRequest(Noun):
    """The wish to be told when the library answers a question: of a member, or of an address by its random id."""

    question_id: str
    recipient: str

    @property
    def user_id(self) -> int | None:
        """Return the number by which servers know the member; `None` for whom they do not know."""
        return int(self.recipient) if self.recipient.isdecimal() else None


class FollowAddress(Noun):
    """A visitor's mail address, kept until they are told; unless it is confirmed, nothing but that question is sent."""

    recipient: str
    email: str
    question_id: str
    confirmed_at: str | None = None


class ReviewCard(Noun):
    """A message in a review channel that shows a submission to moderators."""

    submission_id: str
    channel_id: int
    message_id: int


class Cardless(Noun):
    """A submission that a review channel has no card of; `last_card` is the message of its latest card elsewhere."""

    submission_id: str
    version: int
    last_card: int | None = None


class SaveRefusal(StrEnum):
    """A reason not to ask a message's author: they do not want it, or one of the two has had enough of it today."""

    NOT_WANTED = "not_wanted"
    ASKED_ENOUGH = "asked_enough"
    WAS_ASKED_ENOUGH = "was_asked_enough"


class SaveRequest(Noun):
    """The wish that a member's message become an example. Its author is asked first; nothing it says is kept here.

    `state`: asked, reached, unreachable (they take no direct messages), agreed or refused. `author_id` goes with the
    answer.
    """

    id: str
    message_id: int
    channel_id: int
    server_id: int | None
    author_id: int | None
    state: str = "asked"
