"""/peers and the line under an answer: who fits and why, and nobody who did not choose to be seen."""

import pytest

from bot.discord.peers import texts
from indexer.pipeline import publisher
from knowledge.domain.examples import OPERATOR, Action, Actor, Content, Role
from knowledge.domain.vocabulary import Credit, Outcome
from knowledge.examples.examples import Examples
from knowledge.matching.wording import CANNOT_ASK, NOBODY_AT_ALL
from tests.bot.conftest import labels_in, said, text_in
from tests.bot.discord.peers.conftest import dms
from tests.fakes import WordCheck
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

QUESTION = "Opening hospital or clinic grounds to the public"


async def test_matches_have_reasons_and_a_button(channel, seeker, helper):
    shown = await seeker.slash(channel, "peers")
    assert shown.ephemeral
    assert "**Sample helper**" in said(shown)
    assert "Sample House" in said(shown)
    assert "\n- " in said(shown)
    assert labels_in(shown.response) == [texts.ASK, texts.TELL_ME]


async def test_options_are_honoured_and_nobody_is_said_honestly(channel, seeker, helper, peers):
    text = said(await seeker.slash(channel, "peers", topic=QUESTION, sector="vcse"))
    assert "Sample helper" not in text
    assert NOBODY_AT_ALL in text
    shown = await seeker.slash(channel, "peers", different="sector")
    assert "Sample helper" in said(shown)
    none = await seeker.slash(channel, "peers", nation="scotland")
    assert texts.CAN_BE_TOLD in said(none)
    await seeker.click(none.response, label=texts.TELL_ME)
    assert peers.profile(str(seeker.id)).waiting
    # Whoever waits already is offered the opposite.
    assert texts.CAN_BE_TOLD not in said(await seeker.slash(channel, "peers", nation="scotland"))


async def test_who_fits_later_is_told_once(channel, seeker, peers, other, tick):
    shown = await seeker.slash(channel, "peers")
    await seeker.click(shown.response, label=texts.TELL_ME)
    await tick(minutes=2)
    assert dms(seeker) == []
    add(peers, str(other.id), GARDEN, display_name="Sample late")
    await tick(minutes=2)
    await tick(minutes=2)
    (message,) = dms(seeker)
    assert texts.SOMEONE_FITS in text_in(message)
    assert "Sample late" in text_in(message)
    assert not peers.profile(str(seeker.id)).waiting


async def test_without_a_profile_the_way_to_one_is_shown(channel, member, helper):
    shown = await member.slash(channel, "peers")
    assert said(shown) == texts.NO_PROFILE
    assert "Sample helper" not in said(shown)
    consent = await member.click(shown.response, label=texts.MAKE_PROFILE)
    assert "What is kept" in said(consent)


async def test_a_thin_profile_sees_who_is_near_and_is_told_so(channel, member, helper, peers):
    add(peers, str(member.id), {"working_on": "Opening hospital grounds"}, findable=False)
    text = said(await member.slash(channel, "peers"))
    assert texts.NEAREST in text or "Sample helper" in text


async def test_pages_turn_after_a_restart(guild, channel, seeker, peers, simcord_env, make_bot):
    names = ("england", "wales", "scotland", "northern_ireland")
    for number, nation in enumerate(names):
        add(
            peers,
            str(guild.add_member(simcord_env.create_user(f"sample{number}")).id),
            GARDEN,
            display_name=f"Sample {number}",
            organisation=f"House {number}",
            nation=nation,
            region=f"Region {number}",
            working_on=GARDEN["working_on"] + f" Part {number}, {'abcde'[number] * 9}.",
        )
    shown = await seeker.slash(channel, "peers")
    assert "Page 1 of 2, 4 in all" in said(shown)
    await simcord_env.restart_bot(make_bot())
    first = text_in(shown.response)
    await seeker.click(shown.response, label="Next")
    assert "Page 2 of 2" in text_in(shown.response)
    both = first + text_in(shown.response)
    assert all(f"Sample {number}" in both for number in range(4))


async def test_a_list_belongs_to_who_asked_for_it(channel, seeker, helper, filled, clock, simcord_env):
    shown = await seeker.slash(channel, "peers")
    (search,) = filled.members.searches_of(str(seeker.id))
    clock.pass_(days=31)
    await simcord_env.advance_time(70)
    assert filled.members.search(search.id) is None
    gone = await seeker.click(shown.response, label=texts.ASK)
    assert texts.NOT_KEPT in said(await seeker.submit_modal(gone, {"topic": ""}))


@pytest.mark.parametrize("hidden", ["findable", "paused", "blocked", "gone", "inactive"])
async def test_whoever_may_not_be_seen_is_in_no_list_and_no_number(channel, seeker, helper, peers, clock, hidden):
    theirs = str(helper.id)
    hide = {
        "findable": lambda: peers.set_findable(theirs, findable=False),
        "paused": lambda: peers.pause(theirs),
        "blocked": lambda: peers.block(theirs, str(seeker.id)),
        "gone": lambda: peers.forget(theirs),
        "inactive": lambda: clock.pass_(days=181),
    }
    shown = await seeker.slash(channel, "peers")
    hide[hidden]()
    assert "Sample helper" not in said(await seeker.slash(channel, "peers", topic=QUESTION))
    assert "can be found here" not in said(await seeker.slash(channel, "ask", question=QUESTION))
    # The button of the list from before leads nowhere, and says the same for each of these reasons.
    form = await seeker.click(shown.response, label=texts.ASK)
    text = said(await seeker.submit_modal(form, {"topic": "Roofs"}))
    assert "That member cannot be asked" in text or texts.NOT_KEPT in text
    assert peers.library.members.introductions_of(str(seeker.id)) == []


async def test_under_an_answer_members_are_counted_and_not_named(channel, seeker, helper, other, peers):
    shown = await seeker.slash(channel, "ask", question=QUESTION)
    assert texts.WORK_ON_THIS.format(count="1 member") in said(shown)
    assert "Sample helper" not in said(shown)
    await seeker.click(shown.response, label=texts.SHOW_THEM)
    # Nobody is counted for themselves.
    assert "can be found here" not in said(await other.slash(channel, "ask", question=QUESTION))


async def test_the_button_under_an_answer_shows_them_to_who_presses_it_only(channel, seeker, helper, member):
    await helper.slash(channel, "ask", question=QUESTION, share=True)
    assert labels_in(channel.last_message).count(texts.SHOW_THEM) == 0  # the asker is the only one who fits
    await seeker.slash(channel, "ask", question=QUESTION, share=True)
    public = channel.last_message
    shown = await seeker.click(public, label=texts.SHOW_THEM)
    assert shown.ephemeral
    assert "Sample helper" in said(shown)
    assert "Sample helper" not in text_in(channel.last_message)


async def test_the_count_comes_after_the_answer_and_its_failure_costs_nothing(
    channel, seeker, helper, simcord_env, monkeypatch
):
    from knowledge.errors import StorageBusyError
    from knowledge.matching.peers import Peers

    await seeker.slash(channel, "ask", question=QUESTION)
    edits = [r.json for r in simcord_env.http_requests if r.method == "PATCH" and "@original" in r.path]
    assert len(edits) == 2
    assert "can be found here" not in str(edits[0])

    def broken(*_):
        raise StorageBusyError("the disk is full")

    monkeypatch.setattr(Peers, "count_on", broken)
    assert "> Opening hospital" in said(await seeker.slash(channel, "ask", question=QUESTION))


async def test_a_first_answer_does_not_wait_for_the_count(channel, seeker, helper, simcord_env, monkeypatch):
    import threading

    from knowledge.matching.peers import Peers

    answered, count = threading.Event(), Peers.count_on
    dispatched = simcord_env.http_requests

    def waiting(self, *arguments):
        # The answer is there before this may end.
        answered.set() if [r for r in dispatched if r.method == "PATCH"] else None
        assert answered.is_set()
        return count(self, *arguments)

    monkeypatch.setattr(Peers, "count_on", waiting)
    shown = await seeker.slash(channel, "ask", question=QUESTION)
    assert answered.is_set()
    assert "can be found here" in said(shown)


async def test_blocks_of_who_has_no_profile_count_too(channel, member, helper, peers):
    assert "can be found here" in said(await member.slash(channel, "ask", question=QUESTION))
    peers.block(str(helper.id), str(member.id))
    assert "can be found here" not in said(await member.slash(channel, "ask", question=QUESTION))


def test_the_wanted_profile_is_not_the_one_who_looks(peers):
    add(peers, "1", WANTS_GARDEN)
    assert peers.count_on(QUESTION, "1") == peers.count_on(QUESTION, None) == 0


async def test_members_who_shared_what_is_cited_are_counted_without_the_reader(
    channel, seeker, helper, filled, clock, monkeypatch
):
    examples = Examples(filled, publisher(filled), WordCheck(), clock)
    content = Content(
        title="Sunday gardens",
        what="Sample House opened the hospital gardens on Sundays for families.",
        for_whom="Families",
        what_happened="Eighty families came each Sunday.",
        differently="Ask the neighbours first.",
        measured="Counting",
        outcome=Outcome.WORKED,
        credit=Credit.ANONYMOUS,
        clearance=True,
    )
    given = examples.share(Actor(str(helper.id), Role.MEMBER), content)
    examples.review(OPERATOR, given.id, Action.APPROVE)
    question = "How many families came each Sunday to the gardens?"
    shown = said(await seeker.slash(channel, "ask", question=question))
    assert "__Eighty__ families" in shown
    assert texts.SHARED_THIS.format(count="1 member") in shown
    assert "Sample helper" not in shown
    assert "shared work on this" not in said(await helper.slash(channel, "ask", question=question))


async def test_no_key_tells_who_is_in_the_list(channel, seeker, helper, peers, simcord_env, make_bot):
    add(peers, str(helper.id), GARDEN, display_name="", organisation="Sample House")
    shown = await seeker.slash(channel, "peers")
    assert "Sample House" in said(shown)
    assert str(helper.id) not in str(shown.response.components)
    await simcord_env.restart_bot(make_bot())
    form = await seeker.click(shown.response, label=texts.ASK)
    assert str(helper.id) not in str(form.modal)
    await seeker.submit_modal(form, {"topic": "Grounds"})
    assert len(dms(helper)) == 1


async def test_who_has_left_since_cannot_be_asked(channel, seeker, helper, peers):
    shown = await seeker.slash(channel, "peers")
    form = await seeker.click(shown.response, label=texts.ASK)
    peers.forget(str(helper.id))
    assert CANNOT_ASK in said(await seeker.submit_modal(form, {"topic": "Grounds"}))


async def test_a_member_whose_id_is_an_address_can_be_asked(channel, seeker, peers):
    add(peers, "sample+one@example.org", GARDEN, display_name="Sample address")
    shown = await seeker.slash(channel, "peers")
    form = await seeker.click(shown.response, label=texts.ASK)
    await seeker.submit_modal(form, {"topic": "Grounds"})
    (standing,) = peers.standings(str(seeker.id))
    assert standing.mine
