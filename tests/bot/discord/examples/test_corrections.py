"""*Correct it*, and when it happened: on the cards of authors and of moderators."""

from bot.discord.examples import texts
from knowledge.domain.examples import State
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.examples.conftest import ANSWERS, direct


async def published(author, moderator, giver, review):
    given = await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    assert giver.state(given) == "published"
    return given


async def corrected(giver, member, card, **answers):
    """Change the text on a correction's card and hand it in."""
    form = await member.click(card, label=texts.EDIT)
    await member.submit_modal(form, ANSWERS | answers)
    await member.click(card, label=texts.SUBMIT)
    assert texts.CORRECTION_SUBMITTED in text_in(card)
    return giver.newest()


async def test_an_author_corrects_what_is_published(author, moderator, channel, giver, review, filled):
    given = await published(author, moderator, giver, review)
    card = (await author.slash(channel, "my-examples")).response
    await author.select(card, [given], custom_id="haln:mine_open:")
    await author.click(card, label=texts.CORRECT)
    assert texts.CORRECTION_NOTHING in text_in(card)
    # Whom it is credited to is not said again.
    assert texts.CHOOSE_CREDIT not in str(card.components)
    correction = await corrected(giver, author, card, what_happened="Sixty colleagues cycle now.")
    assert filled.examples.find(given).content.what_happened == ANSWERS["what_happened"]
    shown = review.last_message
    assert f"A correction of {given}" in text_in(shown)
    assert texts.FIELDS["what_happened"] in text_in(shown)
    assert texts.MERGE not in labels_in(shown)
    await moderator.click(shown, label=texts.APPROVE)
    assert filled.examples.find(correction).state is State.APPLIED
    now = filled.examples.find(given)
    assert (now.state, now.content.what_happened) == (State.PUBLISHED, "Sixty colleagues cycle now.")
    assert any("Your correction of" in message for message in direct(author))


async def test_a_moderator_corrects_and_another_one_approves(author, moderator, second, giver, review, filled):
    given = await published(author, moderator, giver, review)
    result = await moderator.click(review.last_message, label=texts.CORRECT)
    assert result.ephemeral
    correction = await corrected(giver, moderator, result.response, differently="Order tyres early.")
    refused = await moderator.click(review.last_message, label=texts.APPROVE)
    assert "another moderator" in said(refused)
    await second.click(review.last_message, label=texts.APPROVE)
    assert filled.examples.find(correction).state is State.APPLIED
    assert filled.examples.find(given).content.differently == "Order tyres early."
    assert any("The moderators have corrected your example" in message for message in direct(author))


async def test_a_declined_correction_says_that_what_is_published_stays(author, moderator, giver, review, channel):
    given = await published(author, moderator, giver, review)
    card = (await author.slash(channel, "my-examples")).response
    await author.select(card, [given], custom_id="haln:mine_open:")
    await author.click(card, label=texts.CORRECT)
    await corrected(giver, author, card, what="Another text.")
    form = await moderator.click(review.last_message, label=texts.DECLINE)
    await moderator.submit_modal(form, {"reason": "It was right."})
    assert any("What is published stays as it is" in message for message in direct(author))


async def test_when_it_happened_is_asked_and_kept(author, giver, filled):
    card = await giver.draft(author)
    assert "not said when it happened" in text_in(card)
    form = await author.click(card, label=texts.EDIT_DETAILS)
    assert [part["label"] for part in form.modal["components"]] == [label for label, _ in texts.DETAILS.values()]
    typed = {"title": "Bikes", "happened": "March 2022 to 2023", "region": "Gwent", "organisation": "", "name": ""}
    await author.submit_modal(form, typed)
    content = filled.examples.find(giver.newest()).content
    assert (content.happened_from, content.happened_to, content.region) == ("2022-03", "2023", "Gwent")
    assert "March 2022 to 2023" in text_in(card)
    assert "not said when it happened" not in text_in(card)


async def test_a_date_that_nobody_understands_loses_nothing_else(author, giver, filled):
    card = await giver.draft(author)
    form = await author.click(card, label=texts.EDIT_DETAILS)
    typed = {"title": "Bikes", "happened": "last spring", "region": "", "organisation": "Sample Trust", "name": "Sam"}
    await author.submit_modal(form, typed)
    content = filled.examples.find(giver.newest()).content
    assert (content.title, content.organisation, content.happened_from) == ("Bikes", "Sample Trust", None)
    assert "I could not tell when it happened from “last spring”" in text_in(card)
