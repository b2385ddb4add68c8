"""Ask a peer: a question that the library could not answer goes to members who probably can."""

from datetime import datetime, timedelta

from knowledge.dates import stamp
from knowledge.domain.members import Asked, Due, ForPeer, PeerQuestion, PeerReply, Route, Shareable
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import MemberError, QuestionError
from knowledge.matching import wording
from knowledge.matching.context import MatchingContext
from knowledge.matching.visibility import REQUEST_DAYS, load, requests, required, suggestible, taking_part

_MOST_PEERS = 3
_LONGEST = 2000
# What one member may pass on in a day, and within `REQUEST_DAYS`: each goes to several members.
_MOST_A_DAY = 3
_MOST_ASKED = 10


class PeerQuestions(MatchingContext):
    """Questions on their way to peers, and the replies on their way back."""

    def ask_peers(self, asker_id: str, question: str, *, named: bool = True) -> Asked:
        """Pass a question to up to three members who fit; `named` false keeps the asker's name from them.

        A question goes out once: asked again in the same words, it stays with those who have it; with `named` they
        may know from then on who asks.

        Raises:
            MemberError: The asker has no profile, takes no part now, or has passed on too many.
            QuestionError: The question is empty or too long.
        """
        now = self._here(asker_id)
        question = _checked(question)
        asker = taking_part(required(self._store, asker_id))
        found = [one.profile.id for one in self._matcher.for_question(asker, question, now, _MOST_PEERS)]
        with self._store.atomically():
            required(self._store, asker_id)
            if (again := self._passed_on(asker_id, question, named=named)) is not None:
                return again
            # What was found a moment ago may have changed: somebody has left, or was asked by others meanwhile.
            apart = self._store.kept_apart(asker_id)
            asked = requests(self._store, found, now)
            peers = [
                member
                for member in sorted(self._store.members(found), key=lambda one: found.index(one.profile.id))
                if suggestible(member, now, self._settings)
                and member.profile.id not in apart
                and load(member, asked[member.profile.id], self._settings) < 1
            ]
            if not peers:
                return Asked(question_id=None, peers=0, note=wording.NOBODY_TO_ASK)
            self._check_questions(asker_id, now)
            kept = PeerQuestion(id=self._make_id(), asker=asker_id, question=question, named=named, asked_at=stamp(now))
            routes = [Route(question_id=kept.id, member_id=member.profile.id, sent_at=stamp(now)) for member in peers]
            self._store.add_question(kept, routes)
        return Asked(question_id=kept.id, peers=len(routes), note=None)

    def questions_for(self, member_id: str) -> list[ForPeer]:
        """Return the questions that wait for a member's reply, oldest first; none while they are paused.

        Raises:
            MemberError: There is no such member.
        """
        if required(self._store, member_id).paused:
            return []
        return [
            ForPeer(question_id=question.id, question=question.question, asker=self._asker(question))
            for route in self._store.routes_of(member_id)
            if (question := self._open(route)) is not None
        ]

    def reply(self, member_id: str, question_id: str, text: str, *, may_share: bool = False) -> None:
        """Reply to a question; `may_share` agrees that a helpful reply becomes a shared example.

        Raises:
            MemberError: It was not passed to this member, was answered already, or they are paused.
            QuestionError: The reply is empty or too long.
        """
        now = self._here(member_id)
        text = _checked(text)
        with self._store.atomically():
            taking_part(required(self._store, member_id))
            route = next((one for one in self._store.routes(question_id) if one.member_id == member_id), None)
            if route is None or self._open(route) is None:
                raise MemberError(wording.NO_QUESTION)
            self._store.save_route(
                route.model_copy(update={"reply": text, "replied_at": stamp(now), "may_share": may_share})
            )

    def replies(self, asker_id: str) -> list[PeerReply]:
        """Return the replies to a member's questions, first come first; their authors are named while they can be seen.

        Raises:
            MemberError: There is no such member.
        """
        required(self._store, asker_id)
        found = []
        for question in self._store.questions_of(asker_id):
            routes = [route for route in self._store.routes(question.id) if route.reply is not None]
            for route in sorted(routes, key=lambda one: one.replied_at or ""):
                if not self._seen(route, asker_id):
                    continue
                found.append(
                    PeerReply(
                        question_id=question.id,
                        question=question.question,
                        author=route.member_id,
                        reply=route.reply or "",
                        helpful=route.helpful,
                    )
                )
        return found

    def helpful(self, asker_id: str, question_id: str, author_id: str, *, yes: bool) -> Shareable | None:
        """Note whether a reply helped. The first that did closes the question.

        Returns what may become a shared example, where it helped and its author agreed; `None` otherwise.

        Raises:
            MemberError: There is no such reply to a question of this member.
        """
        with self._store.atomically():
            question = self._store.question(question_id)
            routes = {route.member_id: route for route in self._store.routes(question_id)}
            route = routes.get(author_id)
            if question is None or question.asker != asker_id or route is None or route.reply is None:
                raise MemberError(wording.NO_QUESTION)
            share = yes and route.may_share and not route.passed_on
            self._store.save_route(route.model_copy(update={"helpful": yes, "passed_on": route.passed_on or share}))
        if not share:
            return None
        return Shareable(author=author_id, question=question.question, reply=route.reply)

    # -- the parts

    def _questions_due(self) -> list[Due]:
        """Return questions and replies that whom they are for were not told of yet, each to be said once."""
        found = []
        for route in self._store.routes_to_tell():
            question = self._store.question(route.question_id)
            if question is None:
                continue
            if route.reply is None and self._open(route) is not None:
                key = f"{DueKind.QUESTION}:{question.id}"
                found.append(Due(key=key, kind=DueKind.QUESTION, member_id=route.member_id, question_id=question.id))
            elif route.reply is not None and self._seen(route, question.asker):
                due = Due(key="", kind=DueKind.REPLY, member_id=question.asker, question_id=question.id)
                found.append(due.model_copy(update={"counterpart": route.member_id}))
        return found

    def _told(self, question_id: str, author_id: str) -> None:
        """Note that the asker was told of a reply."""
        with self._store.atomically():
            for route in self._store.routes(question_id):
                if route.member_id == author_id:
                    self._store.save_route(route.model_copy(update={"told": True}))

    def _check_questions(self, asker_id: str, now: datetime) -> None:
        """Accept a question only while its asker has not passed on too many.

        Raises:
            MemberError: They have.
        """
        asked = [one.asked_at for one in self._store.questions_of(asker_id)]
        if sum(at >= stamp(now - timedelta(days=1)) for at in asked) >= _MOST_A_DAY:
            raise MemberError(wording.TOO_MANY_QUESTIONS_TODAY.format(most=_MOST_A_DAY))
        if sum(at >= stamp(now - timedelta(days=REQUEST_DAYS)) for at in asked) >= _MOST_ASKED:
            raise MemberError(wording.TOO_MANY_QUESTIONS.format(most=_MOST_ASKED, days=REQUEST_DAYS))

    def _passed_on(self, asker_id: str, question: str, *, named: bool) -> Asked | None:
        """Return what became of the same question of this asker, if members have it."""
        for own in self._store.questions_of(asker_id):
            if own.question == question and (routes := self._store.routes(own.id)):
                if named and not own.named:
                    self._store.name_asker(own.id)
                    return Asked(question_id=own.id, peers=len(routes), note=wording.NAME_SHOWN)
                return Asked(question_id=own.id, peers=len(routes), note=wording.QUESTION_PASSED_ON)
        return None

    def _seen(self, route: Route, asker_id: str) -> bool:
        """Return whether the asker may see who replied."""
        author = self._store.member(route.member_id)
        visible = author is not None and author.findable and not author.paused
        return visible and route.member_id not in self._store.kept_apart(asker_id)

    def _open(self, route: Route) -> PeerQuestion | None:
        """Return the question of a route that still waits for this member's reply."""
        question = self._store.question(route.question_id)
        if question is None or route.reply is not None:
            return None
        if any(other.helpful for other in self._store.routes(route.question_id)):
            return None
        asker = self._store.member(question.asker)
        if asker is None or asker.paused or question.asker in self._store.kept_apart(route.member_id):
            return None
        return question

    @staticmethod
    def _asker(question: PeerQuestion) -> str | None:
        return question.asker if question.named else None


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise QuestionError(wording.EMPTY)
    if len(text) > _LONGEST:
        raise QuestionError(wording.TOO_LONG.format(length=len(text), most=_LONGEST))
    return text
