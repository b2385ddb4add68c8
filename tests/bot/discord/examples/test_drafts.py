"""`/share`: the form, the card, each step kept, what is shown before handing in."""

import re

import pytest

from bot.discord.examples import render, texts
from bot.discord.examples.draft_card import go_on_card
from bot.discord.examples.service import ExampleService
from knowledge.domain.examples import State
from knowledge.domain.vocabulary import Level, Outcome
from knowledge.examples.examples import Examples
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.ask.test_answer_buttons import again, last_press
from tests.bot.discord.examples.conftest import ANSWERS


async def test_share_opens_the_form_at_once_and_keeps_what_is_sent_in(author, channel, giver, filled):
    shown = await author.slash(channel, "share")
    assert shown.modal["title"] == texts.FORM_TITLE
    assert len(shown.modal["components"]) == 5
    result = await author.submit_modal(shown, ANSWERS)
    assert result.ephemeral
    draft = filled.examples.find(giver.newest())
    assert draft.state is State.DRAFT
    assert {field: getattr(draft.content, field) for field in ANSWERS} == ANSWERS
    card = text_in(result.response)
    assert "how it went" in card
    assert "Order winter tyres in summer." in card
    assert texts.FAILURES_WELCOME in card


async def test_each_choice_is_kept_at_once_and_the_card_says_what_is_still_needed(author, giver, filled):
    card = await giver.complete(author)
    content = filled.examples.find(giver.newest()).content
    assert [content.pillars, content.outcome, content.level, content.nation] == [
        ("environment",),
        "partly",
        "local",
        "wales",
    ]
    assert content.clearance
    assert texts.COMPLETE in text_in(card)
    assert "A member of the network" in text_in(card)
    await author.click(card, label=texts.SUBMIT)
    assert giver.state() == "submitted"
    assert texts.SUBMITTED in text_in(card)


@pytest.mark.parametrize("step", ["choice", "form"])
async def test_what_changes_while_a_choice_is_kept_is_not_lost(author, giver, filled, monkeypatch, step):
    card = await giver.draft(author)
    key, look = giver.newest(), ExampleService.actor

    async def slowly(self, interaction, submission_id=None):
        actor = await look(self, interaction, submission_id)
        Examples(filled).revise(actor, key, lambda content: content.model_copy(update={"level": Level.LOCAL}))
        return actor

    if step == "form":
        form = await author.click(card, label=texts.EDIT)
    monkeypatch.setattr(ExampleService, "actor", slowly)
    if step == "form":
        await author.submit_modal(form, ANSWERS | {"what": "Another text."})
    else:
        await author.select(card, ["partly"], custom_id=f"haln:example_outcome:{key}")
    content = filled.examples.find(key).content
    assert content.level is Level.LOCAL
    assert (content.what == "Another text.") if step == "form" else (content.outcome is Outcome.PARTLY)


async def test_an_incomplete_draft_is_not_handed_in_and_not_lost(author, giver):
    card = await giver.draft(author)
    await author.click(card, label=texts.SUBMIT)
    assert giver.state() == "draft"
    assert "how it went" in text_in(card)
    assert texts.FIELDS["clearance"] in text_in(card)


async def test_share_again_offers_to_go_on_with_the_draft_also_after_a_restart(
    author, channel, giver, simcord_env, make_bot
):
    await giver.draft(author)
    await simcord_env.restart_bot(make_bot())
    offered = await author.slash(channel, "share")
    assert offered.ephemeral
    assert "We opened a bicycle workshop" in said(offered)
    card = await author.click(offered.response, label=texts.GO_ON_BUTTON)
    assert texts.CARD_TITLE in text_in(offered.response)
    assert card.acknowledged


async def test_a_new_one_can_be_begun_beside_a_draft(author, channel, giver, filled):
    await giver.draft(author)
    offered = await author.slash(channel, "share")
    shown = await author.click(offered.response, label=texts.START_NEW)
    await author.submit_modal(shown, ANSWERS | {"what": "Another thing."})
    assert filled.examples.counts() == {State.DRAFT: 2}


async def test_the_form_comes_back_filled_in_and_changes_are_kept(author, giver, filled):
    card = await giver.draft(author)
    shown = await author.click(card, label=texts.EDIT)
    defaults = [part["component"].get("value") for part in shown.modal["components"]]
    assert defaults == list(ANSWERS.values())
    await author.submit_modal(shown, ANSWERS | {"what_happened": "Fifty colleagues cycle now."})
    assert filled.examples.find(giver.newest()).content.what_happened == "Fifty colleagues cycle now."
    assert "Fifty colleagues" in text_in(card)
    assert filled.examples.counts() == {State.DRAFT: 1}


async def test_title_organisation_and_name_are_shown_as_the_author_chooses(author, giver, filled):
    card = await giver.draft(author)
    shown = await author.click(card, label=texts.EDIT_DETAILS)
    details = {"title": "Bicycles", "organisation": "Sample Trust", "name": "Sam Sample"}
    await author.submit_modal(shown, details)
    for credit, line in (
        ("named", "Sam Sample, Sample Trust"),
        ("organisation", "-# Sample Trust"),
        ("anonymous", "A member of the network"),
    ):
        await author.select(card, [credit], custom_id=f"haln:example_credit:{giver.newest()}")
        assert line in text_in(card)
    assert "**Bicycles**" in text_in(card)


async def test_what_was_measured_is_asked_in_a_form_of_its_own(author, giver, filled):
    card = await giver.draft(author)
    shown = await author.click(card, label=texts.EDIT_MEASURE)
    measure = {"indicator": "Repairs a month", "baseline": "None", "measured_period": "April to June 2025"}
    await author.submit_modal(shown, measure)
    kept = filled.examples.find(giver.newest()).content
    assert {field: getattr(kept, field) for field in measure} == measure
    assert "**What it was before**\nNone" in text_in(card)
    shown = await author.click(card, label=texts.EDIT_MEASURE)
    assert [part["component"].get("value") for part in shown.modal["components"]] == list(measure.values())


async def test_the_card_warns_of_what_may_identify_somebody_without_repeating_it(author, giver, caplog):
    card = await giver.draft(author, what="We helped patient AB12 to walk.", measured="By XY99 and AB12.")
    text = text_in(card)
    assert "NHS number in “what you did”; NHS number in “how it was measured”" in text
    assert "__AB12__ (NHS number)" in text
    assert "AB12" not in caplog.text


async def test_near_duplicates_are_shown_before_handing_in_with_a_way_to_read_them(
    author, other, moderator, giver, channel, review
):
    await giver.submitted(other)
    card = await giver.draft(author)
    assert texts.DUPLICATE_HIDDEN in text_in(card)
    await moderator.click(review.last_message, label="Approve")
    card = (await author.slash(channel, "share")).response
    await author.click(card, label=texts.GO_ON_BUTTON)
    assert texts.DUPLICATE_HIDDEN not in text_in(card)
    label = next(label for label in labels_in(card) if label.startswith("Read: "))
    assert "Order winter tyres" in said(await author.click(card, label=label))


async def test_a_draft_is_deleted_only_after_a_second_press(author, giver, filled):
    card = await giver.draft(author)
    await author.click(card, label=texts.DISCARD)
    assert filled.examples.counts() == {State.DRAFT: 1}
    await author.click(card, label=texts.KEEP)
    await author.click(card, label=texts.DISCARD)
    await author.click(card, label=texts.DISCARD_YES)
    assert filled.examples.counts() == {}
    assert text_in(card) == texts.DISCARDED


async def test_one_interaction_delivered_twice_makes_one_submission(
    author, channel, giver, filled, simcord_env, make_bot
):
    shown = await author.slash(channel, "share")
    sent_in = await author.submit_modal(shown, ANSWERS)
    payload = last_press(simcord_env, sent_in)
    await again(simcord_env, payload)
    await simcord_env.restart_bot(make_bot())
    await again(simcord_env, payload)
    assert filled.examples.counts() == {State.DRAFT: 1}


async def test_handing_in_twice_hands_in_once(author, giver, filled, simcord_env):
    card = await giver.complete(author)
    pressed = await author.click(card, label=texts.SUBMIT)
    await again(simcord_env, last_press(simcord_env, pressed))
    actions = [event.action for event in filled.examples.history(giver.newest())]
    assert actions.count("submit") == 1


@pytest.mark.simcord(check_errors=False)
async def test_what_was_kept_is_there_though_discord_fails_to_show_it(author, channel, giver, filled, simcord_env):
    shown = await author.slash(channel, "share")
    simcord_env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=503, times=None)
    await author.submit_modal(shown, ANSWERS)
    assert filled.examples.counts() == {State.DRAFT: 1}


async def test_long_texts_are_shown_whole_in_pages(author, giver):
    words = " ".join(f"word{n}" for n in range(500))
    card = await giver.draft(author, what=words, for_whom=words, what_happened=words, differently=words, measured=words)
    read = await author.click(card, label=texts.READ)
    seen = text_in(read.response)
    while "Next" in labels_in(read.response):
        before = seen
        try:
            await author.click(read.response, label="Next")
        except Exception:  # noqa: BLE001 - simcord refuses a press on a disabled button
            break
        seen += text_in(read.response)
        assert seen != before
    assert seen.count("word499") == 5


@pytest.mark.parametrize("word", ["* ", "*", "# ", "- ", "\\", "1. "])
@pytest.mark.parametrize("before", range(4))
def test_pages_make_no_formatting_of_plain_text(word, before):
    """Wherever a long line is cut, each part of it is as plain as the whole was."""
    text = "a" * before + word * 2000
    lines = [line for page in render.pages(render.underlined(text, ()), 3600) for line in page.split("\n")]
    assert len(lines) > 2
    for line in lines:
        bare = re.sub(r"\\[\\*#+.-]", "", line)
        assert "*" not in bare
        assert "\\" not in bare
        assert not re.match(r"[#+-]|\d+\.", line)


async def test_mentions_and_links_in_an_example_stay_text(author, giver):
    card = await giver.draft(author, what="@everyone look at [this](https://example.org) <@123456789012345678>")
    text = text_in(card)
    assert "@everyone" not in text
    assert "](https://" not in text


async def test_the_form_can_be_opened_from_elsewhere_and_only_by_its_author(author, other, giver, channel, simcord_env):
    import discord

    from bot.discord.runtime.components import button

    await giver.draft(author)
    view = discord.ui.LayoutView(timeout=None)
    view.add_item(discord.ui.ActionRow(button("example_draft", giver.newest(), "Share as an example")))
    sent = await simcord_env.bot.get_channel(channel.id).send(view=view)
    shown = await author.click(sent, label="Share as an example")
    result = await author.submit_modal(shown, ANSWERS | {"what": "Now told in full."})
    assert "Now told in full." in said(result)
    assert "Share as an example" in labels_in(sent)
    assert said(await other.click(sent, label="Share as an example")) == texts.NOT_YOURS


async def test_what_is_missing_is_said_above_the_button_that_was_pressed(author, giver):
    card = await giver.draft(author)
    assert "Not submitted yet" not in text_in(card)
    await author.click(card, label=texts.SUBMIT)
    last = text_in(card).rsplit("\n", 1)[-1]
    assert last == texts.NOT_SUBMITTED.format(
        fields="; ".join(texts.FIELDS[field] for field in ("outcome", "clearance"))
    )


def test_a_draft_without_a_title_is_not_named_by_nothing():
    view = go_on_card("ex-1", " ", "today")
    text = "\n".join(item.content for item in view.walk_children() if hasattr(item, "content"))
    assert text == texts.GO_ON_UNTITLED.format(when="today")
    assert "“" not in text
