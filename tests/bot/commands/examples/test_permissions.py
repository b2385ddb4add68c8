"""Who may do what on the command line: each command by each person, on an example that waits or is published."""

import json

import pytest

A, OTHER, BANNED, M = "sample-author", "sample-other", "sample-banned", "sample-m"
WAITING, PUBLISHED = "submitted", "published"
# command, the option that says who acts, the state that it needs, and who may.
COMMANDS = [
    (["edit", "{id}", "{form}"], "--author", WAITING, {A}),
    (["credit", "{id}", "anonymous"], "--author", WAITING, {A}),
    (["credit", "{id}", "anonymous"], "--author", PUBLISHED, {A}),
    (["confirm", "{id}"], "--author", PUBLISHED, {A}),
    (["withdraw", "{id}"], "--author", WAITING, {A}),
    (["withdraw", "{id}"], "--author", PUBLISHED, {A}),
    (["withdraw", "{id}", "--reason", "R"], "--moderator", PUBLISHED, {A, M, OTHER}),
    (["show", "{id}"], "--as", WAITING, {A}),
    (["show", "{id}"], "--as", PUBLISHED, {A, M, OTHER, BANNED}),
    (["review", "{id}", "claim"], "--moderator", WAITING, {M, OTHER}),
    (["review", "{id}", "approve"], "--moderator", WAITING, {M, OTHER}),
    (["review", "{id}", "request-changes", "--reason", "R"], "--moderator", WAITING, {M, OTHER}),
    (["review", "{id}", "decline", "--reason", "R"], "--moderator", WAITING, {M, OTHER}),
    (["tag", "{id}", "--level", "local"], "--moderator", WAITING, {M, OTHER}),
    (["tag", "{id}", "--level", "local"], "--moderator", PUBLISHED, {M, OTHER}),
    (["merge", "{id}", "{second}"], "--moderator", WAITING, {M, OTHER}),
]


@pytest.mark.parametrize("who", [A, OTHER, BANNED, M])
@pytest.mark.parametrize(
    ("command", "option", "state", "allowed"), COMMANDS, ids=lambda v: v[0] if isinstance(v, list) else None
)
def test_each_command_by_each_person(run, form, submitted, command, option, state, allowed, who):
    """Whoever is given with --moderator counts as one: the operator vouches for it. Authors and the banned do not."""
    ids = {"{id}": submitted(), "{second}": submitted(author="sample-third"), "{form}": str(form())}
    if state == PUBLISHED:
        assert run("examples", "review", ids["{id}"], "approve", "--moderator", "sample-n")[0] == 0
    run("examples", "ban", BANNED)
    status, out, err = run("examples", *(ids.get(word, word) for word in command), option, who)
    assert (status == 0) == (who in allowed), err
    if status:
        assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_a_banned_author_sees_and_withdraws_and_no_more(run, form, submitted):
    given = submitted(author=BANNED)
    run("examples", "ban", BANNED)
    assert run("examples", "submit", form(author=BANNED))[0] == 1
    assert run("examples", "edit", given, form(), "--author", BANNED)[0] == 1
    assert json.loads(run("examples", "mine", BANNED, "--json")[1])["examples"][0]["id"] == given
    assert run("examples", "withdraw", given, "--author", BANNED)[0] == 0
