"""Who may do what: the whole table, written out, against the one rule and against the service that asks it."""

import pytest

from knowledge.domain.examples import OPERATOR, SYSTEM, Action, Actor, Author, Role
from knowledge.domain.vocabulary import Credit
from knowledge.errors import ExampleConflictError, ExampleNotAllowedError
from knowledge.examples.permissions import Look, may
from knowledge.storage.example_protocols import Selection
from tests.knowledge.examples.conftest import ADMIN, AUTHOR, MODERATOR, OTHER, OUTSIDER, content

BANNED = Actor("sample-banned", Role.BANNED)
ACTORS = {
    "outsider": OUTSIDER,
    "banned": BANNED,
    "member": OTHER,
    "author": AUTHOR,
    "banned author": Actor(AUTHOR.id, Role.BANNED),
    "author who left": Actor(AUTHOR.id, Role.OUTSIDER),
    "moderator": MODERATOR,
    "author, moderator": Actor(AUTHOR.id, Role.MODERATOR),
    "admin": ADMIN,
    "operator": OPERATOR,
    "assistant": SYSTEM,
}
AUTHORS = {"author", "author, moderator"}
ANY_AUTHOR = AUTHORS | {"banned author", "author who left"}
TEAM = {"moderator", "admin", "operator"}
# Everybody who may; whoever is not named may not. The example is AUTHOR's.
TABLE = {
    Action.START: AUTHORS | {"operator"},
    Action.EDIT: AUTHORS | {"operator"},
    Action.SUBMIT: AUTHORS | {"operator"},
    Action.CREDIT: ANY_AUTHOR,
    Action.CONFIRM: AUTHORS,
    # The assistant: what would have corrected an example goes with it.
    Action.WITHDRAW: ANY_AUTHOR | TEAM | {"assistant"},
    Action.CLAIM: TEAM,
    Action.RELEASE: TEAM,
    Action.APPROVE: TEAM,
    Action.REQUEST_CHANGES: TEAM,
    Action.DECLINE: TEAM,
    Action.MERGE: TEAM,
    Action.TAG: TEAM,
    Action.PUBLISH: {"assistant"},
    Action.CORRECT: {"assistant"},
    Action.APPLY: {"assistant"},
    Look.CORRECTION: AUTHORS | TEAM,
    Look.VIEW: ANY_AUTHOR | TEAM,
    Look.QUEUE: TEAM | {"author, moderator"},
    Look.EXPORT: TEAM | {"author, moderator"},
    Look.IMPORT: {"admin", "operator"},
    Look.BAN: {"admin", "operator"},
}


def test_the_table_is_whole():
    assert set(TABLE) == set(Action) | set(Look)


@pytest.mark.parametrize("name", ACTORS)
@pytest.mark.parametrize("action", TABLE, ids=str)
def test_the_rule(name, action):
    assert may(ACTORS[name], action, Author(member=AUTHOR.id)) == (name in TABLE[action])


def calls(examples, example, other):
    """Every action as the service offers it, on an example that waits for a decision."""
    return {
        Action.EDIT: lambda actor: examples.edit(actor, example, content()),
        Action.SUBMIT: lambda actor: examples.submit(actor, example),
        Action.CREDIT: lambda actor: examples.set_credit(actor, example, Credit.ANONYMOUS),
        Action.CONFIRM: lambda actor: examples.still_holds(actor, example),
        Action.WITHDRAW: lambda actor: examples.withdraw(actor, example, "A reason."),
        Action.CLAIM: lambda actor: examples.review(actor, example, Action.CLAIM),
        Action.RELEASE: lambda actor: examples.review(actor, example, Action.RELEASE),
        Action.APPROVE: lambda actor: examples.review(actor, example, Action.APPROVE),
        Action.REQUEST_CHANGES: lambda actor: examples.review(actor, example, Action.REQUEST_CHANGES, "A reason."),
        Action.DECLINE: lambda actor: examples.review(actor, example, Action.DECLINE, "A reason."),
        Action.MERGE: lambda actor: examples.merge(actor, example, other),
        Action.TAG: lambda actor: examples.tag(actor, example, pillars=()),
        Look.VIEW: lambda actor: examples.show(actor, example),
        Look.CORRECTION: lambda actor: examples.correct(actor, example),
        Look.QUEUE: lambda actor: examples.list(actor, Selection()),
        Look.EXPORT: lambda actor: examples.collection(actor, Selection()),
        Look.BAN: lambda actor: examples.set_banned(actor, "sample-nobody", banned=True),
    }


BY_ITSELF = (Action.PUBLISH, Action.CORRECT, Action.APPLY)
SERVED = [action for action in TABLE if action not in (*BY_ITSELF, Action.START, Look.IMPORT)]


@pytest.mark.parametrize("action", SERVED, ids=str)
def test_the_service_asks_the_rule(examples, action):
    for name, actor in ACTORS.items():
        example = examples.share(AUTHOR, content()).id
        call = calls(examples, example, examples.share(OTHER, content()).id)[action]
        refused = False
        try:
            call(actor)
        except ExampleNotAllowedError:
            refused = True
        except ExampleConflictError:
            pass  # allowed, but not possible just now
        assert refused == (name not in TABLE[action]), name


@pytest.mark.parametrize("name", ACTORS)
def test_who_may_share(examples, name):
    actor = ACTORS[name]
    allowed = name in {"member", "author", "author, moderator", "moderator", "admin", "operator"}
    try:
        examples.share(actor, content())
        shared = True
    except ExampleNotAllowedError:
        shared = False
    assert shared == allowed


def test_the_service_knows_who_is_banned(examples):
    mine = examples.share(AUTHOR, content()).id
    examples.set_banned(ADMIN, AUTHOR.id, banned=True)
    for refused in (
        lambda: examples.share(AUTHOR, content()),
        lambda: examples.edit(AUTHOR, mine, content()),
    ):
        with pytest.raises(ExampleNotAllowedError, match="cannot share examples at the moment"):
            refused()
    examples.set_banned(ADMIN, MODERATOR.id, banned=True)
    with pytest.raises(ExampleNotAllowedError):
        examples.review(MODERATOR, mine, Action.APPROVE)
    assert examples.show(AUTHOR, mine).own
    examples.set_credit(AUTHOR, mine, Credit.ANONYMOUS)
    examples.withdraw(AUTHOR, mine)
    examples.set_banned(ADMIN, AUTHOR.id, banned=False)
    examples.share(AUTHOR, content())
