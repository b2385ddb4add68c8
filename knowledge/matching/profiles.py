"""Profiles and their owners' control over them: consent, being found, pausing, everything as a file, erasure."""

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from knowledge.dates import stamp
from knowledge.domain.library import Noun
from knowledge.domain.members import Forgotten, Member, Profile
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.consent import CONSENT_VERSION
from knowledge.matching.expiry import renewal_due
from knowledge.matching.export import Exported, ExportedAnswer, ExportedQuestion, ExportedReply
from knowledge.matching.introductions import Introductions
from knowledge.matching.visibility import required
from knowledge.settings import Settings
from knowledge.storage.member_protocols import MemberStore

_MOST_REQUESTS = 30
# What is noted of a member's presence is exact to a day, and no more.
_PRESENCE = timedelta(days=1)
# How long the pages and buttons of a list of matches work.
_SEARCHES = timedelta(days=30)


class Submitted(Noun):
    """What a member hands in beside the profile itself. What is not given leaves what was decided before.

    `requests_a_month` is `None` for the usual number, whatever that is at the time.
    """

    findable: bool = False
    consent: bool | None = None
    requests_a_month: int | None = None


class Profiles:
    """What members do with their own profile."""

    def __init__(self, store: MemberStore, introductions: Introductions, settings: Settings) -> None:
        self._store = store
        self._introductions = introductions
        self._settings = settings

    def save(self, values: dict[str, Any], now: datetime) -> Member:
        """Make or replace a profile from the fields of `Profile`, `findable`, `consent` and `requests_a_month`.

        A field that is not given is empty; findable is off unless it is given. A pause stays.

        Raises:
            QuestionError: A field is unknown or has a value that it may not have; the message names it.
            MemberError: There is no consent to the text in force. Nothing is stored then.
        """
        own = {name: values[name] for name in Submitted.model_fields if name in values}
        rest = {name: value for name, value in values.items() if name not in own}
        try:
            profile, submitted = Profile.model_validate(rest), Submitted.model_validate(own)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "the profile"
            if first["type"] == "enum":
                field, allowed = field.split(".")[0], first["ctx"]["expected"].replace("'", "")
                text = f"The field {field} takes only these words: {allowed}. Nothing was changed."
                raise QuestionError(text) from None
            raise QuestionError(f"The field {field} cannot be stored: {first['msg']}. Nothing was changed.") from None
        most = submitted.requests_a_month
        if most is not None and not 0 <= most <= _MOST_REQUESTS:
            raise QuestionError(f"requests_a_month is a number from 0 to {_MOST_REQUESTS}. Nothing was changed.")
        with self._store.atomically():
            known = self._store.member(profile.id)
            if submitted.consent is False:
                raise MemberError(wording.WITHDRAW_BY_FORGETTING if known else wording.CONSENT_NEEDED)
            if submitted.consent is None and (known is None or known.consent != CONSENT_VERSION):
                raise MemberError(wording.CONSENT_NEEDED if known is None else wording.CONSENT_AGAIN)
            # Whoever is asked to agree anew and says yes has read it now.
            anew = submitted.consent is True and known is not None and renewal_due(known, now)
            agreed = known is not None and known.consent == CONSENT_VERSION and not anew
            member = Member(
                profile=profile,
                findable=submitted.findable,
                paused=known.paused if known else False,
                consent=CONSENT_VERSION,
                consented_at=known.consented_at if known and agreed else stamp(now),
                joined_at=known.joined_at if known else stamp(now),
                active_at=stamp(now),
                most_requests=most if known is None or "requests_a_month" in own else known.most_requests,
                waiting=known.waiting if known else False,
            )
            self._store.save_member(member)
        return member

    def get(self, member_id: str) -> Member:
        """A member's own profile.

        Raises:
            MemberError: There is no such member.
        """
        return required(self._store, member_id)

    def renew_consent(self, member_id: str, version: str, now: datetime) -> Member:
        """Note that a member agrees anew to the text in force.

        Raises:
            MemberError: There is no such member, or what they saw is not the text in force.
        """
        if version != CONSENT_VERSION:
            raise MemberError(wording.CONSENT_AGAIN)
        return self.change(member_id, now, consent=CONSENT_VERSION, consented_at=stamp(now))

    def change(self, member_id: str, now: datetime | None, **changes: object) -> Member:
        """Change what a member decided: `findable`, `paused` or `waiting`. `now` is `None` where they did not do it.

        Raises:
            MemberError: There is no such member.
        """
        with self._store.atomically():
            here = {"active_at": stamp(now)} if now is not None else {}
            member = required(self._store, member_id).model_copy(update={**changes, **here})
            self._store.save_member(member)
        return member

    def block(self, member_id: str, other_id: str, now: datetime) -> None:
        """Keep two members apart from now on. Nobody but this member learns of it.

        Raises:
            MemberError: There is no such member.
            QuestionError: They would block themselves, or the id cannot be one.
        """
        if member_id == other_id:
            raise QuestionError(wording.NOT_YOURSELF)
        try:
            Profile(id=other_id)
        except ValidationError:
            raise QuestionError(wording.NO_ID.format(id=other_id)) from None
        with self._store.atomically():
            required(self._store, member_id)
            # Also somebody without a profile: whether there is one is not told.
            self._store.block(member_id, other_id, stamp(now))

    def unblock(self, member_id: str, other_id: str) -> bool:
        """Take a block back; whether there was one.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, member_id)
        return self._store.unblock(member_id, other_id)

    def present(self, member_id: str, now: datetime) -> None:
        """Note that a member is here: who stays away long is not suggested any more."""
        self._store.note_activity(member_id, stamp(now), stamp(now - _PRESENCE))

    def export(self, member_id: str, now: datetime) -> Exported:
        """Everything that is held about a member. Others are named only where the member may see them.

        Raises:
            MemberError: There is no such member.
        """
        member = required(self._store, member_id)
        return Exported(
            profile=member.profile,
            findable=member.findable,
            paused=member.paused,
            consent=member.consent,
            consented_at=member.consented_at,
            joined_at=member.joined_at,
            active_at=member.active_at,
            most_requests=member.most_requests,
            waiting=member.waiting,
            embeddings=self._store.embedding_count(member_id),
            introductions=tuple(self._introductions.standings(member_id, now)),
            answers=tuple(
                ExportedAnswer(introduction_id=key, kind=DueKind(kind), answer=answer)
                for key, kind, answer in self._store.answers_of(member_id)
            ),
            notices=tuple(sorted(self._store.said(member_id))),
            blocked=tuple(self._store.blocked_by(member_id)),
            questions=tuple(
                ExportedQuestion(question_id=one.id, question=one.question, named=one.named, asked_at=one.asked_at)
                for one in self._store.questions_of(member_id)
            ),
            replies=tuple(
                ExportedReply(
                    question_id=route.question_id,
                    sent_at=route.sent_at,
                    reply=route.reply,
                    replied_at=route.replied_at,
                    may_share=route.may_share,
                )
                for route in self._store.routes_of(member_id)
            ),
            searches=tuple(self._store.searches_of(member_id)),
        )

    def forget(self, member_id: str) -> Forgotten:
        """Erase everything about a member, and say what was erased and that nothing is left.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, member_id)
        removed = self._store.forget(member_id)
        return Forgotten(id=member_id, removed=removed, left=self._store.traces(member_id))

    def expire(self, now: datetime) -> int:
        """Erase members who stayed away for longer than profiles are kept, and old introductions; how many members."""
        gone = self._store.inactive_since(stamp(now - timedelta(days=self._settings.member_days)))
        for member_id in gone:
            self._store.forget(member_id)
        before = stamp(now - timedelta(days=self._settings.introduction_days))
        self._store.remove_introductions_before(before)
        self._store.remove_questions_before(before)
        self._store.remove_searches_before(stamp(now - _SEARCHES))
        return len(gone)
