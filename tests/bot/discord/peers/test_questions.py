"""Nobody can answer, peers can: passing a question on, replying, and what becomes of a reply that helped."""

import pytest

from bot.discord.ask import texts as ask_texts
from bot.discord.peers import texts
from indexer.pipeline import Indexer
from knowledge.answering.wording import NEXT_STEP
from knowledge.domain.examples import Action, Actor, Role
from knowledge.domain.vocabulary import ExampleState, Outcome
from knowledge.matching import wording
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms
from tests.knowledge.matching.people import GARDEN, add

# The library holds nothing on it, and the sample helper does just that.
QUESTION = "Opening hospital or clinic grounds to the public?"
REPLY = "We opened ours with @everyone on Sundays."


async def passed_on(member, channel):
    """Ask, be refused, and pass the question on with one press; the message that says so."""
    refused = await member.slash(channel, "ask", question=QUESTION)
    assert NEXT_STEP in said(refused)
    offered = await member.click(refused.response, label=texts.ASK_A_PEER)
    assert offered.ephemeral
    return offered.response


async def reply(helper, text=REPLY, share="yes"):
    form = await helper.user.click(dms(helper)[0], label=texts.REPLY)
    return await helper.user.submit_modal(form, {"reply": text, "share": [share]})


async def test_one_press_passes_a_question_on_and_lets_its_asker_wait_for_the_answer(
    channel, seeker, helper, filled, sources, simcord_env
):
    told = await passed_on(seeker, channel)
    assert texts.PASSED_ON.format(count="1 member") in text_in(told)
    (message,) = dms(helper)
    assert texts.QUESTION_UNNAMED in text_in(message)
    assert QUESTION in text_in(message)
    assert labels_in(message) == [texts.REPLY]
    assert "Sample seeker" not in text_in(message)
    assert str(seeker.id) not in str([c.to_dict() for c in message.components])
    assert [one.user_id for one in filled.servers.follow_requests.waiting()] == [seeker.id]
    (sources / "grounds.md").write_text(
        "# Grounds\n\nThe Sample Trust is opening hospital or clinic grounds to the public.\n"
    )
    Indexer(filled).add([str(sources)])
    await simcord_env.advance_time(120)
    assert ask_texts.ANSWER_NOW in text_in(dms(seeker)[-1])


async def test_whoever_asks_can_say_who_they_are(channel, seeker, helper, peers):
    told = await passed_on(seeker, channel)
    await seeker.click(told, label=texts.SHOW_NAME)
    assert text_in(told) == wording.NAME_SHOWN
    assert len(dms(helper)) == 1
    assert [one.asker for one in peers.questions_for(str(helper.id))] == [str(seeker.id)]
    assert said(await reply(helper, share="no")) == texts.REPLIED_TO.format(name="Sample seeker")


async def test_whoever_asks_need_not_be_told_of_an_answer(channel, seeker, helper, filled):
    told = await passed_on(seeker, channel)
    await seeker.click(told, label=texts.DO_NOT_TELL_ANSWER)
    assert filled.servers.follow_requests.waiting() == []


async def test_the_reply_comes_back_and_becomes_a_draft_of_its_author(
    channel, seeker, helper, filled, simcord_env, make_bot
):
    await passed_on(seeker, channel)
    await simcord_env.restart_bot(make_bot())
    assert f"{texts.REPLIED} {texts.REPLY_DRAFTED}" in said(await reply(helper))
    (back,) = dms(seeker)
    assert texts.REPLY_FROM.format(name="Sample helper") in text_in(back)
    assert "on Sundays" in text_in(back)
    assert "@everyone" not in text_in(back)
    await simcord_env.restart_bot(make_bot())
    await seeker.user.click(back, label=texts.HELPFUL)
    assert texts.THANKS_HELPFUL in text_in(dms(seeker)[0])
    assert "on Sundays" in text_in(dms(seeker)[0])  # what helped can be read again
    assert labels_in(dms(seeker)[0]) == []
    assert text_in(dms(helper)[-1]) == texts.HELPED
    assert labels_in(dms(helper)[-1]) == [texts.SHARE_EXAMPLE]
    assert filled.examples.counts() == {ExampleState.DRAFT: 1}
    key = dms(helper)[-1].components[-1].children[0].custom_id.rsplit(":", 1)[-1]
    draft = filled.examples.find(key)
    assert (draft.author.member, draft.content.what) == (str(helper.id), REPLY)
    form = await helper.user.click(dms(helper)[-1], label=texts.SHARE_EXAMPLE)
    assert REPLY in str(form.modal)


async def test_who_asked_first_hears_when_the_reply_has_become_an_example(channel, seeker, helper, filled, simcord_env):
    """Three presses in all: the asker's two, and the helper's reply."""
    await passed_on(seeker, channel)
    await reply(helper, "The Sample Trust is opening hospital or clinic grounds to the public of Narnia.")
    await seeker.user.click(dms(seeker)[0], label=texts.HELPFUL)
    key = dms(helper)[-1].components[-1].children[0].custom_id.rsplit(":", 1)[-1]
    backend = await simcord_env.bot.worker.backend()
    author, moderator = Actor(str(helper.id), Role.MEMBER), Actor("m-1", Role.MODERATOR)
    draft = filled.examples.find(key).content
    told = {"what_happened": "Neighbours came.", "outcome": Outcome.WORKED, "clearance": True}
    backend.examples.edit(author, key, draft.model_copy(update={"title": "Opening grounds", **told}))
    backend.examples.submit(author, key)
    backend.examples.review(moderator, key, Action.APPROVE)
    await simcord_env.advance_time(180)
    heard = [text_in(message) for message in dms(seeker)]
    assert sum(ask_texts.ANSWER_NOW in text for text in heard) == 1
    assert "opening hospital or clinic grounds to the public of Narnia" in heard[-1]
    await simcord_env.advance_time(180)
    assert len(dms(seeker)) == len(heard)


async def test_without_consent_there_is_no_draft(channel, seeker, helper, filled):
    await passed_on(seeker, channel)
    await reply(helper, share="no")
    await seeker.user.click(dms(seeker)[0], label=texts.HELPFUL)
    assert filled.examples.counts() == {}
    assert len(dms(helper)) == 1


async def test_a_reply_that_did_not_help_is_noted_and_shared_with_nobody(channel, seeker, helper, filled, peers):
    await passed_on(seeker, channel)
    await reply(helper)
    await seeker.user.click(dms(seeker)[0], label=texts.NOT_HELPFUL)
    assert texts.THANKS_NOT_HELPFUL in text_in(dms(seeker)[0])
    assert [one.helpful for one in peers.replies(str(seeker.id))] == [False]
    assert filled.examples.counts() == {ExampleState.DRAFT: 1}  # its author's alone
    assert len(dms(helper)) == 1


async def test_nobody_gets_the_same_question_twice(channel, seeker, helper):
    await passed_on(seeker, channel)
    again = await passed_on(seeker, channel)
    assert text_in(again) == wording.QUESTION_PASSED_ON
    assert len(dms(helper)) == 1


async def test_where_nobody_fits_it_is_said_and_one_can_wait(channel, seeker, peers):
    told = await passed_on(seeker, channel)
    assert text_in(told) == f"{wording.NOBODY_TO_ASK} {texts.WILL_TELL} {texts.CAN_BE_TOLD}"
    await seeker.click(told, label=texts.TELL_ME)
    assert peers.profile(str(seeker.id)).waiting


async def test_without_a_profile_nothing_is_passed_on(channel, member, helper):
    refused = await member.slash(channel, "ask", question=QUESTION)
    offered = await member.click(refused.response, label=texts.ASK_A_PEER)
    assert said(offered) == texts.NO_PROFILE
    assert dms(helper) == []


async def test_a_reply_that_comes_too_late_is_not_lost(channel, seeker, helper, peers):
    await passed_on(seeker, channel)
    form = await helper.user.click(dms(helper)[0], label=texts.REPLY)
    peers.forget(str(seeker.id))
    refused = await helper.user.submit_modal(form, {"reply": REPLY, "share": ["no"]})
    assert "no open question" in said(refused)
    again = await helper.user.click(refused.response, label=texts.OPEN_AGAIN)
    assert again.modal["components"][0]["component"]["value"] == REPLY
    assert dms(seeker) == []


async def test_whoever_replied_and_hid_since_is_not_named(channel, seeker, helper, peers, simcord_env, tick):
    await passed_on(seeker, channel)
    simcord_env.inject_error("POST", f"/channels/{seeker.user.dm_channel.id}/messages", status=502, times=1)
    await reply(helper)
    peers.pause(str(helper.id))
    await tick(minutes=5)
    assert dms(seeker) == []


async def test_a_question_of_who_left_meanwhile_is_not_asked(channel, seeker, helper, peers, simcord_env, tick):
    simcord_env.inject_error("POST", f"/channels/{helper.user.dm_channel.id}/messages", status=502, times=1)
    await passed_on(seeker, channel)
    peers.forget(str(seeker.id))
    await tick(minutes=5)
    assert dms(helper) == []


@pytest.mark.parametrize("text", ["_*" * 1000, "\n".join(["_*_*_"] * 330), "_" * 2000])
async def test_of_a_long_reply_the_end_is_left_out_and_nothing_else(channel, seeker, helper, text):
    await passed_on(seeker, channel)
    await reply(helper, text)
    (back,) = dms(seeker)
    shown = text_in(back)
    assert text[:1] in shown.partition(QUESTION)[2]
    assert "…" in shown
    assert texts.DID_IT_HELP in shown
    assert "Sample House" in shown
    assert labels_in(back) == [texts.HELPFUL, texts.NOT_HELPFUL]


async def test_what_helped_is_noted_though_its_author_may_not_share_examples(channel, seeker, helper, filled, peers):
    await passed_on(seeker, channel)
    filled.examples.set_banned(str(helper.id), "2026-06-01T00:00:00+00:00")
    assert said(await reply(helper)) == texts.REPLIED
    await seeker.user.click(dms(seeker)[0], label=texts.HELPFUL)
    assert texts.THANKS_HELPFUL in text_in(dms(seeker)[0])
    assert [one.helpful for one in peers.replies(str(seeker.id))] == [True]
    assert filled.examples.counts() == {}
    assert len(dms(helper)) == 1


async def test_no_button_tells_who_replied(channel, seeker, helper, peers):
    await passed_on(seeker, channel)
    await reply(helper)
    (back,) = dms(seeker)
    assert str(helper.id) not in str([part.to_dict() for part in back.components])


async def test_somebody_without_a_name_begins_a_sentence(channel, seeker, helper, peers):
    add(peers, str(helper.id), GARDEN, display_name="", role="", organisation="Sample House")
    await passed_on(seeker, channel)
    await reply(helper)
    assert texts.REPLY_FROM.format(name="Somebody") in text_in(dms(seeker)[0])


async def test_the_addresses_in_a_reply_can_be_opened_and_invites_without_a_scheme_cannot(channel, seeker, helper):
    await passed_on(seeker, channel)
    await reply(helper, "Join us at https://example.org/meet?a=(b), *not* [here](https://x.org) or discord.gg/abc.")
    text = text_in(dms(seeker)[0])
    assert "Join us at <https://example.org/meet?a=%28b%29>, \\*not\\* \\[here\\](<https://x.org>) or" in text
    assert "discord.gg" not in text
