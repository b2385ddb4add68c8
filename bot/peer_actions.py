"""Actions of members on introductions and replies that touch more than one front door; the same on every face."""

import contextlib
from datetime import datetime

from bot.backend import Backend
from knowledge.domain.examples import LONGEST_TITLE, Actor, Content, Role
from knowledge.domain.ids import MAIL_MEMBER
from knowledge.domain.members import Asked, Shareable
from knowledge.domain.outbox import Message
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import ExampleError, MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.servers.types import FollowRequest

# The message that a reply helped, and that a draft was made of it.
HELPED = "peers.helped"


def seeker_of(library: Library, me: str, introduction_id: str) -> str | None:
    """Return who made that request to this member."""
    found = library.members.introduction(introduction_id)
    return found.seeker if found is not None and found.other == me else None


def counterpart_of(library: Library, me: str, introduction_id: str) -> str | None:
    """Return the other of an introduction of this member's, whoever asked."""
    found = library.members.introduction(introduction_id)
    if found is None or me not in (found.seeker, found.other):
        return None
    return found.other if found.seeker == me else found.seeker


def block(backend: Backend, me: str, introduction_id: str) -> bool:
    """Keep a member and whoever asked to meet them apart; false where there is no such request. In a transaction."""
    seeker = seeker_of(backend.library, me, introduction_id)
    if seeker is None:
        return False
    with contextlib.suppress(MemberError):  # it may be over: the block is what counts
        backend.peers.decline(me, introduction_id)
    backend.peers.block(me, seeker)
    return True


def note_outcome(backend: Backend, me: str, introduction_id: str, kind: DueKind, *, yes: bool) -> str | None:
    """Note how an introduction went; the id of the draft that was begun, where the work changed and may be shared.

    Raises:
        MemberError: They are no part of such an introduction.
    """
    if not backend.peers.answer(me, introduction_id, kind, yes=yes):
        return None
    profile = backend.peers.profile(me).profile
    content = Content(
        pillars=profile.pillars, level=profile.level, nation=profile.nation, organisation=profile.organisation[:150]
    )
    # The same press twice gives the same draft.
    return drafted(backend.examples, me, content, origin="introduction", request=f"introduction:{introduction_id}")


def ask_a_peer(backend: Backend, me: str, question_id: str, question: str, now: datetime) -> Asked:
    """Pass a question of the log on to peers without the asker's name, and let them wait for the library's answer.

    Raises:
        MemberError: They have no profile, take no part now, or have passed on too many.
        QuestionError: It is too long.
    """
    asked = backend.peers.ask_peers(me, question, named=False)
    backend.servers.follow_requests.wait(FollowRequest(question_id=question_id, recipient=me), now)
    return asked


def reply(backend: Backend, me: str, question_id: str, text: str, *, may_share: bool) -> str | None:
    """Reply to a question; the id of the draft that it is, where its author agrees to share it. In a transaction.

    Raises:
        MemberError: It was not passed to this member, was answered already, or they are paused.
        QuestionError: The reply is empty or too long.
    """
    question = backend.library.members.question(question_id)
    backend.peers.reply(me, question_id, text, may_share=may_share)
    if not may_share or question is None:
        return None
    return _draft_of(backend, Shareable(author=me, question=question.question, reply=text.strip()), question_id)


def note_helpful(backend: Backend, me: str, question_id: str, author: str, now: datetime, *, yes: bool) -> None:
    """Note whether a reply helped. One that did becomes a draft of its author's, who agreed to that and hears of it.

    Raises:
        MemberError: There is no such reply.
    """
    share = backend.peers.helpful(me, question_id, author, yes=yes)
    if share is None:
        return
    draft = _draft_of(backend, share, question_id)
    if draft is not None and (author.isdecimal() or author.startswith(MAIL_MEMBER)):
        backend.library.outbox.add(Message(recipient=author, kind=HELPED, data={"draft": draft}), now)


def close_set(backend: Backend, me: str, set_id: str, note: str) -> str | None:
    """Close a learning set with a note; the id of the draft that it is, where its author may share. In a transaction.

    Raises:
        MemberError: They are in no such set, or it is closed.
        QuestionError: The note is empty or too long.
    """
    closed = backend.peers.close_set(me, set_id, note)
    content = Content(title=closed.topic[:LONGEST_TITLE], what=note.strip())
    draft = drafted(backend.examples, me, content, origin="learning set", request=f"set:{set_id}")
    if draft is not None:
        backend.peers.note_draft(set_id, draft)
    return draft


def _draft_of(backend: Backend, share: Shareable, question_id: str) -> str | None:
    title = share.question if len(share.question) <= LONGEST_TITLE else f"{share.question[: LONGEST_TITLE - 1]}…"
    content = Content(title=title, what=share.reply)
    return drafted(backend.examples, share.author, content, origin="peer reply", request=f"reply:{question_id}")


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
