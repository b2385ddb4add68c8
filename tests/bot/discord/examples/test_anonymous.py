"""Anonymous is anonymous everywhere; what is kept about somebody can be seen and forgotten."""

import json
import logging

import pytest

from bot.discord.examples import texts
from bot.discord.privacy import texts as privacy
from knowledge.domain.examples import Actor, Role, State
from knowledge.examples.examples import Examples
from knowledge.examples.export import as_csv, as_json, as_one_markdown
from knowledge.privacy.member_data import Published
from knowledge.storage.example_protocols import Selection
from tests.bot.conftest import said, text_in
from tests.bot.discord.examples.conftest import direct

pytestmark = pytest.mark.usefixtures("setting")
ADMIN = Actor("sample-admin", Role.ADMIN)


async def test_nobody_learns_who_gave_an_anonymous_example(
    author, other, moderator, second, giver, review, channel, filled, caplog, simcord_env
):
    """From the draft to the answer: nothing that others see, and no line of any log, names its author."""
    with caplog.at_level(logging.INFO):
        caplog.handler.addFilter(lambda record: not record.name.startswith(("discord.", "simcord", "asyncio")))
        first = len(simcord_env.http_requests)
        example = await giver.submitted(author, credit="anonymous")
        cards = [text_in(message) for message in review.history()]
        assert "wishes to be anonymous" in cards[0]
        await moderator.click(review.last_message, label=texts.CLAIM)
        shown = await moderator.click(review.last_message, label=texts.REQUEST_CHANGES)
        await moderator.submit_modal(shown, {"reason": "More, please."})
        mine = (await author.slash(channel, "my-examples")).response
        await author.select(mine, [example])
        await author.click(mine, label=texts.EDIT)
        await author.select(mine, ["worked"], custom_id=f"haln:example_outcome:{example}")
        queue = await second.slash(review, "queue")
        copy = await second.select(queue.response, [example])
        read = await second.click(copy.response, label=texts.REVIEW_READ)
        await second.click(copy.response, label=texts.APPROVE)
        answer = await other.slash(channel, "ask", question="What happened with the bicycle workshop at the canteen?")
        cards += [text_in(message) for message in review.history()]
    assert giver.state() == "published"
    seen = [*cards, said(queue), said(copy), said(read), said(answer)]
    views = Examples(filled).collection(ADMIN, Selection())
    seen += [as_csv(views), as_json(views), as_one_markdown(views)]
    sent_to_others = [
        json.dumps(request.json)
        for request in simcord_env.http_requests[first:]
        if request.path.startswith(f"/channels/{review.id}/")
    ]
    for text in (*seen, *sent_to_others, caplog.text):
        assert str(author.id) not in text
        assert author.name not in text


async def test_who_gave_it_in_their_organisations_name_is_told_to_no_moderator(
    author, moderator, giver, review, filled, simcord_env
):
    first = len(simcord_env.http_requests)
    draft = await giver.complete(author)
    details = await author.click(draft, label=texts.EDIT_DETAILS)
    await author.submit_modal(details, {"organisation": "Sample Hospital Trust", "name": "Sam Sample"})
    example = giver.newest()
    await author.select(draft, ["organisation"], custom_id=f"haln:example_credit:{example}")
    await author.click(draft, label=texts.SUBMIT)
    await moderator.click(review.last_message, label=texts.CLAIM)
    await moderator.click(review.last_message, label=texts.APPROVE)
    assert giver.state() == "published"
    (card,) = [text_in(message) for message in review.history()]
    assert texts.ORGANISATION_ONLY.format(credit="Sample Hospital Trust") in card
    sent = [
        json.dumps(r.json) for r in simcord_env.http_requests[first:] if r.path.startswith(f"/channels/{review.id}/")
    ]
    view = Examples(filled).show(ADMIN, example)
    assert (view.author, view.organisation) == (None, "Sample Hospital Trust")
    for text in (card, *sent, view.model_dump_json()):
        assert str(author.id) not in text
        assert author.name not in text
        assert "Sam Sample" not in text


async def forgotten(author, channel):
    """Somebody has all that is kept about them deleted."""
    form = await author.slash(channel, "forget-me")
    await author.submit_modal(form, {"examples": [Published.WITHOUT_NAME.value], "sure": ["yes"]})


async def test_privacy_shows_and_forgets_what_somebody_gave(
    author, moderator, giver, review, channel, filled, simcord_env
):
    published = await giver.submitted(author, credit="named")
    await moderator.click(review.last_message, label=texts.APPROVE)
    waiting = await giver.submitted(author, credit="named", what="A second thing.")
    card = review.last_message
    await giver.draft(author, what="A draft.")
    assert privacy.EXAMPLES.format(number=3) in said(await author.slash(channel, "privacy"))
    await forgotten(author, channel)
    await simcord_env.advance_time(20)
    kept = filled.examples.find(published)
    assert (kept.state, kept.author.member, kept.author.name) == (State.PUBLISHED, None, None)
    assert filled.store.document_at(f"example:{published}").metadata.source_title == "A member of the network"
    gone = filled.examples.select(Selection(states=(State.WITHDRAWN,)))
    assert waiting in [one.id for one in gone]
    assert {(one.content.what, one.author.member) for one in gone} == {("", None)}
    shown = next(message for message in review.history() if message.id == card.id)
    assert "A second thing." not in text_in(shown)
    assert author.name not in text_in(shown)
    assert texts.MINE_NONE in said(await author.slash(channel, "my-examples"))
    assert not any("withdrawn" in text for text in direct(author))


async def test_what_was_asked_of_somebody_is_forgotten_too(author, other, channel, filled):
    message = await author.send(channel, "A story of ours.")
    await other.context_menu(channel, texts.SAVE, message)
    await forgotten(author, channel)
    with filled.examples._connections.read() as connection:
        assert [tuple(row) for row in connection.execute("SELECT author_id FROM example_requests")] == [(None,)]
