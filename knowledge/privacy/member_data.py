"""One person's data, wherever it is kept: as a file for them, and erased. The only such place.

Faces and commands call `PersonalData`; whatever comes to keep something about people is added here.
"""

import logging
from collections import Counter
from collections.abc import Callable
from enum import StrEnum

from knowledge.backup.backup import mirror_erasures
from knowledge.digest.digests import address_key
from knowledge.domain.examples import Actor, Role, State
from knowledge.domain.ids import MAIL_MEMBER, discord_number
from knowledge.domain.members import Forgotten
from knowledge.domain.outbox import ABOUT_EXAMPLES
from knowledge.errors import HalnError, MemberError
from knowledge.examples.examples import Examples
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.storage.library_protocols import Erased

_log = logging.getLogger(__name__)


class Published(StrEnum):
    """The fate of published examples when their author is forgotten."""

    WITHOUT_NAME = "without_name"
    AS_THEY_ARE = "as_they_are"
    WITHDRAWN = "withdrawn"


class PersonalData:
    """Export and erasure over one library. A member's id is their Discord id as text, or what an operator chose."""

    def __init__(self, library: Library, peers: Peers, examples: Examples) -> None:
        self._library = library
        self._peers = peers
        self._examples = examples
        self._clean_version: str | None = None

    def export(self, member_id: str) -> dict[str, object]:
        """Return everything that is held about a person, as JSON values; lists that are empty are there too.

        A member's profile and what belongs to it is at the top, where they have one.
        """
        try:
            held = self._peers.export(member_id).model_dump(mode="json")
        except MemberError:
            held = {}
        actor = Actor(member_id, Role.MEMBER)
        number = discord_number(member_id)
        servers: dict[str, object] = {}
        if account := self._library.accounts.export(member_id):
            servers = {"account": account} | self._library.servers.members.export(member_id)
        if number is not None:
            asked = self._library.servers.reviews.asked_of(number)
            servers |= self._library.servers.members.export(number) | {
                "asked_to_share": [request.model_dump(mode="json") for request in asked],
                "never_asked_to_share": self._library.servers.save_limits.refuses(number),
            }
        questions = self._library.questions
        if addresses := self._waiting_addresses(member_id):
            servers |= {"address_waits_for_answers": len(addresses)}
        return {
            **held,
            "examples": [given.model_dump(mode="json") for given in self._examples.data_of(actor)],
            "done_to_examples": [
                {"at": at, "action": action, "example": example}
                for at, action, example in self._library.examples.acts_of(member_id)
            ],
            "banned_from_sharing": self._library.examples.banned(member_id),
            "messages_about_examples": [
                message.model_dump(mode="json")
                for message in self._library.outbox.waiting_for(member_id)
                if message.kind.startswith(ABOUT_EXAMPLES)
            ],
            **servers,
            "digest": self._library.digests.export(member_id),
            "curated_answers_checked": [
                {"question": answer.question, "checked_on": answer.checked_on}
                for answer in self._library.curated.checked_by(member_id)
            ],
            "feedback": [vote.model_dump(mode="json") for vote in questions.votes_of(_key(member_id))],
            "conversation": [turn.model_dump(mode="json") for turn in questions.turns_of(_key(member_id))],
        }

    def holds(self, member_id: str) -> bool:
        """Return whether anything at all is held about a person."""
        held = self.export(member_id)
        # The wishes that one's posts be left out, and not to be asked, are kept as hashes, and outlast the rest.
        return any(value for name, value in held.items() if name not in ("posts_left_out", "never_asked_to_share"))

    def forget(self, member_id: str, published: Published = Published.WITHOUT_NAME) -> Forgotten:
        """Erase everything about a person now; what was erased, by table, and how many rows still name them: 0.

        Examples of theirs that are published stay in the library without their name, unless `published` says otherwise.
        Once this returns, nothing of it is in any table, index or file of the library.

        Raises:
            MemberError: Nothing is held about that person.
        """
        if not self.holds(member_id) and not self.traces(member_id):
            raise MemberError(f"Nothing is held about {member_id}.")
        # What was asked and waits to be written must be there to be erased.
        self._library.late_writes.finish()
        # First of all: whatever this process still comes to do, the files are cleaned of it.
        self._library.store.request_scrub()
        # Older backups know them by what their account was called before it was joined to this one, too.
        for one in (*self._library.accounts.former_ids(member_id), member_id):
            self._library.store.note_erasure(Erased.MEMBER, one, published)
        actor = Actor(member_id, Role.MEMBER)
        if published is Published.WITHDRAWN:
            for given in self._examples.data_of(actor):
                if given.state in (State.APPROVED, State.PUBLISHED):
                    self._examples.withdraw(actor, given.id)
        examples = self._examples.forget(actor, keep_names=published is Published.AS_THEY_ARE)
        store = self._library.members
        number = discord_number(member_id)
        with store.atomically():
            # Once more, with what is deleted here: another process may have cleaned up between, and taken its note.
            self._library.store.request_scrub()
            addresses = self._waiting_addresses(member_id)  # while it is known which mail addresses are theirs
            digest = self._library.digests.forget(member_id, self._addresses(member_id))
            account = self._library.accounts.forget(member_id)
            removed = dict(self._peers.forget(member_id).removed) if store.member(member_id) else {}
            if account and number is None:
                removed |= self._library.servers.members.forget(member_id)
            if number is not None:
                removed |= self._library.servers.members.forget(number)
                removed["example_requests"] = self._library.servers.reviews.forget(number)
                removed["save_request_counts"] = self._library.servers.save_limits.forget(number)
            removed["follow_addresses"] = sum(
                self._library.servers.follow_requests.forget_address(one) for one in addresses
            )
            removed |= (
                account
                | digest
                | {
                    "submissions": examples,
                    "feedback": self._library.questions.forget_voter(_key(member_id)),
                    "turns": self._library.questions.forget_person(_key(member_id)),
                    "curated_answers": self._library.curated.forget(member_id),
                    "mentions": self._library.store.erase_mentions(member_id),
                }
            )
        mirror_erasures(self._library.settings)
        return Forgotten(
            id=member_id,
            removed={table: count for table, count in removed.items() if count},
            left=sum(self.traces(member_id).values()),
            pending=not self._clean(self._library.store.scrub),
            unattributed=self._library.servers.members.unattributed(),
        )

    def _addresses(self, member_id: str) -> tuple[str, ...]:
        """Return the hashes under which it is noted whether a member's addresses work."""
        return tuple(address_key(self._library.digests, email) for email in self._emails(member_id))

    def _emails(self, member_id: str) -> list[str]:
        """Return the mail addresses that are known to be a member's: of their account, and of their digest."""
        account, choice = self._library.accounts.account(member_id), self._library.digests.choice(member_id)
        emails = {account.email if account else None, choice.email if choice else None}
        return sorted(email for email in emails if email)

    def _waiting_addresses(self, member_id: str) -> list[str]:
        """Return the ids under which addresses of theirs wait for answers, whether they had signed in or not."""
        emails = {one.lower() for one in (member_id, *self._emails(member_id))}
        requests = self._library.servers.follow_requests
        return [recipient for email in sorted(emails) for recipient in requests.recipients_at(email)]

    def join(self, former_id: str, member_id: str) -> None:
        """Let what one account owns be another's: both are one person's. Where both have a profile, the other's stays.

        Nothing is found under the former id from then on, and who erases the other erases both.
        """
        self._library.late_writes.finish()
        with self._library.members.atomically():
            self._library.accounts.join(former_id, member_id)
            self._library.members.name_in_blocks(member_id)
            self._library.questions.join_people(_key(former_id), _key(member_id))

    def expire_account(self, member_id: str) -> None:
        """End an account that nobody has used for too long; of somebody whom only it knows, everything goes."""
        if discord_number(member_id) is None:
            self.forget(member_id, Published.AS_THEY_ARE)
        else:  # on Discord they may be here every day
            self._library.accounts.expire(member_id)

    def traces(self, member_id: str) -> dict[str, int]:
        """Return how many rows of each table still name a person, or are theirs by their hash alone."""
        found = Counter(self._library.store.naming(member_id))
        number, questions = discord_number(member_id), self._library.questions
        if number is not None:
            found.update(self._library.servers.members.hashed_traces(number))
        if member_id.startswith(MAIL_MEMBER):
            found.update(self._library.servers.members.hashed_traces(member_id))
        found.update(
            {
                "feedback": len(questions.votes_of(_key(member_id))),
                "conversation_people": questions.takes_part_in(_key(member_id)),
            }
        )
        return {table: count for table, count in found.items() if count}

    def finish_erasure(self) -> bool:
        """Overwrite what an earlier erasure left on the disk, delayed by another reader or killed; whether all is.

        The indexes are in files, too. They catch up only where the library has changed since this was called last:
        reading them takes time and memory, and this is called every minute.
        """
        version = self._library.store.version()
        done = self._clean(self._library.store.finish_scrub, indexes=version != self._clean_version)
        self._clean_version = version if done else None
        return done

    def _clean(self, overwrite: Callable[[], bool], *, indexes: bool = True) -> bool:
        """Overwrite what was deleted, in the full text and in the log of the database too; whether all of it is."""
        try:
            done = overwrite()
            if indexes:
                self._library.refresh_indexes()
        except HalnError as error:
            # Another process is reading or writing. Nothing shows what was deleted; it is overwritten later.
            _log.warning("what was deleted could not be overwritten yet: %s", error)
            return False
        return done


def _key(member_id: str) -> str:
    """Return a person's key in the question log, of which only keyed hashes are kept."""
    return f"discord:{member_id}"
