"""Permissions on shared examples. The only place that decides them; faces and commands ask here.

An author keeps their rights over what they gave (see it, withdraw it, change how they are credited) also when they have
left the network or were banned. Nobody reviews their own example, except an admin: a small network may have no other.
"""

from enum import StrEnum

from knowledge.domain.examples import OPERATOR, Action, Actor, Author, Role, State, Submission
from knowledge.errors import ExampleNotAllowedError


class Look(StrEnum):
    """A view that changes nothing, or that concerns the whole collection."""

    VIEW = "view"
    CORRECTION = "correction"
    QUEUE = "queue"
    EXPORT = "export"
    IMPORT = "import"
    BAN = "ban"


_TEAM = frozenset({Role.MODERATOR, Role.ADMIN})
_NETWORK = _TEAM | {Role.MEMBER}
_ALWAYS = frozenset(Role) - {Role.SYSTEM}
_ASSISTANT = frozenset({Role.SYSTEM})
_NOBODY: frozenset[Role] = frozenset()

# What somebody may do to an example of their own, by role.
_AUTHOR = {
    Action.START: _NETWORK,
    Action.EDIT: _NETWORK,
    Action.SUBMIT: _NETWORK,
    Action.CREDIT: _ALWAYS,
    Action.CONFIRM: _NETWORK,
    Action.WITHDRAW: _ALWAYS,
    Look.CORRECTION: _NETWORK,
    Look.VIEW: _ALWAYS,
}
# What somebody may do to an example of another.
_OTHERS = {
    Action.CLAIM: _TEAM,
    Action.RELEASE: _TEAM,
    Action.APPROVE: _TEAM,
    Action.REQUEST_CHANGES: _TEAM,
    Action.DECLINE: _TEAM,
    Action.MERGE: _TEAM,
    Action.TAG: _TEAM,
    Action.WITHDRAW: _TEAM | _ASSISTANT,
    Action.PUBLISH: _ASSISTANT,
    Action.CORRECT: _ASSISTANT,
    Action.APPLY: _ASSISTANT,
    Look.CORRECTION: _TEAM,
    Look.VIEW: _TEAM,
}
_REVIEW = frozenset(
    {
        Action.CLAIM,
        Action.RELEASE,
        Action.APPROVE,
        Action.REQUEST_CHANGES,
        Action.DECLINE,
        Action.MERGE,
        Action.TAG,
    }
)
_COLLECTION = {
    Look.QUEUE: _TEAM,
    Look.EXPORT: _TEAM,
    Look.IMPORT: frozenset({Role.ADMIN}),
    Look.BAN: frozenset({Role.ADMIN}),
}

_REFUSALS = {
    Action.START: "Examples are shared by members of the network.",
    Action.EDIT: "Only its author may change an example.",
    Action.SUBMIT: "Only its author may submit an example.",
    Action.CREDIT: "Only its author may say how an example is credited.",
    Action.CONFIRM: "Only its author may say that an example still holds.",
    Action.WITHDRAW: "An example is withdrawn by its author, or with a reason by a moderator.",
    Action.CORRECT: "The assistant corrects an example by itself once a moderator has approved the correction.",
    Action.APPLY: "The assistant closes a correction by itself once it is published.",
    Action.PUBLISH: "The assistant publishes an example by itself once a moderator has approved it.",
    Look.VIEW: "What is not published is shown to its author and to moderators.",
    Look.CORRECTION: "A published example is corrected by its author or by a moderator.",
    Look.QUEUE: "The queue is for moderators.",
    Look.EXPORT: "The collection is exported by moderators.",
    Look.IMPORT: "Examples are imported by an admin.",
    Look.BAN: "Members are banned from sharing by an admin.",
}
_OWN_REVIEW = "Nobody reviews their own example: another moderator has to."
_REVIEW_REFUSAL = "Examples are reviewed by moderators."
_BANNED = "You cannot share examples at the moment. You may still see and withdraw what you gave."


def may(actor: Actor, action: Action | Look, author: Author | None = None) -> bool:
    """Return whether an actor may do something.

    `author` is that of the example concerned (none: the whole collection).
    """
    if action in _COLLECTION:
        return actor.role in _COLLECTION[Look(action)]
    if author is not None and is_author(actor, author):
        if actor.role is Role.ADMIN and action in _REVIEW:
            return True
        return actor.role in _AUTHOR.get(action, _NOBODY)
    if action in (Action.START, Action.SUBMIT, Action.EDIT):
        # Whoever sits at the machine enters examples for others, and mends them: by hand, or from a spreadsheet.
        return actor == OPERATOR
    return actor.role in _OTHERS.get(action, _NOBODY)


def may_see(actor: Actor, submission: Submission) -> bool:
    """Return whether an actor may see a submission: everybody what is published, only the operator others' drafts."""
    if submission.state is State.PUBLISHED:
        return True
    if submission.state is State.DRAFT and not is_author(actor, submission.author):
        return actor == OPERATOR
    return may(actor, Look.VIEW, submission.author)


def require_sight(actor: Actor, submission: Submission) -> None:
    """Accept only who may see it.

    Raises:
        ExampleNotAllowedError: They may not.
    """
    if not may_see(actor, submission):
        raise ExampleNotAllowedError(_REFUSALS[Look.VIEW])


def require(actor: Actor, action: Action | Look, author: Author | None = None) -> None:
    """Accept only what is allowed.

    Raises:
        ExampleNotAllowedError: It is not; the message says who may.
    """
    if may(actor, action, author):
        return
    if actor.role is Role.BANNED and action not in _REVIEW:
        raise ExampleNotAllowedError(_BANNED)
    if action in _REVIEW:
        own = author is not None and is_author(actor, author) and actor.role in _TEAM
        raise ExampleNotAllowedError(_OWN_REVIEW if own else _REVIEW_REFUSAL)
    raise ExampleNotAllowedError(_REFUSALS[action])


def is_author(actor: Actor, author: Author) -> bool:
    """Return whether the actor gave the example.

    An example without a member's name to it has no author who could act.
    """
    return actor.id is not None and actor.id == author.member
