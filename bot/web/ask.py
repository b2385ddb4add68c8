"""Asking: the question in, the cited answer out, follow-ups, and whether it helped."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.texts.languages import languages
from bot.web import texts
from bot.web.errors import CrowdedError, not_found
from bot.web.follow import follow_state, held_answers, may_ask_peers
from bot.web.forms import Fields, read_form, see
from bot.web.language import language_of
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of, visitor_of
from bot.web.visitors import Visitor
from knowledge.answering.stored import StoredAnswer
from knowledge.domain.library import Answer
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.errors import QuestionError
from knowledge.guidance.related import Related, beside_answer
from knowledge.retrieval.query import LONGEST_QUERY


async def home(request: Request) -> Response:
    """Show the home page with the question field."""
    asked = request.query_params.get("q", "")[:LONGEST_QUERY]
    return await _home(request, asked, {})


async def ask(request: Request) -> Response:
    """Take a question, and show its answer under an address of its own."""
    site, visitor = site_of(request), visitor_of(request)
    fields = await read_form(request)
    question = fields["question"]
    if problem := _problem(question):
        return await _again(request, question, problem)
    site.limits.count(Limited.QUESTION, visitor.name)
    site.limits.count(Limited.ADDRESS_QUESTION, address_of(request))
    follows = fields["follows"] == "yes"
    try:
        answer = await site.model(lambda backend: _answered(backend, visitor, question, follows=follows))
    except CrowdedError as error:
        return await _again(request, question, error.line, error.status)
    except QuestionError as error:
        return await _again(request, question, str(error))
    if answer.question_id is not None:
        return see(f"/answers/{answer.question_id}")
    chosen = fields["lang"] in {one.code for one in languages()}
    return await site.page(
        request,
        "answer.html",
        title=answer.question,
        answer=answer,
        question_id=None,
        changed=False,
        related=Related(),
        people=0,
        follows=None,
        language=fields["lang"] if chosen else language_of(request),
    )


async def answer_page(request: Request) -> Response:
    """Show an answer that was given, without what the library no longer holds."""
    stored = await _stored(request)
    site, now = site_of(request), site_of(request).now()
    account = visitor_of(request).account
    reader = account.member_id if account is not None else None
    try:
        related = await site.model(
            lambda backend: beside_answer(backend.library, backend.peers, now, stored.answer, reader)
        )
    except CrowdedError:  # the answer is there, and waits for no model
        related = Related()
    follows = await follow_state(request, stored)
    return await site.page(
        request,
        "answer.html",
        title=stored.answer.question,
        answer=stored.answer,
        question_id=stored.question_id,
        changed=stored.changed,
        thanks=request.query_params.get("thanks") == "yes",
        related=related,
        # Members are for members: how many there are, too.
        people=related.people if reader is not None else 0,
        follows=follows,
        peers=request.query_params.get("peers", ""),
        may_ask_peers=not stored.answer.answered and await may_ask_peers(request),
        question_days=site.settings.question_days,
    )


async def feedback(request: Request) -> Response:
    """Note whether an answer helped."""
    fields = await read_form(request)
    stored, voter = await _stored(request), visitor_of(request).voter
    helpful, reason = fields["helpful"] == "yes", _reason(fields)
    await site_of(request).db(
        lambda backend: backend.assistant.feedback(
            stored.question_id, voter, helpful=helpful, reason=None if helpful else reason
        )
    )
    return see(f"/answers/{stored.question_id}?thanks=yes#feedback")


async def start_anew(request: Request) -> Response:
    """Forget the visitor's conversation."""
    await read_form(request)
    conversation = visitor_of(request).conversation
    await site_of(request).db(lambda backend: backend.assistant.forget(conversation))
    return see("/")


async def _stored(request: Request) -> StoredAnswer:
    stored = await site_of(request).db(
        lambda backend: backend.assistant.stored_answer(request.path_params["question_id"])
    )
    if stored is None:
        raise not_found()
    return stored


async def _again(request: Request, question: str, problem: str, status: int = 400) -> Response:
    return await _home(request, question[:LONGEST_QUERY], {"question": problem}, status)


async def _home(request: Request, question: str, errors: dict[str, str], status: int = 200) -> Response:
    return await site_of(request).page(
        request,
        "home.html",
        status,
        title=texts.ASK_TITLE,
        question=question,
        counts=await site_of(request).db(lambda backend: backend.library.store.counts()),
        languages=languages(),
        held=await held_answers(request),
        errors=errors,
    )


def _problem(question: str) -> str | None:
    if not question:
        return texts.ASK_EMPTY
    return texts.ASK_LONG.format(most=LONGEST_QUERY) if len(question) > LONGEST_QUERY else None


def _answered(backend: Backend, visitor: Visitor, question: str, *, follows: bool) -> Answer:
    """Return the answer; a question that follows is understood with those before it, else the conversation is new."""
    assistant = backend.assistant
    if not follows:
        assistant.forget(visitor.conversation)
    if visitor.account is not None:
        assistant.takes_part(visitor.conversation, visitor.voter)
        assistant = assistant.of_member(visitor.account.member_id)
    answer = assistant.ask(question, visitor.conversation)
    return assistant.written(answer) or answer


def _reason(fields: Fields) -> FeedbackReason | None:
    return FeedbackReason(fields["reason"]) if fields["reason"] in tuple(FeedbackReason) else None


ROUTES = (
    Route("/", home),
    Route("/ask", ask, methods=["POST"]),
    Route("/ask", home),
    Route("/ask/new", start_anew, methods=["POST"]),
    Route("/answers/{question_id}", answer_page),
    Route("/answers/{question_id}/feedback", feedback, methods=["POST"]),
)
