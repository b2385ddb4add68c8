"""The permissions that the bot needs, where, and which are missing. Nothing is asked for that nothing uses."""

import base64
import binascii
from collections.abc import Sequence
from typing import NamedTuple

import discord

# Each by the name that discord.py knows it by. No "Embed Links": our messages are made of components, which need no
# permission of their own (https://docs.discord.com/developers/components/using-message-components), not of embeds.
_SERVER = (
    "view_channel",
    "send_messages",
    "create_public_threads",
    "create_private_threads",  # members who are introduced meet in one
    "send_messages_in_threads",
    "read_message_history",
    "send_polls",  # a learning set chooses its day by one
)
NEEDED: dict[str, Sequence[str]] = {
    "server": _SERVER,
    "here": _SERVER,
    "review_channel": ("view_channel", "send_messages", "read_message_history"),
    "digest_channel": ("view_channel", "send_messages"),
    # What solved a post is marked with a reaction. Its tag, which needs Manage Threads, is set where that is granted.
    "forum": ("view_channel", "send_messages_in_threads", "read_message_history", "add_reactions"),
    "forum_read": ("view_channel", "read_message_history", "add_reactions"),
    "elsewhere": _SERVER,
}
SCOPES = ("bot", "applications.commands")
_LABELS = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "create_public_threads": "Create Public Threads",
    "create_private_threads": "Create Private Threads",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "add_reactions": "Add Reactions",
    "send_polls": "Create Polls",
}


class PermissionFinding(NamedTuple):
    """A finding: what a place is for, its name (`None`: it is gone), and the labels of what is missing."""

    purpose: str
    place: str | None
    missing: tuple[str, ...] = ()

    @property
    def fine(self) -> bool:
        """Return whether nothing has to be done."""
        return self.place is not None and not self.missing


def needed_permissions() -> discord.Permissions:
    """Return everything that the bot uses anywhere, for the link that invites it."""
    return discord.Permissions(**dict.fromkeys({name for names in NEEDED.values() for name in names}, True))


def invite_link(application_id: int) -> str:
    """Return the link with which an admin takes the bot into a server, with the least permissions that it needs."""
    return discord.utils.oauth_url(application_id, permissions=needed_permissions(), scopes=SCOPES)


def application_id_in(token: str) -> int | None:
    """Return the application that a bot token belongs to: its first part names it. `None` when it is no such token."""
    first = token.split(".")[0]
    try:
        return int(base64.b64decode(first + "=" * (-len(first) % 4), validate=True))
    except (binascii.Error, ValueError):
        return None


def check(purpose: str, place: str, permissions: discord.Permissions) -> PermissionFinding:
    """Return which of the permissions for a purpose are missing in a place."""
    missing = tuple(_LABELS[name] for name in NEEDED[purpose] if not getattr(permissions, name))
    return PermissionFinding(purpose, place, missing)
