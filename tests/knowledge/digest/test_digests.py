"""Who gets the digest: chosen, begun once in a period, stopped and confirmed by signed addresses."""

from datetime import UTC, datetime

import pytest

from knowledge.dates import month_before
from knowledge.digest.digests import KINDS, DueDigest, MemberDigests
from knowledge.digest.storage.protocols import Frequency, Means
from knowledge.errors import MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from tests.fakes import Clock, WordCheck, WordEmbedder

MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)
ME = "web-sample"


@pytest.fixture
def clock():
    return Clock(MONDAY)


@pytest.fixture
def library(settings):
    mail = {"mail_server": "127.0.0.1:25", "mail_from": "haln@example.org", "mail_security": "none"}
    chosen = settings.model_validate({**settings.model_dump(), **mail, "web_url": "https://haln.example.org"})
    opened = Library.open(chosen, lambda _: WordEmbedder())
    opened.accounts.account_for("sam@example.org", ME, MONDAY.isoformat())
    yield opened
    opened.close()


@pytest.fixture
def digests(library, clock):
    return MemberDigests(library, Peers(library, clock), clock)


@pytest.fixture
def waiting(library, clock):
    def taken(means=Means.EMAIL):
        return library.outbox.take((KINDS[means],), clock(), by_mail=None)

    return taken


def test_nothing_is_begun_at_the_moment_it_is_chosen(digests, waiting):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    assert digests.begin(Means.EMAIL) == 0
    assert waiting() == []


def test_each_period_begins_one_whoever_looks_how_often(digests, waiting, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    digests.choose("7", Frequency.MONTHLY, Means.DIRECT)
    clock.later(days=7)
    assert [digests.begin(Means.EMAIL), digests.begin(Means.EMAIL), digests.begin(Means.DIRECT)] == [1, 0, 0]
    [queued] = waiting()
    assert (queued.message.recipient, queued.message.data["number"]) == (ME, 1)
    clock.later(days=21)
    assert digests.begin(Means.DIRECT) == 0
    clock.later(days=4)
    assert digests.begin(Means.DIRECT) == 1


def test_none_is_begun_at_night_or_at_the_weekend(digests, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    clock.later(days=12)
    assert digests.begin(Means.EMAIL) == 0
    clock.later(days=2, hours=12)
    assert digests.begin(Means.EMAIL) == 0
    clock.later(hours=12)
    assert digests.begin(Means.EMAIL) == 1


def test_choosing_again_keeps_what_is_due(digests, clock):
    digests.choose(ME, Frequency.MONTHLY, Means.EMAIL)
    clock.later(days=7)
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    assert digests.begin(Means.EMAIL) == 1


def test_stopping_takes_back_what_waits(digests, waiting, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    clock.later(days=7)
    digests.begin(Means.EMAIL)
    assert digests.stop(ME) is True
    assert waiting() == []
    assert digests.choice(ME) is None
    assert digests.stop(ME) is False


def test_one_that_was_handed_over_is_not_handed_over_again(digests, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    since = digests.choice(ME).looked_at
    clock.later(days=7)
    digests.begin(Means.EMAIL)
    due = DueDigest(number=1, since=since)
    assert digests.hand_over(ME, due) is True
    assert digests.hand_over(ME, due) is False
    assert digests.choice(ME).missed_since == since
    digests.take_back(ME, due)
    assert digests.hand_over(ME, due) is True
    # One of a choice that was given up is no concern of the next choice.
    digests.stop(ME)
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    assert digests.hand_over(ME, due) is False


def test_mail_needs_an_address_and_a_page_to_stop_it_on(digests, library, clock):
    with pytest.raises(MemberError, match="no address"):
        digests.choose("7", Frequency.WEEKLY, Means.EMAIL)
    chosen = digests.choose("7", Frequency.WEEKLY, Means.EMAIL, "kim@example.org")
    assert digests.address("7") == chosen.email == "kim@example.org"
    assert digests.address("8") is None


def test_only_our_own_signature_stops_one(digests):
    token = digests.stop_token("web-a.b")
    assert digests.member_of(token) == "web-a.b"
    for forged in (f"x{token}", token[:-1], "web-a.b", "web-a.b.", "", "é.é"):
        assert digests.member_of(forged) is None


def test_an_address_is_confirmed_within_a_day(digests, clock):
    token = digests.confirmation("7", Frequency.MONTHLY, " Kim@Example.org ")
    assert digests.read_confirmation(token) == ("7", Frequency.MONTHLY, "kim@example.org")
    for forged in (f"x{token}", token[:-1], "", ".", "é", "AAAA.x"):
        assert digests.read_confirmation(forged) is None
    clock.later(hours=25)
    assert digests.read_confirmation(token) is None
    assert digests.confirmation("7", Frequency.MONTHLY, "no address") is None


def test_an_address_is_off_when_it_is_gone_or_has_failed_three_times(digests, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    for off in (False, False, True):
        assert digests.is_off("sam@example.org") is False
        digests.address_failed("Sam@example.org", gone=False)
        assert digests.is_off("sam@example.org") is off
    assert digests.address(ME) is None
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)  # they have mended it
    assert digests.address(ME) == "sam@example.org"
    digests.address_failed("sam@example.org", gone=True)
    assert digests.is_off("sam@example.org") is True
    clock.later(days=366)
    digests.address_failed("kim@example.org", gone=True)  # a year is long enough
    assert digests.is_off("sam@example.org") is False


def test_everything_is_shown_and_erased(digests, library, clock):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    digests.address_failed("sam@example.org", gone=True)
    clock.later(days=7)
    digests.begin(Means.EMAIL)
    personal = PersonalData(library, Peers(library, clock), Examples(library, None, WordCheck(), clock=clock))
    assert personal.export(ME)["digest"]["frequency"] == "weekly"
    forgotten = personal.forget(ME)
    assert forgotten.left == 0
    assert forgotten.removed["digest_choices"] == forgotten.removed["failed_addresses"] == 1
    assert library.outbox.waiting() == 0
    assert digests.is_off("sam@example.org") is False


@pytest.mark.parametrize(
    ("day", "before"),
    [((2026, 3, 31), (2026, 2, 28)), ((2026, 1, 15), (2025, 12, 15)), ((2026, 12, 31), (2026, 11, 30))],
)
def test_a_month_ends_where_it_ends(day, before):
    assert month_before(datetime(*day, 9, tzinfo=UTC)) == datetime(*before, 9, tzinfo=UTC)


def test_links_in_mails_to_a_joined_account_are_its_new_owners(digests, library):
    digests.choose(ME, Frequency.WEEKLY, Means.EMAIL)
    stop, confirm = digests.stop_token(ME), digests.confirmation(ME, Frequency.MONTHLY, "sam@example.org")
    library.accounts.account_of_discord("7", MONDAY.isoformat())
    library.accounts.join(ME, "7")
    assert digests.read_confirmation(confirm) == ("7", Frequency.MONTHLY, "sam@example.org")
    assert digests.member_of(stop) == "7"
    assert digests.stop(digests.member_of(stop))
    assert digests.choice("7") is None
