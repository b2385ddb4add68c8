"""The front door of insights: one report about a period, for moderators and for the network's evaluator."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from knowledge.calibration.thresholds import SimilarityThresholds
from knowledge.dates import stamp, utc_now
from knowledge.domain.insights import AskedQuestion, Disliked, Gap, Insights, Topic
from knowledge.errors import HalnError, QuestionError
from knowledge.insights.curated import CuratedAnswers
from knowledge.insights.figures import all_tables
from knowledge.insights.redaction import Redactor
from knowledge.insights.small_groups import is_small
from knowledge.insights.topics import alike_questions, group_questions, telling_words
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.privacy.personal_data import PersonalDataCheck
from knowledge.storage.arrays import Vectors

PERIOD = timedelta(days=365)
# Embedding takes some ten milliseconds a question: what was logged without a vector gets one a few hundred at a time.
_EMBEDDED_AT_ONCE = 300
_MOST_TOPICS, _MOST_GAPS, _MOST_OUTSIDE = 20, 20, 5
# From here on two questions are of one gap: four in five paraphrases of tests/quality/curated_questions.jsonl are, and
# one in ten thousand pairs of other questions.
_SAME_GAP = 0.7
# The latest that the library failed; more of them take long to look up, and show nothing new.
_MOST_LACKING = 2000
_MOST_EXAMPLES, _MOST_NEAREST = 3, 3
_KEPT_FOR = timedelta(minutes=10)


class InsightReports:
    """Reports over one library. Safe to use from several threads; a report is kept for ten minutes."""

    def __init__(
        self, library: Library, peers: Peers, check: PersonalDataCheck, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._library = library
        self._store = library.insights
        self._peers = peers
        self._clock = clock
        self._curated = CuratedAnswers(library, clock)
        self._redactor = Redactor(check)
        self._lock = threading.Lock()
        # With when each was made, and how many questions there were by then.
        self._kept: dict[tuple[str, str], tuple[datetime, int, Insights]] = {}

    def of_year(self, year: int) -> Insights:
        """Return the report about a calendar year; of the one that has not ended, up to today.

        Raises:
            QuestionError: It has not begun yet, or was before there was such a network.
        """
        if not 2000 <= year <= self._clock().year:
            raise QuestionError(f"{year} is no year to report on. Give one up to {self._clock().year}.")
        end = min(datetime(year + 1, 1, 1, tzinfo=UTC), self._tomorrow())
        return self._report(datetime(year, 1, 1, tzinfo=UTC), end)

    def latest(self, *, anew: bool = False) -> Insights:
        """Return the report about the last twelve months, up to ten minutes old unless it is wanted `anew`."""
        now, until = self._clock(), self._tomorrow()
        key = (stamp(until - PERIOD), stamp(until))
        # One at a time: each takes seconds, and a second moderator wants the same.
        with self._lock:
            kept = self._kept.get(key)
            if anew or kept is None or kept[0] < now - _KEPT_FOR or self._lacks_some(key[0], kept):
                number = self._store.number_asked(key[0], stamp(now))
                self._kept = {key: (now, number, self._report(until - PERIOD, until))}
            return self._kept[key][2]

    def _lacks_some(self, since: str, kept: tuple[datetime, int, Insights]) -> bool:
        """Return whether somebody's questions were erased since a report: what they asked is not shown any more."""
        return self._store.number_asked(since, stamp(kept[0])) != kept[1]

    def forget(self) -> None:
        """Make the next report anew: somebody has dealt with something."""
        with self._lock:
            self._kept.clear()

    def disliked(self, *, settled: bool = False) -> list[Disliked]:
        """Return the questions whose answers did not help in the last twelve months, redacted, the latest first."""
        found = self._store.disliked(stamp(self._clock() - PERIOD), settled=settled)
        return [self._shown(one) for one in found]

    def one_disliked(self, question_id: str) -> Disliked | None:
        """Return one of them, also when it is dealt with."""
        found = self._store.disliked("", settled=True)
        return next((self._shown(one) for one in found if one.question_id == question_id), None)

    def settle(self, question_id: str) -> bool:
        """Note that a moderator has dealt with it; false where the question is not kept any more."""
        done = self._store.settle(question_id, stamp(self._clock()))
        self.forget()
        return done

    def question(self, question_id: str) -> str | None:
        """Return a logged question, redacted; `None` where it is not kept any more."""
        logged = self._library.questions.logged(question_id)
        return None if logged is None else self._redactor.redacted(logged.answer.understood or logged.answer.question)

    def embed_missing(self, limit: int = _EMBEDDED_AT_ONCE) -> int:
        """Give up to `limit` questions the vector that they lack, the latest first; how many got one."""
        searcher, name = self._library.searcher, self._library.embedder.name
        missing = self._store.without_vector(name, limit)
        if not missing:
            return 0
        vectors = self._library.embedder.embed_queries([searcher.read(text).meaning for _, text in missing])
        for (question_id, _), vector in zip(missing, vectors, strict=True):
            self._store.save_vector(question_id, name, vector)
        return len(missing)

    # -- the parts

    def _tomorrow(self) -> datetime:
        """Return the end of today."""
        now = self._clock()
        return datetime(now.year, now.month, now.day, tzinfo=UTC) + timedelta(days=1)

    def _report(self, since: datetime, until: datetime) -> Insights:
        started = time.perf_counter()
        begin, end = stamp(since), stamp(until)
        self.embed_missing()
        asked = self._store.asked(begin, end)
        known, vectors = self._store.vectors(self._library.embedder.name, [question.id for question in asked])
        held = {question_id: place for place, question_id in enumerate(known)}
        embedded = [question for question in asked if question.id in held]
        topics, apart = self._topics(embedded, vectors)
        gaps, other, outside = self._gaps(embedded, vectors)
        notes = []
        if len(embedded) < len(asked):
            notes.append(
                f"Topics and gaps leave out {len(asked) - len(embedded)} of {len(asked)} questions, from before an "
                f"update or a change of model; {_EMBEDDED_AT_ONCE} more are taken in with each new report."
            )
        days = self._library.settings.question_days
        if begin < stamp(self._clock() - timedelta(days=days)):
            notes.append(f"Questions are kept for {days} days: older ones of this period are gone, and not counted.")
        return Insights(
            since=begin[:10],
            until=end[:10],
            questions=len(asked),
            answered=sum(question.answered for question in asked),
            topics=topics,
            apart=apart,
            gaps=gaps,
            other_gaps=other,
            outside=outside,
            disliked=tuple(self._shown(one) for one in self._store.disliked(begin)),
            due=tuple(f"{due.answer.question}: {due.reason}" for due in self._curated.due()),
            tables=all_tables(self._store, asked, begin, end),
            notes=tuple(notes),
            seconds=round(time.perf_counter() - started, 2),
        )

    def _topics(self, asked: Sequence[AskedQuestion], vectors: Vectors) -> tuple[tuple[Topic, ...], int]:
        groups = group_questions(vectors)
        words = telling_words([question.text for question in asked], [group.members.tolist() for group in groups])
        found = []
        for group, telling in list(zip(groups, words, strict=True))[:_MOST_TOPICS]:
            members = [asked[place] for place in group.members]
            unhelpful = sum(question.answered and question.unhelpful > 0 for question in members)
            found.append(
                Topic(
                    words=self._safe(telling),
                    typical=self._redactor.redacted(asked[group.typical].text),
                    questions=len(members),
                    unanswered=sum(not question.answered for question in members),
                    unhelpful=None if is_small(unhelpful) else unhelpful,
                    latest=max(question.asked_at for question in members)[:10],
                )
            )
        return tuple(found), len(asked) - sum(len(group.members) for group in groups)

    def _gaps(self, asked: Sequence[AskedQuestion], vectors: Vectors) -> tuple[tuple[Gap, ...], tuple[Gap, ...], int]:
        """Return what the library does not answer, what is outside of its domain, and how many questions that were."""
        places = [place for place, question in enumerate(asked) if question.lacking][-_MOST_LACKING:]
        if not places:
            return (), (), 0
        lacking, rows = [asked[place] for place in places], vectors[np.array(places)]
        scale = self._library.similarity
        # The latest come first among equals.
        found = alike_questions(scale.comparable(rows[::-1] @ rows[::-1].T), _SAME_GAP)
        lacking, rows = lacking[::-1], rows[::-1]
        groups = [(group.members.tolist(), group.typical) for group in found]
        words = telling_words([question.text for question in lacking], [members for members, _ in groups])
        inside: list[Gap] = []
        outside: list[Gap] = []
        count = 0
        least = SimilarityThresholds.packaged().insights.in_domain.value
        for (places, typical), telling in zip(groups, words, strict=True):
            members = [lacking[place] for place in places]
            near = self._library.index.search(rows[typical], 4 * _MOST_NEAREST)
            best = scale.comparable(near[0][1]) if near else 0.0
            # An answer that did not help was one all the same: the library has something on it.
            if best < least and not any(question.answered for question in members):
                count += len(members)
                if len(outside) < _MOST_OUTSIDE:
                    outside.append(self._gap(members, lacking[typical], telling, near, people=False))
            elif len(inside) < _MOST_GAPS:
                inside.append(self._gap(members, lacking[typical], telling, near, people=True))
        return tuple(inside), tuple(outside), count

    def _gap(
        self,
        members: Sequence[AskedQuestion],
        typical: AskedQuestion,
        words: tuple[str, ...],
        near: Sequence[tuple[int, float]],
        *,
        people: bool,
    ) -> Gap:
        chunks = self._library.store.chunks([chunk_id for chunk_id, _ in near])
        titles = dict.fromkeys(chunks[chunk_id].metadata.title for chunk_id, _ in near if chunk_id in chunks)
        helpers = self._people(typical.text) if people else None
        others = [question.text for question in members if question.text != typical.text]
        unhelpful = sum(question.answered for question in members)
        return Gap(
            words=self._safe(words),
            typical=self._redactor.redacted(typical.text),
            question_id=typical.id,
            questions=len(members),
            # The one would tell the other.
            refused=None if is_small(unhelpful) else len(members) - unhelpful,
            unhelpful=None if is_small(unhelpful) else unhelpful,
            examples=tuple(self._redactor.redacted(text) for text in list(dict.fromkeys(others))[:_MOST_EXAMPLES]),
            nearest=tuple(titles)[:_MOST_NEAREST] if people else (),
            people=None if is_small(helpers or 0) else helpers,
            can_help=bool(helpers),
        )

    def _people(self, text: str) -> int | None:
        try:
            return self._peers.count_on(text)
        except HalnError:
            return None

    def _shown(self, one: Disliked) -> Disliked:
        few = one.votes is None or is_small(one.votes)
        return one.model_copy(
            update={"question": self._redactor.redacted(one.question), "votes": None if few else one.votes}
        )

    def _safe(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return words of questions without those that may name somebody, alone or with a capital."""
        return tuple(word for word in words if self._redactor.redacted(word.capitalize()) == word.capitalize())
