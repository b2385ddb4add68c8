"""Members' introductions and what follows: answering, writing to each other, how it went, questions, blocks."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import peer_actions
from bot.backend import Backend
from bot.web import peer_texts, texts
from bot.web.errors import PageError
from bot.web.forms import read_form, see
from bot.web.rate_limits import Limited
from bot.web.sign_in import require_member
from bot.web.site import site_of
from knowledge.dates import stamp
from knowledge.domain.ids import MAIL_MEMBER, new_id
from knowledge.domain.members import IntroductionView, Opening, PeerReply, Profile
from knowledge.domain.vocabulary import DueKind
from knowledge.errors import MemberError, QuestionError
from knowledge.matching.access import Question
from knowledge.matching.access import Request as RequestToMeet

_T = TypeVar("_T")
# Nobody is asked how it went before they can have spoken; by mail they are asked after two weeks.
_OUTCOMES_AFTER = timedelta(days=2)
_OUTCOMES = (DueKind.DID_YOU_SPEAK, DueKind.DID_IT_CHANGE)


class Listed(NamedTuple):
    """An introduction with the other's profile, where it may be shown."""

    standing: IntroductionView
    other: Profile | None


class Blocked(NamedTuple):
    """Somebody who was blocked; `handle` stands for them in forms, and `other` is `None` once they have left."""

    handle: str
    other: Profile | None


class Shown(NamedTuple):
    """One introduction as its page shows it: a request to answer, or somebody whom one was introduced to.

    `answers` is what the member said of how it went; `introduced_at` is ISO 8601, UTC.
    """

    request: RequestToMeet | None
    other: Profile | None
    opening: Opening | None
    answers: dict[DueKind, bool]
    introduced_at: str = ""


async def listing(request: Request) -> Response:
    """List a member's introductions, the newest first, and whom they have blocked."""
    member_id = require_member(request)
    found = await site_of(request).db(lambda backend: _listed(backend, member_id))
    if found is None:
        return see("/peers")
    done = request.query_params.get("done", "")
    days = site_of(request).settings.peer_answer_days
    return await site_of(request).page(
        request,
        "introductions.html",
        title=peer_texts.INTRODUCTIONS_TITLE,
        peer_texts=peer_texts,
        introductions=found[0],
        blocked=found[1],
        done=peer_texts.ASKED.format(days=days) if done == "asked" else peer_texts.DONE.get(done),
    )


async def show(request: Request) -> Response:
    """Show a request to answer, or the page of two who were introduced."""
    return await _page(request, {}, "")


async def act(request: Request) -> Response:
    """Do what one button says: accept, decline, block, take back, or say how it went."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    introduction_id, action = request.path_params["introduction_id"], fields["action"]
    if action == "accept":
        # With the model: what the two have in common is worked out here.
        await site.model(lambda backend: backend.peers.accept(member_id, introduction_id))
        return see(f"/peers/introductions/{introduction_id}?done=accept")
    if action in _OUTCOMES:
        kind, yes = DueKind(action), fields["answer"] == "yes"
        draft = await site.db(
            lambda backend: _atomically(
                backend, lambda: peer_actions.note_outcome(backend, member_id, introduction_id, kind, yes=yes)
            )
        )
        drafted = f"&draft={draft}" if draft else ""
        return see(f"/peers/introductions/{introduction_id}?done=said{drafted}")
    await site.db(lambda backend: _atomically(backend, lambda: _acted(backend, member_id, introduction_id, action)))
    return see(f"/peers/introductions?done={action if action in peer_texts.DONE else ''}")


async def write(request: Request) -> Response:
    """Pass a message on to the other."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    introduction_id, text = request.path_params["introduction_id"], fields["text"]
    if not text:
        return await _page(request, {"text": peer_texts.NO_MESSAGE}, "")
    site.limits.count(Limited.MESSAGE, member_id)
    try:
        await site.db(lambda backend: backend.peers.write(member_id, introduction_id, text, fields["once"]))
    except (QuestionError, MemberError) as error:
        return await _page(request, {"text": str(error)}, text)
    return see(f"/peers/introductions/{introduction_id}?done=written")


async def unblock(request: Request) -> Response:
    """End a block."""
    member_id, fields = require_member(request), await read_form(request)
    handle = fields["member"]

    def unblocked(backend: Backend) -> None:
        members = backend.library.members
        for other in members.blocked_by(member_id):
            if members.handle(member_id, other) == handle:
                backend.peers.unblock(member_id, other)

    await site_of(request).db(unblocked)
    return see("/peers/introductions?done=unblock")


async def questions(request: Request) -> Response:
    """Show the questions that wait for a member's reply, and the replies to their own."""
    return await _questions(request, {}, "", "")


async def reply(request: Request) -> Response:
    """Send a reply on its way."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    question_id, text, share = request.path_params["question_id"], fields["reply"], fields["share"] == "yes"
    if not text:
        return await _questions(request, {f"reply-{question_id}": peer_texts.NO_REPLY}, question_id, "")
    try:
        draft = await site.db(
            lambda backend: _atomically(
                backend, lambda: peer_actions.reply(backend, member_id, question_id, text, may_share=share)
            )
        )
    except QuestionError as error:
        return await _questions(request, {f"reply-{question_id}": str(error)}, question_id, text)
    drafted = f"&draft={draft}" if draft else ""
    return see(f"/peers/questions?done=replied{drafted}")


async def helpful(request: Request) -> Response:
    """Note whether a reply helped."""
    member_id, fields, site = require_member(request), await read_form(request), site_of(request)
    question_id, handle, yes = request.path_params["question_id"], fields["author"], fields["helpful"] == "yes"
    now = site.now()

    def noted(backend: Backend) -> None:
        author = backend.library.members.behind(question_id, handle) or handle
        peer_actions.note_helpful(backend, member_id, question_id, author, now, yes=yes)

    await site.db(lambda backend: _atomically(backend, lambda: noted(backend)))
    return see("/peers/questions?done=helpful")


async def _page(request: Request, errors: dict[str, str], text: str) -> Response:
    member_id, introduction_id = require_member(request), request.path_params["introduction_id"]
    shown = await site_of(request).model(lambda backend: _shown(backend, member_id, introduction_id))
    if shown.request is None and shown.other is None:
        raise PageError(404, texts.NOT_FOUND, peer_texts.OVER)
    done, other = request.query_params.get("done", ""), shown.other
    way = peer_texts.BY_MAIL if other is not None and other.id.startswith(MAIL_MEMBER) else peer_texts.BY_DISCORD
    return await site_of(request).page(
        request,
        "introduction.html",
        400 if errors else 200,
        title=peer_texts.INTRODUCTIONS_TITLE,
        peer_texts=peer_texts,
        introduction_id=introduction_id,
        shown=shown,
        me=member_id,
        done=(peer_texts.DONE.get(done) or "").format(way=way),
        outcomes=shown.introduced_at < stamp(site_of(request).now() - _OUTCOMES_AFTER) or bool(shown.answers),
        draft=request.query_params.get("draft", "") if done == "said" else "",
        typed=text,
        once=new_id(),
        errors=errors,
    )


async def _questions(request: Request, errors: dict[str, str], question_id: str, text: str) -> Response:
    member_id = require_member(request)

    def found(backend: Backend) -> tuple[list[Question], list[tuple[PeerReply, Profile, str]]] | None:
        if backend.library.members.member(member_id) is None:
            return None
        waiting = [
            backend.access.question(member_id, one.question_id) for one in backend.peers.questions_for(member_id)
        ]
        replies = backend.peers.replies(member_id)
        return [one for one in waiting if one is not None], [
            (
                one,
                backend.peers.profile(one.author).profile,
                backend.library.members.handle(one.question_id, one.author),
            )
            for one in replies
        ]

    shown = await site_of(request).db(found)
    if shown is None:
        return see("/peers")
    return await site_of(request).page(
        request,
        "peer_questions.html",
        400 if errors else 200,
        title=peer_texts.QUESTIONS_TITLE,
        peer_texts=peer_texts,
        waiting=shown[0],
        replies=shown[1],
        typed={question_id: text},
        done=peer_texts.DONE.get(request.query_params.get("done", "")),
        draft=request.query_params.get("draft", ""),
        errors=errors,
    )


def _atomically(backend: Backend, work: Callable[[], _T]) -> _T:
    """Do something within one transaction."""
    with backend.library.members.atomically():
        return work()


def _listed(backend: Backend, member_id: str) -> tuple[list[Listed], list[Blocked]] | None:
    """Return introductions and blocks of a member; `None` where they have no profile."""
    members = backend.library.members
    if members.member(member_id) is None:
        return None
    standings = backend.peers.standings(member_id)
    ids = [one.counterpart for one in standings if one.counterpart]
    blocked = members.blocked_by(member_id)
    known = {member.profile.id: member.profile for member in members.members([*ids, *blocked])}
    return (
        [Listed(one, known.get(one.counterpart or "")) for one in reversed(standings)],
        [Blocked(members.handle(member_id, one), known.get(one)) for one in blocked],
    )


def _shown(backend: Backend, member_id: str, introduction_id: str) -> Shown:
    access = backend.access
    asked = access.request(member_id, introduction_id)
    other = access.agreed(member_id, introduction_id) if asked is None else None
    opening = access.opening(member_id, introduction_id) if other is not None else None
    said = backend.library.members.answers_of(member_id) if other is not None else []
    answers = {DueKind(kind): answer for key, kind, answer in said if key == introduction_id}
    introduction = backend.library.members.introduction(introduction_id) if other is not None else None
    return Shown(asked, other, opening, answers, (introduction and introduction.answered_at) or "")


def _acted(backend: Backend, member_id: str, introduction_id: str, action: str) -> None:
    if action == "decline":
        backend.peers.decline(member_id, introduction_id)
    elif action == "withdraw":
        backend.peers.withdraw(member_id, introduction_id)
    elif action == "block" and not peer_actions.block(backend, member_id, introduction_id):
        # They asked themselves: so it is the other whom they do not want to meet any more.
        other = peer_actions.counterpart_of(backend.library, member_id, introduction_id)
        if other is None:
            raise PageError(404, texts.NOT_FOUND, peer_texts.OVER)
        backend.peers.block(member_id, other)


ROUTES = (
    Route("/peers/introductions", listing),
    Route("/peers/introductions/{introduction_id}", show),
    Route("/peers/introductions/{introduction_id}", act, methods=["POST"]),
    Route("/peers/introductions/{introduction_id}/write", write, methods=["POST"]),
    Route("/peers/blocks", unblock, methods=["POST"]),
    Route("/peers/questions", questions),
    Route("/peers/questions/{question_id}", reply, methods=["POST"]),
    Route("/peers/questions/{question_id}/helpful", helpful, methods=["POST"]),
)
