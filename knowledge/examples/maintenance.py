"""The upkeep of the collection: publishing what was left over, reminders, retention, forgetting, bans."""

from collections.abc import Collection
from datetime import datetime, timedelta

from knowledge.dates import after_quiet_hours, stamp
from knowledge.domain.examples import Action, Actor, Command, State, Submission
from knowledge.domain.outbox import MODERATORS, Message
from knowledge.domain.vocabulary import Credit
from knowledge.examples.context import ExampleContext
from knowledge.examples.messages import HELPED, QUEUE, STILL_HOLDS, to_author
from knowledge.examples.permissions import Look, may_see, require
from knowledge.examples.review import WAITING
from knowledge.examples.views import ExampleView, view_of
from knowledge.storage.example_protocols import Selection, Tidied


class Maintenance(ExampleContext):
    """The work that the assistant does by itself, and that concerns the collection as a whole."""

    def publish_waiting(self) -> int:
        """Publish what is approved and not published, as a process that was killed leaves it; how many that were."""
        waiting = self._store.select(Selection(states=(State.APPROVED,)))
        return sum(self._published(each).state in (State.PUBLISHED, State.APPLIED) for each in waiting)

    def look_after(self) -> Tidied:
        """Do everything that is due: publish, ask authors, remind moderators, delete.

        To be called every hour or so.
        """
        self.publish_waiting()
        self.close_corrections()
        self.ask_whether_they_hold()
        self.remind_moderators()
        self.thank_authors()
        return self.tidy()

    def ask_whether_they_hold(self) -> int:
        """Ask the authors of examples whose review date has come, once for each date; how many were asked."""
        now = self._clock()
        due = self._store.select(Selection(states=(State.PUBLISHED,), review_by=now.date().isoformat()))
        return sum(
            self._library.outbox.add(
                to_author(STILL_HOLDS, submission, f"{STILL_HOLDS}:{submission.id}:{submission.review_on}").model_copy(
                    update={"not_before": self._not_before()}
                ),
                now,
            )
            for submission in due
            if submission.author.member is not None
        )

    def remind_moderators(self) -> bool:
        """Remind moderators of the queue, once a day, when something waits too long; whether that was now."""
        now = self._clock()
        waiting = self._store.select(Selection(states=WAITING))
        if not waiting:
            return False
        age = (now - min(_since(submission) for submission in waiting)).days
        if age < self._library.settings.review_reminder_days:
            return False
        return self._library.outbox.add(
            Message(
                # Once a day means the day on which it is read: what is queued at night is the next morning's.
                key=f"{QUEUE}:{self._not_before()[:10]}",
                recipient=MODERATORS,
                kind=QUEUE,
                data={"waiting": len(waiting), "oldest": waiting[0].id, "oldest_days": age},
                not_before=self._not_before(),
            ),
            now,
        )

    def thank_authors(self) -> int:
        """Tell authors when their example first helped, and after each further month how often; how many were told."""
        now = self._clock()
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        last_month = (month - timedelta(days=1)).replace(day=1)
        lately = self._store.uses(stamp(last_month), stamp(now))
        in_last = self._store.uses(stamp(last_month), stamp(month))
        before = self._store.uses("", stamp(last_month)) if in_last else {}
        told = sum(self._thank(submission_id, "first", number) for submission_id, number in lately.items())
        told += sum(
            self._thank(submission_id, last_month.strftime("%Y-%m"), number)
            for submission_id, number in in_last.items()
            if submission_id in before  # in its first month, the first message was enough
        )
        return told

    def _thank(self, submission_id: str, occasion: str, answers: int) -> bool:
        """Tell an author, once for each occasion, in how many answers their example was used."""
        submission = self._store.find(submission_id)
        if submission is None or submission.author.member is None:
            return False
        message = to_author(HELPED, submission, f"{HELPED}:{submission_id}:{occasion}", answers=answers, month=occasion)
        later = message.model_copy(update={"not_before": self._not_before()})
        return self._library.outbox.add(later, self._clock())

    def tidy(self) -> Tidied:
        """Delete what has been kept long enough: old drafts, texts of what is over, delivered messages."""
        now, settings = self._clock(), self._library.settings
        over = stamp(now - timedelta(days=settings.example_retention_days))
        return self._store.tidy(stamp(now - timedelta(days=settings.example_draft_days)), over, over, now)

    def forget(self, actor: Actor, *, keep_names: bool = False) -> int:
        """Forget a member: what they have published stays without name and organisation, all else goes at once.

        `keep_names`: what is published stays credited as it is. Returns the number of their submissions.
        """
        given = self._store.select(Selection(author=actor.id)) if actor.id is not None else []
        for submission in given:
            if submission.state in (State.APPROVED, State.PUBLISHED):
                if keep_names:
                    continue
                content = submission.content.model_copy(update={"credit": Credit.ANONYMOUS, "organisation": ""})
                self._published(self._change(submission.id, Command(Action.CREDIT, actor, content=content)))
                self._mend_answers(submission.id)
            elif submission.state is not State.WITHDRAWN:
                self._change(submission.id, Command(Action.WITHDRAW, actor))
        if actor.id is not None:
            self._store.forget(actor.id, keep_names=keep_names)
        return len(given)

    def data_of(self, actor: Actor) -> list[Submission]:
        """Return everything that is kept of what a member gave, for the export of their data."""
        return self._store.select(Selection(author=actor.id)) if actor.id is not None else []

    def collection(self, actor: Actor, selection: Selection) -> list[ExampleView]:
        """Return what is handed on: published examples (unless other states are asked for), the oldest first.

        Raises:
            ExampleNotAllowedError: The actor is no moderator.
        """
        actor = self._known(actor)
        require(actor, Look.EXPORT)
        states = selection.states or (State.PUBLISHED,)
        found = self._store.select(selection.model_copy(update={"states": states}))
        now = self._clock()
        used = self._store.uses("", stamp(now))
        ordered = sorted(found, key=lambda submission: (submission.published or "", submission.created_at))
        return [
            view_of(submission, actor, now, answers=used.get(submission.id, 0))
            for submission in ordered
            if may_see(actor, submission)
        ]

    def set_banned(self, actor: Actor, member: str, *, banned: bool) -> None:
        """Ban a member from sharing, or let them share again; what they published stays.

        Raises:
            ExampleNotAllowedError: The actor is no admin.
        """
        require(self._known(actor), Look.BAN)
        self._store.set_banned(member, stamp(self._clock()) if banned else None)

    def members_behind(self, document_ids: Collection[str], but: str | None = None) -> int:
        """Return how many members, `but` the reader, shared these documents: "3 members shared work on this"."""
        return self._store.members_behind(document_ids, but)

    def _not_before(self) -> str:
        return stamp(after_quiet_hours(self._clock(), self._library.settings.quiet_hours))


def _since(submission: Submission) -> datetime:
    return datetime.fromisoformat(submission.state_since)
