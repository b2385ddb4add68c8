"""The review card: its buttons before and after a restart, two moderators at once, and what the author hears."""

import pytest

from bot.discord.examples import texts
from knowledge.domain.examples import Action, Actor, Role
from knowledge.examples.examples import Examples
from knowledge.examples.machine import CONFIRMED
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.ask.test_answer_buttons import again, last_press
from tests.bot.discord.examples.conftest import Giver, direct, permissions

pytestmark = pytest.mark.usefixtures("setting")


async def test_each_submission_gets_a_card_with_everything_a_moderator_needs(author, moderator, giver, review):
    await giver.submitted(author, credit="named", what="We helped patient AB12 to walk.")
    card = review.last_message
    assert labels_in(card) == [
        texts.APPROVE,
        texts.REQUEST_CHANGES,
        texts.DECLINE,
        texts.CLAIM,
        texts.EDIT_TAGS,
        texts.MERGE,
        texts.REVIEW_READ,
    ]
    text = text_in(card)
    for shown in ("Environment, Worked in part, Local, Wales", "Credited to: sam-sample", "__AB12__ (NHS number)"):
        assert shown in text
    assert giver.newest() in text
    assert len(review.history()) == 1


@pytest.mark.parametrize("restarted", [False, True], ids=["before a restart", "after a restart"])
@pytest.mark.parametrize("label", [texts.APPROVE, texts.CLAIM])
async def test_one_press(author, moderator, giver, review, simcord_env, make_bot, restarted, label):
    await giver.submitted(author)
    card = review.last_message
    if restarted:
        await simcord_env.restart_bot(make_bot())
    await moderator.click(card, label=label)
    expected = {texts.APPROVE: "published", texts.CLAIM: "in_review"}[label]
    assert giver.state() == expected
    card = review.last_message
    assert len(review.history()) == 1
    if label == texts.CLAIM:
        assert texts.CLAIMED.format(moderator=f"<@{moderator.id}>") in text_in(card)
        await moderator.click(card, label=texts.RELEASE)
        assert giver.state() == "submitted"
    else:
        assert labels_in(card) == [texts.REVIEW_READ, texts.EDIT_TAGS, texts.CORRECT, texts.TAKE_DOWN]


@pytest.mark.parametrize("restarted", [False, True], ids=["before a restart", "after a restart"])
@pytest.mark.parametrize("label", [texts.DECLINE, texts.REQUEST_CHANGES])
async def test_a_decision_with_a_reason(author, moderator, giver, review, simcord_env, make_bot, restarted, label):
    await giver.submitted(author)
    card = review.last_message
    if restarted:
        await simcord_env.restart_bot(make_bot())
    shown = await moderator.click(card, label=label)
    assert shown.modal["components"][0]["component"]["required"]
    if restarted:
        await simcord_env.restart_bot(make_bot())
    await moderator.submit_modal(shown, {"reason": "Please say how it was paid for."})
    assert giver.state() == {texts.DECLINE: "declined", texts.REQUEST_CHANGES: "changes_requested"}[label]
    (told,) = direct(author)
    assert "Please say how it was paid for." in told
    for secret in (moderator.name, str(moderator.id)):
        assert secret not in told
    assert "Please say how it was paid for." in text_in(review.last_message)


async def test_after_changes_it_goes_back_to_the_moderators(author, moderator, giver, review, filled):
    await giver.submitted(author)
    shown = await moderator.click(review.last_message, label=texts.REQUEST_CHANGES)
    await moderator.submit_modal(shown, {"reason": "How was it measured?"})
    told = author.user.dm_channel.last_message
    await author.user.click(told, label=texts.EDIT)
    shown = await author.user.click(author.user.dm_channel.last_message, label=texts.EDIT)
    await author.user.submit_modal(shown, {"measured": "By counting tyres.", "what": "W.", "what_happened": "H."})
    assert giver.state() == "submitted"
    card = review.last_message
    assert "By counting tyres." in text_in(card)
    await moderator.click(card, label=texts.APPROVE)
    assert giver.state() == "published"
    assert any("is published" in text for text in direct(author))


async def test_of_two_moderators_one_wins_and_the_other_sees_what_happened(
    author, moderator, second, giver, review, simcord_env
):
    await giver.submitted(author)
    card = review.last_message
    shown = await second.click(card, label=texts.DECLINE)
    await moderator.click(card, label=texts.APPROVE)
    late = await second.submit_modal(shown, {"reason": "Not for us."})
    assert giver.state() == "published"
    assert f"It was approved by <@{moderator.id}>" in said(late)
    assert "published" in text_in(review.last_message)
    assert not any("Not for us." in text for text in direct(author))


async def test_a_claim_keeps_others_off(author, moderator, second, giver, review):
    await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.CLAIM)
    late = await second.click(review.last_message, label=texts.APPROVE)
    assert f"is being reviewed by <@{moderator.id}>" in said(late)
    assert giver.state() == "in_review"


async def test_nobody_decides_on_what_they_have_not_seen(author, moderator, giver, review, channel):
    """The author changes it while a moderator looks at a copy that only they see."""
    example = await giver.submitted(author)
    queue = (await moderator.slash(review, "queue")).response
    copy = (await moderator.select(queue, [example])).response
    mine = (await author.slash(channel, "my-examples")).response
    await author.select(mine, [example])
    await author.click(mine, label=texts.EDIT)
    await author.select(mine, ["worked"], custom_id=f"haln:example_outcome:{example}")
    late = await moderator.click(copy, label=texts.APPROVE)
    assert "It was changed by its author" in said(late)
    assert giver.state() == "submitted"
    await moderator.click(copy, label=texts.APPROVE)
    assert giver.state() == "published"


async def test_a_press_delivered_twice_decides_once(author, moderator, giver, review, simcord_env, filled):
    await giver.submitted(author)
    pressed = await moderator.click(review.last_message, label=texts.APPROVE)
    await again(simcord_env, last_press(simcord_env, pressed))
    actions = [event.action for event in filled.examples.history(giver.newest())]
    assert actions.count(Action.APPROVE) == 1
    assert len(direct(author)) == 1


async def test_tags_are_corrected(author, moderator, giver, review, filled, simcord_env, make_bot):
    example = await giver.submitted(author)
    panel = (await moderator.click(review.last_message, label=texts.EDIT_TAGS)).response
    await simcord_env.restart_bot(make_bot())
    await moderator.select(panel, ["employment", "estates"], custom_id=f"haln:review_pillars:{example}")
    await moderator.select(panel, ["did_not_work"], custom_id=f"haln:review_outcome:{example}")
    content = filled.examples.find(example).content
    assert (content.pillars, content.outcome) == (("employment", "estates"), "did_not_work")
    assert "Employment, Estates, Did not work" in text_in(review.last_message)


@pytest.mark.parametrize("named", [False, True], ids=["chosen", "named by its id"])
async def test_merging_with_a_duplicate(author, other, moderator, giver, review, filled, named):
    first = await giver.submitted(other)
    await moderator.click(review.last_message, label=texts.APPROVE)
    example = await giver.submitted(author)
    panel = (await moderator.click(review.last_message, label=texts.MERGE)).response
    if named:
        shown = await moderator.click(panel, label=texts.MERGE_OTHER)
        await moderator.submit_modal(shown, {"into": first})
    else:
        await moderator.select(panel, [first])
    assert filled.examples.find(example).merged_into == first
    assert any("says the same" in text for text in direct(author))
    assert f"Merged into {first}" in text_in(review.last_message)


async def test_what_waits_on_another_server_has_no_title_here(author, giver, filled, simcord_env, review):
    theirs = "Our bicycle workshop next to the canteen is for all night staff."
    pending = await giver.submitted(author, what=theirs)
    elsewhere = simcord_env.create_guild("elsewhere")
    role = elsewhere.create_role("their admins", permissions=permissions(manage_guild=True))
    moderator = elsewhere.add_member(simcord_env.create_user("their-mod"), roles=[role])
    somebody = elsewhere.add_member(simcord_env.create_user("somebody"))
    channel, cards = elsewhere.create_text_channel("general"), elsewhere.create_text_channel("their-review")
    settings = filled.servers.settings
    settings.save_server(settings.server(elsewhere.id).model_copy(update={"review_channel": cards.id}))
    await Giver(filled, channel).submitted(somebody)
    card = cards.last_message
    assert texts.DUPLICATE_HIDDEN in text_in(card)
    panel = (await moderator.click(card, label=texts.MERGE)).response
    opened = (await moderator.click(card, label=texts.CLAIM)).response or card
    for shown in (card, panel, opened):
        whole = str([part if isinstance(part, dict) else part.to_dict() for part in shown.components])
        assert "canteen" in whole or shown is panel
        assert theirs[:30] not in whole
        assert pending not in whole
    # On their own server, moderators read what it says.
    await giver.submitted(author, measured="We counted.")
    assert theirs[:30] in text_in(review.last_message)


async def test_what_is_published_can_be_taken_down_with_a_reason(author, moderator, giver, review, filled):
    example = await giver.submitted(author)
    await moderator.click(review.last_message, label=texts.APPROVE)
    assert filled.store.document_at(f"example:{example}")
    shown = await moderator.click(review.last_message, label=texts.TAKE_DOWN)
    await moderator.submit_modal(shown, {"reason": "It names a patient."})
    assert filled.store.document_at(f"example:{example}") is None
    assert any("It names a patient." in text for text in direct(author))
    assert "Forty colleagues" not in text_in(review.last_message)


async def test_what_is_decided_elsewhere_is_on_the_card(author, moderator, giver, review, filled, clock, simcord_env):
    example = await giver.submitted(author)
    elsewhere = Examples(filled, clock=clock)
    elsewhere.review(Actor("sample-m", Role.MODERATOR), example, Action.DECLINE, "Not now.")
    await simcord_env.advance_time(20)
    assert len(review.history()) == 1
    assert "An example: declined" in text_in(review.last_message)
    assert labels_in(review.last_message) == []
    assert any("Not now." in text for text in direct(author))


async def test_the_authors_change_is_on_the_card(author, giver, review):
    card = await giver.complete(author)
    await author.click(card, label=texts.SUBMIT)
    await author.click(card, label=texts.BACK)
    await author.select(card, [giver.newest()], custom_id="haln:mine_open:")
    await author.click(card, label=texts.EDIT)
    await author.select(card, ["worked"], custom_id=f"haln:example_outcome:{giver.newest()}")
    assert "Worked" in text_in(review.last_message)
    assert len(review.history()) == 1


async def test_a_channel_that_is_chosen_later_gets_the_cards_of_what_waits(author, giver, guild, filled, simcord_env):
    settings = filled.servers.settings
    before = settings.server(guild.id)
    settings.save_server(before.model_copy(update={"review_channel": None}))
    await giver.submitted(author)
    late = guild.create_text_channel("late")
    settings.save_server(before.model_copy(update={"review_channel": late.id}))
    await simcord_env.advance_time(20)
    assert giver.newest() in text_in(late.last_message)
    await simcord_env.advance_time(60)
    assert len(late.history()) == 1


async def test_a_card_that_somebody_deleted_comes_back_while_it_waits(author, moderator, giver, review, simcord_env):
    await giver.submitted(author)
    simcord_env.backend.delete_message(review.id, review.last_message.id)
    await simcord_env.settle()
    queue = (await moderator.slash(review, "queue")).response
    await moderator.select(queue, [giver.newest()])
    opened = await moderator.select(queue, [giver.newest()])
    await moderator.click(opened.response, label=texts.CLAIM)
    assert giver.newest() in text_in(review.last_message)
    assert giver.state() == "in_review"


async def test_what_identifies_a_person_is_published_by_name_or_not_at_all(author, moderator, giver, review, filled):
    await giver.submitted(author, what="Call Jo, whose number is NHS1234567890.")
    asked = await moderator.click(review.last_message, label=texts.APPROVE)
    assert giver.state() == "submitted"
    (panel,) = asked.followups
    assert panel.flags.ephemeral
    assert "NHS number" in text_in(panel)
    assert "NHS1234567890" not in text_in(panel)
    await moderator.click(panel, label=texts.CONFIRM.format(what="NHS number"))
    assert giver.state() == "published"
    (approval,) = [one for one in filled.examples.history(giver.newest()) if one.action is Action.APPROVE]
    assert (approval.actor, approval.reason) == (str(moderator.id), CONFIRMED.format(what="NHS number"))


async def test_every_card_says_that_no_model_looks_for_names(author, giver, review, filled, monkeypatch):
    await giver.submitted(author)
    assert texts.NO_NAME_MODEL not in text_in(review.last_message)
    monkeypatch.setattr("tests.fakes.WordCheck.has_name_model", False)
    card = await giver.complete(author, what="A second thing.")
    assert texts.NO_NAME_MODEL in text_in(card)
    await author.click(card, label=texts.SUBMIT)
    assert texts.NO_NAME_MODEL in text_in(review.last_message)


async def test_what_was_changed_after_the_question_is_not_confirmed_with_it(author, moderator, giver, review, filled):
    await giver.submitted(author, what="Call Jo, whose number is NHS1234567890.")
    asked = await moderator.click(review.last_message, label=texts.APPROVE)
    (panel,) = asked.followups
    actor = Actor(str(author.id), Role.MEMBER)
    filled_in = filled.examples.find(giver.newest()).content
    Examples(filled).edit(actor, giver.newest(), filled_in.model_copy(update={"measured": "NHS5555555555"}))
    await moderator.click(panel, label=texts.CONFIRM.format(what="NHS number"))
    assert giver.state() == "submitted"
