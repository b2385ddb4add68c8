"""`/queue` and `/my-examples`: order, pages, what can be done, and a thousand submissions."""

import time

import pytest

from bot.discord.examples import texts
from knowledge.dates import spoken_date
from knowledge.domain.examples import Action, Actor, Author, Content, Role, State
from knowledge.examples.examples import Examples
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.examples.conftest import direct

pytestmark = pytest.mark.usefixtures("setting")
MODERATOR = Actor("sample-m", Role.MODERATOR)
# A thousand are looked through in a small part of a second here; a slow shared machine gets ten times that.
MOST_SECONDS = 2.0


def share(filled, clock, number, **changes):
    """Examples that come in one after another on no server, an hour between them."""
    examples = Examples(filled, clock=clock)
    ids = []
    for n in range(number):
        content = Content(
            title=f"Example number {n}",
            what="W.",
            what_happened="H.",
            outcome="worked",
            credit="anonymous",
            clearance=True,
        )
        actor = Actor(f"sample-{n}", Role.MEMBER)
        draft = examples.draft(actor, content.model_copy(update=changes), Author(member=actor.id))
        ids.append(draft.id)
        examples.submit(actor, draft.id)
        clock.pass_(hours=1)
    return ids


async def test_the_queue_shows_the_oldest_first_in_pages(moderator, review, filled, clock):
    share(filled, clock, 10)
    clock.pass_(days=3)
    result = await moderator.slash(review, "queue")
    assert result.ephemeral
    text = said(result)
    assert texts.QUEUE_TITLE.format(number=10) in text
    shown = [n for n in range(10) if f"Example number {n}" in text]
    assert shown == list(range(8))
    assert text.index("number 0") < text.index("number 1") < text.index("number 7")
    assert "has waited for 3 days" in text
    await moderator.click(result.response, label="Next")
    text = text_in(result.response)
    assert "Example number 9" in text
    assert "Example number 1\n" not in text
    await moderator.click(result.response, label="Previous")
    assert "Example number 0" in text_in(result.response)


async def test_the_queue_leads_to_the_card_and_a_copy_of_it_decides(author, moderator, giver, review, guild, filled):
    example = await giver.submitted(author)
    queue = (await moderator.slash(review, "queue")).response
    assert f"https://discord.com/channels/{guild.id}/{review.id}/{review.last_message.id}" in text_in(queue)
    copy = await moderator.select(queue, [example])
    assert copy.ephemeral
    await moderator.click(copy.response, label=texts.APPROVE)
    assert giver.state() == "published"
    assert "An example: published" in text_in(review.last_message)
    assert texts.QUEUE_EMPTY in said(await moderator.slash(review, "queue"))


@pytest.mark.slow
async def test_a_thousand_submissions_stay_usable(moderator, review, filled, clock, monkeypatch):
    """Their cards are there already: how fast a channel takes a thousand messages is Discord's own affair."""
    with monkeypatch.context() as patched:
        patched.setattr("knowledge.examples.context.find_duplicates", lambda *_: [])
        share(filled, clock, 1000)
    with filled.examples._connections.write() as connection:
        connection.execute("UPDATE outbox SET done_at = created_at")
        connection.execute("INSERT INTO review_cards SELECT id, ?, rowid FROM submissions", [review.id])
    began = time.perf_counter()
    queue = (await moderator.slash(review, "queue")).response
    assert time.perf_counter() - began < MOST_SECONDS
    assert "Page 1 of 125" in text_in(queue)
    began = time.perf_counter()
    await moderator.click(queue, label="Next")
    assert time.perf_counter() - began < MOST_SECONDS
    assert "Page 2 of 125" in text_in(queue)
    example = filled.examples.select(selection(State.SUBMITTED), limit=9)[8].id
    copy = (await moderator.select(queue, [example])).response
    await moderator.click(copy, label=texts.DECLINE)
    await moderator.click(copy, label=texts.APPROVE)
    assert filled.examples.find(example).state is State.PUBLISHED


def selection(*states):
    from knowledge.storage.example_protocols import Selection

    return Selection(states=states)


async def test_my_examples_says_how_far_each_is(author, other, moderator, giver, channel, review):
    assert texts.QUEUE_EMPTY
    assert texts.MINE_NONE in said(await author.slash(channel, "my-examples"))
    await giver.submitted(author)
    shown = await moderator.click(review.last_message, label=texts.DECLINE)
    await moderator.submit_modal(shown, {"reason": "Not about anchors."})
    await giver.draft(author)
    text = said(await author.slash(channel, "my-examples"))
    assert texts.STATES[State.DECLINED] in text
    assert texts.STATES[State.DRAFT] in text
    assert texts.MINE_NONE in said(await other.slash(channel, "my-examples"))


async def test_the_reason_and_what_can_be_done_are_shown(author, moderator, giver, channel, review):
    example = await giver.submitted(author)
    shown = await moderator.click(review.last_message, label=texts.REQUEST_CHANGES)
    await moderator.submit_modal(shown, {"reason": "Say how it was paid for."})
    mine = (await author.slash(channel, "my-examples")).response
    await author.select(mine, [example])
    assert texts.LAST_REASON.format(reason="Say how it was paid for.") in text_in(mine)
    assert labels_in(mine) == [texts.EDIT, texts.READ, texts.WITHDRAW, texts.BACK]
    assert moderator.name not in text_in(mine)


async def test_withdrawing_asks_once_and_nothing_finds_it_then(
    author, moderator, giver, channel, review, filled, make_bot, simcord_env
):
    example = await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    assert "Forty colleagues" in said(
        await author.slash(channel, "ask", question="What happened with the bicycle workshop next to the canteen?")
    )
    mine = (await author.slash(channel, "my-examples")).response
    await author.select(mine, [example])
    await simcord_env.restart_bot(make_bot())
    await author.click(mine, label=texts.WITHDRAW)
    assert giver.state() == "published"
    await author.click(mine, label=texts.KEEP)
    await author.click(mine, label=texts.WITHDRAW)
    await author.click(mine, label=texts.WITHDRAW_YES)
    assert giver.state(example) == "withdrawn"
    assert "Forty colleagues" not in said(
        await author.slash(channel, "ask", question="What happened with the bicycle workshop next to the canteen?")
    )
    assert "Forty colleagues" not in text_in(review.last_message)


async def test_what_is_approved_cannot_be_edited_and_its_credit_can(author, moderator, giver, channel, review, filled):
    example = await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    mine = (await author.slash(channel, "my-examples")).response
    await author.select(mine, [example])
    assert texts.EDIT not in labels_in(mine)
    await author.select(mine, ["named"], custom_id=f"haln:example_credit:{example}")
    assert filled.store.document_at(f"example:{example}").metadata.source_title == "sam-sample"
    assert "Credited to: sam-sample" in text_in(review.last_message)


async def test_the_author_is_asked_whether_it_still_holds(
    author, moderator, giver, review, filled, clock, simcord_env, make_bot
):
    example = await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    clock.pass_(days=800)
    await simcord_env.advance_time(3700)
    asked = author.user.dm_channel.last_message
    assert "Does it still hold?" in text_in(asked)
    await simcord_env.restart_bot(make_bot())
    await author.user.click(asked, label=texts.HOLDS)
    assert filled.examples.find(example).review_on > clock().date().isoformat()
    assert filled.examples.history(example)[-1].action is Action.CONFIRM
    assert len([text for text in direct(author) if "Does it still hold?" in text]) == 0
    assert f"after {spoken_date(filled.examples.find(example).review_on)}." in direct(author)[-1]
