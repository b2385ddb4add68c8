"""/profile: agreeing, filling in, being found, pausing, leaving."""

import pytest

from bot.discord.peers import modals as profile_modals
from bot.discord.peers import profile, texts
from knowledge.matching.wording import CONSENT_VERSION
from tests.bot.conftest import labels_in, said, text_in

ABOUT = {"sector": ["council"], "nation": ["wales"], "pillars": ["estates", "employment"], "stage": ["early"]}
WORDS = {"looking_for": "Gardens @everyone", "can_offer": "", "working_on": "Roofs", "role": "Buyer"}


async def agreed(member, channel, values=ABOUT):
    """The panel of a profile that was just made."""
    consent = await member.slash(channel, "profile")
    form = await member.click(consent.response, label=texts.AGREE)
    await member.submit_modal(form, values)
    return consent.response


async def test_one_screen_says_what_is_kept_and_nothing_is_before_that(channel, member, filled):
    shown = await member.slash(channel, "profile")
    assert shown.ephemeral
    assert all(part in said(shown) for part in ("What is kept", "Who sees it", "For how long", "You decide"))
    form = await member.click(shown.response, label=texts.AGREE)
    assert len(form.modal["components"]) <= 5
    assert filled.members.members() == []
    await member.click(shown.response, label=texts.PROFILE_NOT_NOW)
    assert text_in(shown.response) == texts.NOTHING_KEPT


async def test_a_profile_is_made_and_is_not_findable(channel, member, peers):
    panel = await agreed(member, channel)
    kept = peers.profile(str(member.id))
    assert (kept.findable, kept.consent) == (False, CONSENT_VERSION)
    assert kept.profile.pillars == ("estates", "employment")
    assert kept.profile.display_name == member.name
    assert texts.NOT_FINDABLE in text_in(panel)


async def test_nothing_has_to_be_filled_in(channel, member, peers):
    panel = await agreed(member, channel, {})
    assert peers.profile(str(member.id)).profile.sector is None
    assert texts.THIN in text_in(panel)


async def test_words_are_added_shown_as_text_and_changed(channel, member, peers):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["words"])
    assert len(form.modal["components"]) <= 5
    await member.submit_modal(form, WORDS)
    assert peers.profile(str(member.id)).profile.looking_for == "Gardens @everyone"
    assert peers.profile(str(member.id)).profile.sector == "council"
    assert "@everyone" not in text_in(panel)
    again = await member.click(panel, label=texts.BUTTONS["words"])
    typed = {part["component"]["custom_id"]: part["component"].get("value") for part in again.modal["components"]}
    assert typed["working_on"] == "Roofs"


async def test_the_third_form_takes_name_region_and_requests(channel, member, peers):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["name"])
    await member.submit_modal(form, {"display_name": "Sam", "region": "Gwent", "requests": ["5"]})
    kept = peers.profile(str(member.id))
    assert (kept.profile.display_name, kept.profile.region, kept.most_requests) == ("Sam", "Gwent", 5)
    form = await member.click(panel, label=texts.BUTTONS["name"])
    await member.submit_modal(form, {"display_name": "Sam", "region": "", "requests": ["usual"]})
    assert peers.profile(str(member.id)).most_requests is None


async def test_a_choice_that_is_taken_back_is_empty(channel, member, peers):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["about"])
    await member.submit_modal(form, {"sector": [], "nation": ["wales"]})
    profile = peers.profile(str(member.id)).profile
    assert (profile.sector, profile.nation, profile.pillars) == (None, "wales", ())


async def test_being_found_is_switched_on_and_off_and_paused_after_a_restart(
    channel, member, peers, simcord_env, make_bot
):
    panel = await agreed(member, channel)
    await simcord_env.restart_bot(make_bot())
    await member.click(panel, label=texts.BE_FOUND)
    assert peers.profile(str(member.id)).findable
    await member.click(panel, label=texts.PAUSE)
    assert peers.profile(str(member.id)).paused
    assert texts.PAUSED in text_in(panel)
    await member.click(panel, label=texts.RESUME)
    await member.click(panel, label=texts.DO_NOT_BE_FOUND)
    kept = peers.profile(str(member.id))
    assert (kept.findable, kept.paused) == (False, False)


async def test_an_edit_does_not_switch_findable_off(channel, member, peers):
    panel = await agreed(member, channel)
    await member.click(panel, label=texts.BE_FOUND)
    await member.submit_modal(await member.click(panel, label=texts.BUTTONS["words"]), WORDS)
    assert peers.profile(str(member.id)).findable


async def test_leaving_asks_once_and_deletes(channel, member, filled):
    panel = await agreed(member, channel)
    await member.click(panel, label=texts.LEAVE)
    assert text_in(panel) == texts.LEAVE_SURE
    await member.click(panel, label=texts.STAY)
    assert texts.TITLE in text_in(panel)
    await member.click(panel, label=texts.LEAVE)
    await member.click(panel, label=texts.LEAVE_YES)
    assert text_in(panel) == texts.LEFT
    assert filled.members.members() == []


async def test_what_is_refused_is_kept_and_can_be_mended(channel, member, peers, filled, monkeypatch):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["words"])
    # A client that counts characters in another way than we do.
    monkeypatch.setattr("simcord._modal._modal_leaf", unbounded())
    await member.submit_modal(form, {**WORDS, "working_on": "x" * 2001})
    assert "working_on cannot be stored" in text_in(panel)
    assert peers.profile(str(member.id)).profile.working_on == ""
    again = await member.click(panel, label=texts.OPEN_AGAIN)
    fields = {part["component"]["custom_id"]: part["component"].get("value") for part in again.modal["components"]}
    assert fields["looking_for"] == "Gardens @everyone"
    assert fields["working_on"] == "x" * 2000
    await member.submit_modal(again, WORDS)
    assert peers.profile(str(member.id)).profile.working_on == "Roofs"
    assert filled.servers.members.form(member.id, f"{profile_modals.FORM}:words") is None


def unbounded():
    from simcord import _modal

    leaf = _modal._modal_leaf
    return lambda actor, component, *rest: leaf(actor, {k: v for k, v in component.items() if k != "max_length"}, *rest)


async def test_another_text_is_agreed_to_anew(channel, member, peers, monkeypatch):
    consent = await member.slash(channel, "profile")
    form = await member.click(consent.response, label=texts.AGREE)
    monkeypatch.setattr("bot.discord.peers.profile.CONSENT_VERSION", "another")
    await member.submit_modal(form, ABOUT)
    assert "What is kept" in text_in(consent.response)
    assert peers.library.members.members() == []


async def test_what_was_typed_under_an_earlier_text_comes_up_again(channel, member, peers, filled, monkeypatch):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["words"])
    for module in ("bot.discord.peers.profile", "knowledge.matching.profiles"):
        monkeypatch.setattr(f"{module}.CONSENT_VERSION", "another")
    await member.submit_modal(form, WORDS)
    assert texts.FORM_KEPT in text_in(panel)
    assert peers.profile(str(member.id)).profile.working_on == ""
    again = await member.click(panel, label=texts.AGREE)
    fields = {part["component"]["custom_id"]: part["component"].get("value") for part in again.modal["components"]}
    assert fields["working_on"] == "Roofs"
    await member.submit_modal(again, {})
    assert peers.profile(str(member.id)).consent == "another"
    assert filled.servers.members.form(member.id, f"{profile_modals.FORM}:words") is None


async def test_who_does_not_agree_leaves_nothing_behind(channel, member, filled, monkeypatch):
    consent = await member.slash(channel, "profile")
    form = await member.click(consent.response, label=texts.AGREE)
    monkeypatch.setattr("bot.discord.peers.profile.CONSENT_VERSION", "another")
    await member.submit_modal(form, ABOUT)
    assert filled.servers.members.form(member.id, f"{profile_modals.FORM}:about") is not None
    await member.click(consent.response, label=texts.PROFILE_NOT_NOW)
    assert filled.servers.members.form(member.id, f"{profile_modals.FORM}:about") is None


async def test_what_a_form_leaves_as_it_was_is_read_in_the_transaction_that_writes_it(
    channel, member, peers, monkeypatch
):
    panel = await agreed(member, channel)
    form = await member.click(panel, label=texts.BUTTONS["words"])
    known, inside = profile.known, []

    def watched(found, user_id):
        inside.append(found.library.members._connections.get().in_transaction)
        return known(found, user_id)

    monkeypatch.setattr(profile, "known", watched)
    await member.submit_modal(form, WORDS)
    assert inside == [True]
    assert peers.profile(str(member.id)).profile.looking_for == WORDS["looking_for"]


@pytest.mark.parametrize("label", [texts.BE_FOUND, texts.BUTTONS["words"]])
async def test_old_buttons_of_who_has_left_lead_to_a_new_profile(channel, member, peers, label):
    panel = await agreed(member, channel)
    peers.forget(str(member.id))
    shown = await member.click(panel, label=label)
    labels = labels_in(panel) + [name for one in [*shown.followups, shown.response] if one for name in labels_in(one)]
    assert texts.MAKE_PROFILE in labels


@pytest.mark.simcord(check_errors=False)
async def test_a_form_that_cannot_open_in_time_says_so(channel, member, monkeypatch):
    panel = await agreed(member, channel)
    with monkeypatch.context() as hasty:
        hasty.setattr("bot.discord.runtime.worker.MODAL_SECONDS", 0)
        assert said(await member.click(panel, label=texts.BUTTONS["words"])).endswith(texts.STARTING)
    form = await member.click(panel, label=texts.BUTTONS["words"])
    assert form.modal
