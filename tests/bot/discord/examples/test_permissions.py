"""Who may do what in Discord: each action by each person, in the server and out of it."""

import copy

import discord
import pytest

from bot.discord.examples import texts
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import button
from knowledge.domain.examples import OPERATOR
from knowledge.domain.vocabulary import ExampleState
from knowledge.examples.examples import Examples
from tests.bot.conftest import offer, said
from tests.bot.discord.examples.conftest import ANSWERS, permissions

pytestmark = pytest.mark.simcord(check_errors=False)

WAITING, PUBLISHED, DRAFT = "submitted", "published", "draft"
AUTHOR, MEMBER, MODERATOR, ADMIN, OUTSIDER, BANNED = "author", "member", "moderator", "admin", "outsider", "banned"
EVERYBODY = {AUTHOR, MEMBER, MODERATOR, ADMIN, OUTSIDER, BANNED}
TEAM = {MODERATOR, ADMIN}
# The button, what its form wants, the state it acts on, how it is seen that it did (the state after, or a text that
# says so), and who may.
ACTIONS = [
    ("review_approve", None, WAITING, "published", TEAM),
    ("review_claim", None, WAITING, "in_review", TEAM),
    ("review_decline", {"reason": "R."}, WAITING, "declined", TEAM),
    ("review_request_changes", {"reason": "R."}, WAITING, "changes_requested", TEAM),
    ("review_withdraw", {"reason": "R."}, PUBLISHED, "withdrawn", TEAM),
    ("review_tags", None, WAITING, "Tags of", TEAM),
    ("review_merge", None, WAITING, "nearly the same", TEAM),
    ("example_submit", None, DRAFT, "submitted", {AUTHOR}),
    ("example_text", {**ANSWERS, "what": "Changed."}, WAITING, "Changed.", {AUTHOR}),
    ("example_edit", None, WAITING, "form", {AUTHOR}),
    ("example_open", None, WAITING, texts.CARD_TITLE, {AUTHOR}),
    ("example_discard_yes", None, DRAFT, texts.DISCARDED, {AUTHOR}),
    ("example_holds", None, PUBLISHED, "ask you again", {AUTHOR}),
    ("example_withdraw_yes", None, WAITING, "withdrawn", {AUTHOR}),
    ("example_withdraw_yes", None, PUBLISHED, "withdrawn", {AUTHOR}),
    ("example_read", None, WAITING, "Forty colleagues", {AUTHOR, *TEAM}),
    ("example_read", None, PUBLISHED, "Forty colleagues", EVERYBODY),
    ("example_read", None, DRAFT, "Forty colleagues", {AUTHOR}),
    ("example_own", None, PUBLISHED, texts.CARD_TITLE, {AUTHOR}),
]


@pytest.fixture(autouse=True)
def _offered_to_everybody(simcord_env, guild, moderator):
    """An admin who offers a command to everybody gives nobody a right."""
    offer(simcord_env, guild, guild.default_role, "insights", "queue", "sets")


@pytest.fixture
def people(author, other, moderator, admin, guild, simcord_env, filled):
    banned = guild.add_member(simcord_env.create_user("banned"))
    Examples(filled).set_banned(OPERATOR, str(banned.id), banned=True)
    # Whoever left is an outsider: they can still press what was sent to them directly.
    left = guild.add_member(simcord_env.create_user("outsider"))
    return {AUTHOR: author, MEMBER: other, MODERATOR: moderator, ADMIN: admin, BANNED: banned, OUTSIDER: left}


async def prepared(state, giver, author, filled, review, moderator):
    if state == DRAFT:
        await giver.complete(author)
        return giver.newest()
    example = await giver.submitted(author)
    if state == PUBLISHED:
        await moderator.click(review.last_message, label=texts.APPROVE)
    return example


async def pressed(person, who, channel, env, guild, action, example, version):
    """The result of a press on such a button, wherever it came from."""
    with_version = action.startswith("review_")
    key = f"{example}:{version}" if with_version else f"{example}:0" if action == "example_read" else example
    name = "example_edit" if action == "example_text" else action
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(button(name, key, "Press")))
    if who != OUTSIDER:
        sent = await env.bot.get_channel(channel.id).send(view=view)
        return await person.click(sent, label="Press"), person
    user = await env.bot.fetch_user(person.id)
    sent = await user.send(view=view)
    guild.remove_member(person)
    return await person.user.click(sent, label="Press"), person.user


CASES = [(*case, who) for case in ACTIONS for who in sorted(case[-1])]


@pytest.mark.parametrize(
    ("action", "form", "state", "done", "allowed", "who"), CASES, ids=lambda v: v if isinstance(v, str) else None
)
async def test_each_action_by_each_person(
    people, giver, filled, channel, review, guild, simcord_env, action, form, state, done, allowed, who
):
    """Whoever may not press it first, one after the other, and change nothing; then somebody who may."""
    example = await prepared(state, giver, people[AUTHOR], filled, review, people[MODERATOR])
    before = filled.examples.find(example)
    # The matrix is whole with one round of refusals for each action.
    refused = sorted(EVERYBODY - allowed) if who == min(allowed) else []
    for one in (*refused, who):
        result, person = await pressed(people[one], one, channel, simcord_env, guild, action, example, before.version)
        seen = said(result)
        if form is not None and result.modal is not None:
            result = await person.submit_modal(result, form)
            seen += said(result)
        after = filled.examples.find(example)
        acted = did(done, after, result, "\n".join([seen, *after_messages(channel, people[one])]))
        assert acted == (one in allowed), (one, seen)
        if one not in allowed:
            assert after == before, one
            assert seen, one


def did(done, after, result, seen):
    """Whether a press did what it is for."""
    if done == texts.DISCARDED:
        return after is None
    if done in set(ExampleState):
        return after.state == done
    return result.modal is not None if done == "form" else done in seen


def after_messages(channel, person):
    from tests.bot.conftest import text_in

    yield from (text_in(message) for message in channel.history())
    yield from (text_in(message) for message in person.user.dm_channel.history())


@pytest.mark.parametrize("who", sorted(EVERYBODY - {OUTSIDER}))
async def test_each_command_by_each_person(people, channel, filled, who):
    person = people[who]
    shown = await person.slash(channel, "share")
    assert (shown.modal is not None) == (who != BANNED)
    if who == BANNED:
        assert "cannot share examples at the moment" in said(shown)
    queue = said(await person.slash(channel, "queue"))
    assert (texts.QUEUE_EMPTY in queue) == (who in TEAM)
    assert texts.MINE_NONE in said(await person.slash(channel, "my-examples"))


async def test_an_outsider_shares_nothing(people, guild, simcord_env, filled):
    left = people[OUTSIDER]
    guild.remove_member(left)
    assert "shared by members of the network" in said(await left.user.slash("share"))
    assert filled.examples.counts() == {}


async def test_a_member_shares_in_a_direct_message_for_their_server(people, guild, filled, giver, review):
    author = people[AUTHOR]
    shown = await author.user.slash("share")
    await author.user.submit_modal(shown, ANSWERS)
    assert filled.servers.reviews.place(giver.newest()) == guild.id


async def test_one_server_that_fails_stops_no_direct_message(people, guild, filled, giver, review, simcord_env):
    author, other = people[AUTHOR], simcord_env.create_guild("another")
    other.create_text_channel("general")
    simcord_env.inject_error("GET", f"/guilds/{other.id}/members/*", status=503, times=None)
    await author.user.submit_modal(await author.user.slash("share"), ANSWERS)
    assert filled.servers.reviews.place(giver.newest()) == guild.id
    simcord_env.inject_error("GET", f"/guilds/{guild.id}/members/*", status=503, times=None)
    # Where it is not known, it is not said that they are no member.
    seen = said(await author.user.slash("my-examples"))
    assert seen
    assert "shared by members of the network" not in seen


async def test_a_moderator_does_not_review_their_own(people, giver, review, filled):
    moderator = people[MODERATOR]
    await giver.submitted(moderator)
    result = await moderator.click(review.last_message, label=texts.APPROVE)
    assert "Nobody reviews their own example" in said(result)
    result = await moderator.click(review.last_message, label=texts.DECLINE)
    assert result.modal is None
    assert giver.state() == "submitted"


async def test_moderators_of_another_server_have_no_say(people, giver, review, filled, simcord_env):
    example = await giver.submitted(people[AUTHOR])
    elsewhere = simcord_env.create_guild("elsewhere")
    role = elsewhere.create_role("their admins", permissions=permissions(manage_guild=True, manage_messages=True))
    stranger = elsewhere.add_member(simcord_env.create_user("stranger"), roles=[role])
    theirs = elsewhere.create_text_channel("their-review")
    settings = filled.servers.settings
    settings.save_server(settings.server(elsewhere.id).model_copy(update={"review_channel": theirs.id}))
    await simcord_env.advance_time(40)
    assert theirs.history() == []
    assert texts.QUEUE_EMPTY in said(await stranger.slash(theirs, "queue"))
    version = filled.examples.find(example).version
    for action in ("review_approve", "review_decline", "review_tags", "example_read"):
        view = discord.ui.LayoutView(timeout=None)
        key = f"{example}:{version}" if action.startswith("review") else f"{example}:0"
        view.add_item(discord.ui.ActionRow(button(action, key, "Press")))
        sent = await simcord_env.bot.get_channel(theirs.id).send(view=copy.copy(view))
        result = await stranger.click(sent, label="Press")
        assert result.modal is None
        assert "Forty colleagues" not in said(result)
    assert giver.state() == "submitted"


@pytest.mark.parametrize("everywhere", [False, True])
async def test_who_manages_messages_in_one_channel_only_reviews_nothing(
    people, giver, review, guild, filled, simcord_env, everywhere
):
    example = await giver.submitted(people[AUTHOR])
    roles = [guild.create_role("tidy", permissions=permissions(manage_messages=True))] if everywhere else []
    host = guild.add_member(simcord_env.create_user("host"), roles=roles)
    allowed = discord.PermissionOverwrite(manage_messages=True, view_channel=True)
    own = guild.create_text_channel("own", overwrites={host: allowed})
    seen = said(await host.slash(own, "queue"))
    assert (runtime_texts.MODERATORS_ONLY in seen, example in seen) == (not everywhere, False)
    sets = said(await host.slash(own, "sets"))
    assert (sets == runtime_texts.MODERATORS_ONLY) is not everywhere
    version = filled.examples.find(example).version
    for action, key in (("review_claim", f"{example}:{version}"), ("digest_off", "")):
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.ActionRow(button(action, key, "Press")))
        await host.click(await simcord_env.bot.get_channel(own.id).send(view=view), label="Press")
    assert giver.state() == ("in_review" if everywhere else "submitted")
    assert filled.servers.digests.digest(guild.id).paused is everywhere
