"""What members do and offer, read with a need: once, a sentence of their own, at most so much of it."""

import pytest

from knowledge.calibration.member_fit import MemberFit
from knowledge.domain.members import Profile
from knowledge.matching.offer_reader import UNREAD, OfferReader
from tests.fakes import WordReader


def profile(working_on="", can_offer="", role="Buyer"):
    return Profile(id="a", role=role, working_on=working_on, can_offer=can_offer)


def test_sentences_are_verbatim_and_of_one_field_best_first():
    there = profile("we run payroll\nwe open our lawns", "a lease for lawns, in two pages. Parking too")
    [scores] = OfferReader(WordReader()).read("a lease for lawns", [there])
    assert [(one.text, one.offered) for one in scores.sentences] == [
        ("a lease for lawns, in two pages.", True),
        ("we open our lawns", False),
    ]
    assert scores.best == scores.sentences[0].score > scores.sentences[1].score


def test_each_pair_is_read_once_and_a_changed_text_anew():
    words = WordReader()
    reader = OfferReader(words)
    for _ in range(2):
        reader.read("lawns", [profile("Lawns."), profile("Pay.")])
    assert len(words.passages) == 2
    reader.read("lawns", [profile("Lawns and trees.")])
    reader.read("trees", [profile("Lawns.")])
    assert len(words.passages) == 4


def test_who_says_nothing_is_not_read():
    words = WordReader()
    reader = OfferReader(words)
    assert reader.read("lawns", [profile(), profile("", "not sure, open to ideas")]) == [UNREAD, UNREAD]
    assert reader.read("", [profile("Lawns.")]) == [UNREAD]
    assert words.passages == []


def test_no_more_is_read_of_a_long_text_than_a_match_has_time_for():
    words = WordReader()
    OfferReader(words).read("lawns", [profile("Lawns are open. " * 100, "lawn " * 300)])
    [passage] = words.passages
    assert len(passage.text) <= 1201
    assert all(0 <= start < end <= len(passage.text) for start, end in passage.sentences)


@pytest.mark.parametrize("typed", [False, True])
def test_nearer_and_better_read_is_likelier_to_fit(typed):
    fit = MemberFit.packaged().of(typed=typed)
    assert fit.probability(0.4, 0.0, 0.5) > fit.probability(0.1, 0.0, 0.5) > fit.probability(0.1, -6.0, 0.5)
    assert fit.holds(0.5, 3.0, 0.6)
    assert not fit.holds(0.1, -6.0, 0.1)


def test_topics_in_common_count_for_what_a_profile_looks_for():
    fit = MemberFit.packaged()
    assert fit.profile.probability(0.2, -3.0, 0.6) > fit.profile.probability(0.2, -3.0, 0.1)
    assert fit.question.probability(0.2, -3.0, 0.6) == fit.question.probability(0.2, -3.0, 0.1)
