"""Members' digests: chosen, begun once in their period, made when they are sent, stopped by one press.

Addresses that the digest's mails hold are signed with the database's key: whoever has one needs no sign-in.
"""

import base64
import hmac
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from knowledge.accounts.accounts import tidy_address
from knowledge.dates import is_working_time, month_before, stamp
from knowledge.digest.contents import ANYBODY, Contents, News, Reader, Waiting
from knowledge.digest.events import Coming
from knowledge.digest.storage.protocols import AddressState, DigestChoice, DigestStore, Frequency, Means
from knowledge.domain.library import Noun
from knowledge.errors import MemberError
from knowledge.library import Library
from knowledge.matching.peers import Peers

KINDS = {Means.DIRECT: "digest.direct", Means.EMAIL: "digest.mail"}
WEEK = timedelta(days=7)
# Begun in one transaction: nobody else writes to members and digests for as long as it lasts.
_AT_ONCE = 500
CONFIRM_HOURS = 24
# Mail that came back so often for no lasting reason (a full mailbox) is not sent any more.
_MOST_FAILURES = 3
_FORGOTTEN = timedelta(days=365)
_SIGNATURE = 32
_NO_ADDRESS = "There is no address to send the digest to. Sign in on the web page, or choose a direct message."


class DueDigest(Noun):
    """The data of a queued digest: its number, and since when it tells of what is new (ISO 8601, UTC)."""

    number: int
    since: str


class MemberDigests:
    """The digests of the members of one library."""

    def __init__(self, library: Library, peers: Peers, clock: Callable[[], datetime]) -> None:
        self._library = library
        self._store = library.digests
        self._peers = peers
        self._clock = clock

    @property
    def by_email(self) -> bool:
        """Return whether digests can go by email: there is a mail server, and a web page to stop them on."""
        settings = self._library.settings
        return settings.mail_server is not None and settings.web_url is not None

    def choice(self, member_id: str) -> DigestChoice | None:
        """Return what a member chose; `None` where they get no digest."""
        return self._store.choice(member_id)

    def choose(self, member_id: str, frequency: Frequency, means: Means, email: str | None = None) -> DigestChoice:
        """Store a member's choice. The first digest comes a week or a month later, and nothing at once.

        `email` is an address that they confirmed; `None` is that of their account.

        Raises:
            MemberError: There is no address to send it to.
        """
        now = stamp(self._clock())
        choice = DigestChoice(
            member_id=member_id, frequency=frequency, means=means, email=email, chosen_at=now, looked_at=now
        )
        if means is Means.EMAIL:
            address = self._address(choice)
            if address is None or not self.by_email:
                raise MemberError(_NO_ADDRESS)
            self.address_works(address)  # whoever asks for mail again has mended what was wrong
        return self._store.choose(choice)

    def stop(self, member_id: str) -> bool:
        """Have a member get no digest any more; whether they got one. What waits to be sent is deleted."""
        return self._store.stop(member_id)

    def begin(self, means: Means) -> int:
        """Queue the digests that are due, on a working day outside the quiet hours; how many."""
        now = self._clock()
        if not self.may_send(now):
            return 0
        cutoffs = {Frequency.WEEKLY: stamp(now - WEEK), Frequency.MONTHLY: stamp(month_before(now))}
        begun = 0
        while some := self._store.begin(means, KINDS, stamp(now), cutoffs, _AT_ONCE):
            begun += some
        return begun

    def may_send(self, now: datetime) -> bool:
        """Return whether a digest may go out at a moment, be it new or tried again."""
        return is_working_time(now, self._library.settings.quiet_hours)

    def news(self, announced: Sequence[Coming] = ()) -> News:
        """Return what is new in the library now, for any number of readers; `announced` are a server's own events."""
        return News(self._library, self._clock(), announced)

    def contents(self, member_id: str, due: DueDigest, news: News) -> Contents:
        """Return a member's digest."""
        return news.for_reader(_moment(due.since), due.number, self._reader(member_id), self._waiting(member_id, due))

    def latest(self, member_id: str, since: datetime, announced: Sequence[Coming] = ()) -> Contents:
        """Return what a member's digest of the time since a moment would hold."""
        number = since.isocalendar().week
        return self.contents(member_id, DueDigest(number=number, since=stamp(since)), self.news(announced))

    def hand_over(self, member_id: str, due: DueDigest) -> bool:
        """Note that a digest is given to the mail server now; false where it was before, or is not wanted any more.

        One that was given before, and of which nobody knows what became of it, is not sent again: the next one tells of
        what it told.
        """
        if self._store.hand_over(member_id, due.number):
            return True
        self.missed(member_id, due)
        return False

    def take_back(self, member_id: str, due: DueDigest) -> None:
        """Note that the mail server did not take it, so that it is tried again."""
        self._store.take_back(member_id, due.number)

    def missed(self, member_id: str, due: DueDigest) -> None:
        """Note that a digest did not arrive: the next one tells of what it would have told."""
        self._store.missed(member_id, due.since)

    # -- addresses

    def address(self, member_id: str) -> str | None:
        """Return where a member's digest goes by mail; `None` where it does not, or that address is off."""
        choice = self._store.choice(member_id)
        address = self._address(choice) if choice is not None and choice.means is Means.EMAIL else None
        return None if address is None or self.is_off(address) else address

    def is_off(self, email: str) -> bool:
        """Return whether nothing is sent to an address, because mail came back from it."""
        state = self._store.address(self._address_key(email))
        return state is not None and state.off_since is not None

    def address_failed(self, email: str, *, gone: bool) -> AddressState:
        """Note that mail to an address came back; one that is `gone`, or that failed three times, is off."""
        now = self._clock()
        return self._store.failed(
            self._address_key(email), stamp(now), off=gone, most=_MOST_FAILURES, forget_before=stamp(now - _FORGOTTEN)
        )

    def address_works(self, email: str) -> None:
        """Note that an address works: its owner has just used a mail that came there, or asks for mail again."""
        self._store.works(self._address_key(email))

    def mark(self, email: str, member_id: str, due: DueDigest) -> str:
        """Return what goes into a digest's Message-ID: it says that the mail was ours and to whom, to us alone."""
        return self._marked(email, f"digest-{self._signature('name', f'{member_id}:{due.number}')}")

    def is_marked(self, email: str, mark: str) -> bool:
        """Return whether a Message-ID is that of a mail of ours to this address."""
        name, _, _ = mark.rpartition(".")
        return hmac.compare_digest(mark.encode(), self._marked(email, name).encode())

    # -- signed addresses

    def stop_token(self, member_id: str) -> str:
        """Return what stops a member's digest: a part of an address of the web page."""
        return f"{member_id}.{self._signature('stop', member_id)}"

    def member_of(self, token: str) -> str | None:
        """Return whose digest a token stops; `None` where it was not made here.

        An account that was joined to another meanwhile is the other's, and so is its digest.
        """
        member_id, _, _ = token.rpartition(".")
        made_here = hmac.compare_digest(token.encode(), self.stop_token(member_id).encode())
        return self._current_id(member_id) if made_here else None

    def confirmation(self, member_id: str, frequency: Frequency, email: str) -> str | None:
        """Return what confirms, within a day, that an address is this member's; `None` where it cannot be one.

        Nothing is kept of the address until then.
        """
        address = tidy_address(email)
        if address is None:
            return None
        until = stamp(self._clock() + timedelta(hours=CONFIRM_HOURS))
        said = json.dumps([member_id, frequency, address, until], separators=(",", ":"))
        return f"{base64.urlsafe_b64encode(said.encode()).decode().rstrip('=')}.{self._signature('confirm', said)}"

    def read_confirmation(self, token: str) -> tuple[str, Frequency, str] | None:
        """Return the member, how often, and the address of a token; `None` where it was not made here or is too old."""
        encoded, _, signature = token.rpartition(".")
        try:
            said = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
        except ValueError:
            return None
        if not hmac.compare_digest(signature.encode(), self._signature("confirm", said).encode()):
            return None
        member_id, frequency, address, until = json.loads(said)
        confirmed = (self._current_id(member_id), Frequency(frequency), address)
        return confirmed if until > stamp(self._clock()) else None

    # -- the parts

    def _current_id(self, member_id: str) -> str:
        return self._library.accounts.joined_to(member_id) or member_id

    def _reader(self, member_id: str) -> Reader:
        member = self._library.members.member(member_id)
        return ANYBODY if member is None else Reader.of(member.profile)

    def _waiting(self, member_id: str, due: DueDigest) -> list[Waiting]:
        if self._library.members.member(member_id) is None:
            return []
        sent = {route.question_id: route.sent_at for route in self._library.members.routes_of(member_id)}
        return [
            Waiting(question, sent.get(question.question_id, "") >= due.since)
            for question in self._peers.questions_for(member_id)
        ]

    def _address(self, choice: DigestChoice) -> str | None:
        account = self._library.accounts.account(choice.member_id)
        return choice.email or (account.email if account is not None else None)

    def _address_key(self, email: str) -> str:
        return address_key(self._store, email)

    def _marked(self, email: str, name: str) -> str:
        return f"{name}.{self._signature('mail', f'{name}:{email.strip().lower()}')}"

    def _signature(self, purpose: str, text: str) -> str:
        return self._store.hashed(f"digest-{purpose}:{text}")[:_SIGNATURE]


def address_key(store: DigestStore, email: str) -> str:
    """Return what stands for an address where it is noted that mail came back from it."""
    return store.hashed(f"address:{email.strip().lower()}")


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)
