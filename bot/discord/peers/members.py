"""Members behind interactions: their own profile, whether Discord knows them, and drafts that are begun for them."""

import discord

from bot.discord.runtime.worker import Worker
from knowledge.domain.examples import Actor, Content, Role
from knowledge.domain.members import Member
from knowledge.errors import ExampleError, MemberError
from knowledge.examples.examples import Examples
from knowledge.matching.peers import Peers

_LONGEST_ID = 19


async def member_of(worker: Worker, user: discord.abc.User) -> Member | None:
    """Return somebody's own profile, if they have made one."""
    return await worker.db(lambda backend: known(backend.peers, user.id))


def known(peers: Peers, user_id: int) -> Member | None:
    """Return a member's own profile, if they have made one."""
    try:
        return peers.profile(str(user_id))
    except MemberError:
        return None


def on_discord(member_id: str) -> bool:
    """Return whether a member's id is one of Discord's. An operator may have made profiles with others."""
    return member_id.isdecimal() and len(member_id) <= _LONGEST_ID


def drafted(examples: Examples, author: str, content: Content, *, origin: str, request: str) -> str | None:
    """Return the id of a draft, the same for the same request; `None` where its author may not share examples (now).

    Within a transaction that notes something else, too: that is kept whether there is a draft or not.
    """
    actor = Actor(author, Role.MEMBER)
    try:
        # First, since a transaction within another cannot be taken back by itself.
        examples.require_sharing(actor)
        return examples.draft(actor, content, origin=origin, request_id=request).id
    except ExampleError:
        return None
