"""Where review cards are when an admin chooses another review channel."""

import pytest

from bot.discord.examples import texts
from knowledge.domain.examples import OPERATOR
from knowledge.examples.examples import Examples
from tests.bot.conftest import labels_in, text_in
from tests.knowledge.examples.conftest import content

pytestmark = pytest.mark.usefixtures("setting")


@pytest.fixture
def late(guild):
    return guild.create_text_channel("late")


@pytest.fixture
def choose(guild, filled, admin, channel):
    async def to(chosen):
        panel = (await admin.slash(channel, "setup")).response
        await admin.select(panel, [chosen] if chosen else [], custom_id="haln:setup_review:")

    return to


@pytest.fixture
def rounds(simcord_env, clock):
    """Lets the bot look after its cards some times."""

    async def pass_(number=3):
        for _ in range(number):
            clock.pass_(seconds=60)
            await simcord_env.advance_time(20)

    return pass_


def moved_to(channel):
    return texts.CARD_MOVED.format(channel=f"<#{channel.id}>")


async def test_open_cards_move_with_the_review_channel(author, moderator, giver, review, late, choose, rounds):
    done, waits = await giver.submitted(author), None
    await moderator.click(review.last_message, label=texts.APPROVE)
    waits = await giver.submitted(author)
    await choose(late)
    await rounds()
    decided, left = review.history()
    assert done in text_in(decided)
    assert (text_in(left), labels_in(left)) == (moved_to(late), [])
    assert [waits in text_in(card) for card in late.history()] == [True]
    # The card that is left behind shows nothing of what happens from now on.
    await moderator.click(late.last_message, label=texts.APPROVE)
    await rounds()
    assert text_in(review.history()[1]) == moved_to(late)
    assert giver.state(waits) == "published"


async def test_nothing_is_lost_while_discord_is_down(
    author, giver, review, late, choose, rounds, simcord_env, make_bot
):
    waits = await giver.submitted(author)
    await choose(late)
    simcord_env.inject_error("POST", f"/channels/{late.id}/messages", status=503, times=2)
    simcord_env.inject_error("PATCH", f"/channels/{review.id}/messages/*", status=503, times=2)
    await rounds(1)
    # Not told that it moved before it is there.
    assert (late.history(), waits in text_in(review.last_message)) == ([], True)
    await simcord_env.restart_bot(make_bot())
    await rounds(12)
    assert [waits in text_in(card) for card in late.history()] == [True]
    assert text_in(review.last_message) == moved_to(late)


async def test_going_back_and_forth_leaves_one_open_card(author, giver, review, late, choose, rounds):
    waits = await giver.submitted(author)
    for chosen in (late, review, late, review):
        await choose(chosen)
        await rounds()
    open_cards = [text_in(card) for place in (review, late) for card in place.history() if labels_in(card)]
    assert len(open_cards) == 1
    assert waits in open_cards[0]
    assert labels_in(review.last_message)


async def test_a_card_stays_where_it_is_while_no_other_channel_is_chosen(author, giver, review, choose, rounds):
    waits = await giver.submitted(author)
    await choose(None)
    await rounds()
    assert waits in text_in(review.last_message)
    assert labels_in(review.last_message)


async def test_a_card_that_can_not_be_changed_any_more_is_let_go(
    author, giver, review, late, choose, rounds, simcord_env, filled
):
    waits = await giver.submitted(author)
    simcord_env.inject_error("PATCH", f"/channels/{review.id}/messages/*", status=403, code=50001, times=1)
    await choose(late)
    await rounds()
    assert [card.channel_id for card in filled.servers.reviews.cards(waits)] == [late.id]


async def test_each_server_points_to_its_own_channel(guild, filled, simcord_env, review, late, choose, rounds, clock):
    """What was given on no server has a card on each; one server's choice says nothing of another's channel."""
    theirs = simcord_env.create_guild("elsewhere").create_text_channel("their-review")
    settings, elsewhere = filled.servers.settings, theirs.guild.id
    settings.save_server(settings.server(elsewhere).model_copy(update={"review_channel": theirs.id}))
    Examples(filled, None, None, clock).share(OPERATOR, content())
    await rounds()
    assert [len(place.history()) for place in (review, theirs)] == [1, 1]
    await choose(late)
    await rounds()
    assert text_in(review.last_message) == moved_to(late)
    assert labels_in(theirs.last_message)
    assert len(late.history()) == 1
