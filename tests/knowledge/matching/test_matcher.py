"""Who is suggested, in which order, and why."""

import pytest

from knowledge.domain.vocabulary import Nation, Sector
from knowledge.errors import MemberError
from knowledge.matching import wording
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, Clock, add, open_peers


def ids(found):
    return [match.member_id for match in found.matches]


def test_need_finds_offer_and_not_likeness(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "gardener", GARDEN)
    add(peers, "alike", {**WANTS_GARDEN, "looking_for": "", "can_offer": "Careers talks."})
    found = peers.match("seeker")
    assert ids(found)[0] == "gardener"
    assert found.matches[0].fits
    assert set(found.timings_ms) == {"embed", "match", "total"}


def test_reasons_are_verbatim_from_what_counted(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "gardener", GARDEN)
    first = peers.match("seeker").matches[0]
    assert 2 <= len(first.reasons) <= 3
    assert first.reasons[0] == wording.NEAR.format(quote="Opening hospital or clinic grounds to the public.")


def test_the_sentence_that_answers_is_quoted_and_not_the_first(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "gardener", GARDEN, working_on="Payroll. Opening hospital or clinic grounds to the public. Parking.")
    add(peers, "giver", GARDEN, working_on="Payroll", can_offer="How we are opening clinic grounds to the public")
    reasons = {match.member_id: match.reasons[0] for match in peers.match("seeker").matches}
    assert reasons["gardener"] == wording.NEAR.format(quote="Opening hospital or clinic grounds to the public.")
    assert reasons["giver"] == wording.OFFERS.format(quote="How we are opening clinic grounds to the public")


def test_mutual_needs_rank_higher_and_say_so(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "b-one-way", GARDEN)
    add(peers, "c-both", GARDEN, looking_for="Careers talks.", organisation="Sample Trust", nation="scotland")
    found = peers.match("seeker")
    assert [(match.member_id, match.mutual) for match in found.matches] == [("c-both", True), ("b-one-way", False)]
    assert wording.MUTUAL.format(quote="Careers talks.") in found.matches[0].reasons


def test_a_wish_that_the_seeker_does_not_meet_is_not_mutual(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "both", GARDEN, looking_for="Careers talks, from someone outside Wales")
    assert not peers.match("seeker").matches[0].mutual


def test_experience_counts_among_equals(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "a-starting", GARDEN, stage="starting", nation="scotland")
    add(peers, "b-established", GARDEN, nation="northern_ireland")
    assert ids(peers.match("seeker")) == ["b-established", "a-starting"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"sector": Sector.VCSE}, ["charity"]),
        ({"nation": Nation.SCOTLAND}, ["scot"]),
        ({"different": "sector"}, ["charity"]),
        ({"different": "nation"}, ["scot"]),
        ({"topic": "hospital or clinic grounds to the public, someone outside the NHS"}, ["charity"]),
        ({"sector": Sector.VCSE, "nation": Nation.SCOTLAND}, []),
    ],
)
def test_sector_and_nation_are_always_honoured(peers, options, expected):
    add(peers, "seeker", WANTS_GARDEN, sector="nhs_trust", nation="england")
    add(peers, "charity", GARDEN, sector="vcse")
    add(peers, "scot", GARDEN, nation="scotland")
    add(peers, "same", GARDEN)
    add(peers, "unknown", GARDEN, sector=None, nation=None)
    found = peers.match("seeker", **options)
    assert ids(found) == expected
    assert found.note


def test_the_text_of_the_profile_is_honoured_and_said(peers):
    add(peers, "seeker", WANTS_GARDEN, looking_for="Opening hospital grounds. Prefer someone who isn't NHS.")
    add(peers, "charity", GARDEN, sector="vcse")
    add(peers, "hospital", GARDEN)
    found = peers.match("seeker")
    assert ids(found) == ["charity"]
    quote = "Opening hospital grounds. Prefer someone who isn't NHS."
    assert found.note == wording.PROFILE_ONLY.format(wish="outside the NHS", quote=quote)
    reason = "Your profile asks for somebody outside the NHS; they are in a charity"
    assert any(one.startswith(reason) for one in found.matches[0].reasons)


def test_an_option_wins_over_the_words_of_the_profile(peers):
    add(peers, "seeker", WANTS_GARDEN, looking_for="Someone from a hospital, on opening grounds to the public.")
    add(peers, "charity", GARDEN, sector="vcse")
    add(peers, "hospital", GARDEN, sector="nhs_trust")
    assert ids(peers.match("seeker")) == ["hospital"]
    found = peers.match("seeker", sector=Sector.VCSE)
    assert ids(found) == ["charity"]
    assert found.note.startswith("You asked for somebody in a charity")
    assert "Your profile" not in found.note
    found = peers.match("seeker", different="sector")
    assert set(ids(found)) == {"charity", "hospital"}
    assert "not in a council" in found.note
    assert "Your profile" not in found.note
    # Of the nation nothing was chosen: what the profile says of the sector holds beside it.
    assert peers.match("seeker", different="nation").note.count("only") == 2


def test_nobody_is_called_near_who_is_not_and_scale_and_place_alone_do_not_fit(peers):
    add(peers, "seeker", WANTS_GARDEN, level="local")
    add(peers, "far", working_on="Payroll software.", can_offer="Spreadsheets to show.", nation="wales", level="local")
    [match] = peers.match("seeker").matches
    assert not match.fits
    assert not any("Close to what you are looking for" in reason for reason in match.reasons)
    assert match.reasons == ("They work at your scale: local", "They are in Wales too")


def test_what_both_are_about_is_no_reason_where_the_need_is_another(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "other", working_on="Zebra quartz.", looking_for="Trumpets and violins", pillars=["employment"])
    [match] = peers.match("seeker").matches
    assert (match.fits, match.mutual) == (False, False)
    assert match.reasons == ("You both work on employment",)


def test_two_registrations_of_one_person_are_shown_once_as_the_first(peers, clock):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "z-first", GARDEN, role="Grounds manager", organisation="Sample Trust")
    clock.forward(days=1)
    add(
        peers,
        "a-second",
        GARDEN,
        role="Grounds Manager",
        organisation="Sample NHS Trust",
        display_name="sample Z-first",
    )
    add(peers, "other", GARDEN, role="Solicitor", organisation="Quite another house", nation="scotland")
    assert sorted(ids(peers.match("seeker"))) == ["other", "z-first"]
    assert peers.people() == ["other", "seeker", "z-first"]
    peers.pause("z-first")
    assert sorted(ids(peers.match("seeker"))) == ["a-second", "other"]


def test_different_names_are_never_one_person(peers):
    add(peers, "seeker", WANTS_GARDEN)
    for name, trust in (
        ("Jane Doe", "Riverside NHS Trust"),
        ("Omar Said", "Lakeside NHS Trust"),
        ("Eve Roe", "Lakeside NHS Trust"),
    ):
        add(peers, name.split()[0].lower(), GARDEN, display_name=name, organisation=trust, role="Grounds manager")
    assert sorted(ids(peers.match("seeker"))) == ["eve", "jane", "omar"]
    assert peers.people() == ["eve", "jane", "omar", "seeker"]


def test_nobody_is_suggested_to_their_own_second_registration(peers):
    add(peers, "one", GARDEN, display_name="Same Sample", organisation="Sample Trust")
    add(peers, "two", GARDEN, display_name="same sample", organisation="Sample trust")
    assert ids(peers.match("one")) == []


def test_thin_profiles_work_and_are_told_what_helps(peers):
    add(peers, "thin")
    add(peers, "thinner", sector="council")
    add(peers, "gardener", GARDEN)
    found = peers.match("thin")
    assert set(ids(found)) == {"thinner", "gardener"}
    assert not any(match.fits for match in found.matches)
    assert wording.NOBODY_FITS in found.note
    assert wording.SAY_MORE in found.note
    assert peers.match("gardener").member == "gardener"


def test_an_empty_network_is_said_to_be_so(peers):
    add(peers, "alone", WANTS_GARDEN)
    assert peers.match("alone").note == wording.NOBODY_AT_ALL
    with pytest.raises(MemberError, match="no profile"):
        peers.match("nobody")


def test_of_equals_the_one_asked_less_often_comes_first(peers):
    for number in range(2):
        add(peers, f"asker{number}", WANTS_GARDEN)
    add(peers, "a-star", GARDEN, organisation="House one")
    add(peers, "b-other", GARDEN, organisation="Quite different", nation="scotland", requests_a_month=5)
    assert ids(peers.match("asker0"))[0] == "a-star"
    peers.ask("asker1", "a-star")
    assert ids(peers.match("asker0"))[0] == "b-other"


def test_who_was_asked_as_often_as_they_take_is_not_suggested(peers, clock):
    for number in range(3):
        add(peers, f"asker{number}", WANTS_GARDEN, organisation=f"House {number}")
    add(peers, "star", GARDEN)
    peers.ask("asker0", "star")
    peers.ask("asker1", "star")
    assert "star" not in ids(peers.match("asker2"))
    with pytest.raises(MemberError, match="cannot be asked"):
        peers.ask("asker2", "star")
    clock.forward(days=31)
    assert "star" in ids(peers.match("asker2"))


def test_inactive_members_are_skipped_until_they_come_back(peers, clock):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "away", GARDEN)
    clock.forward(days=200)
    assert ids(peers.match("seeker")) == []
    peers.match("away")
    assert ids(peers.match("seeker")) == ["away"]


def test_a_changed_profile_is_matched_anew_and_unchanged_text_is_embedded_once(peers):
    add(peers, "seeker", WANTS_GARDEN)
    add(peers, "gardener", GARDEN)
    peers.match("seeker")
    embedder = peers.library.chosen_embedder
    before = len(embedder.embedded)
    add(peers, "gardener", GARDEN, region="North")
    peers.match("seeker")
    assert len(embedder.embedded) == before
    add(peers, "gardener", GARDEN, working_on="Payroll software.", can_offer="")
    assert not peers.match("seeker").matches[0].fits
    assert len(embedder.embedded) > before


def test_another_process_sees_what_this_one_changed(peers, tmp_path):
    add(peers, "seeker", WANTS_GARDEN)
    other = open_peers(tmp_path / "data", Clock())
    assert ids(other.match("seeker")) == []
    add(peers, "gardener", GARDEN)
    assert ids(other.match("seeker")) == ["gardener"]
    peers.forget("gardener")
    assert ids(other.match("seeker")) == []
    other.library.close()
