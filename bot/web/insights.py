"""Insights for moderators: what is asked, what is missing, figures with their charts, and curated answers."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.backend import Backend
from bot.texts import charts
from bot.texts import insights as insight_texts
from bot.web import texts
from bot.web.errors import not_found
from bot.web.forms import Fields, read_form, see
from bot.web.site import site_of, visitor_of
from knowledge.domain.insights import CuratedAnswer, FigureTable
from knowledge.errors import MemberError, QuestionError

_NEW = "new"
_MOST_MEMBERS = 5
_FIELDS = ("question", "text", "sources", "wordings", "review_by")


async def overview(request: Request) -> Response:
    """Show what was asked, what could not be answered, votes to deal with, and figures with charts."""
    site = site_of(request)
    found = await site.model(lambda backend: backend.insights.latest())
    return await site.page(
        request,
        "insights.html",
        title=texts.INSIGHTS_TITLE,
        insights=found,
        said=insight_texts,
        charts={table.key: charts.in_words(table) for table in found.tables if charts.has_chart(table)},
        figure=insight_texts.figure,
        done=texts.INSIGHTS_DONE.get(request.query_params.get("done", "")),
    )


async def chart(request: Request) -> Response:
    """Send one table's chart."""
    found = await site_of(request).model(lambda backend: backend.insights.latest())
    table = _table(found.tables, request.path_params["key"])
    if table is None or not charts.has_chart(table):
        raise not_found()
    return Response(charts.svg(table), media_type="image/svg+xml")


async def figures(request: Request) -> Response:
    """Send all figures as CSV."""
    found = await site_of(request).model(lambda backend: backend.insights.latest())
    return _file(insight_texts.as_csv(found.tables), "text/csv", "insights.csv")


async def report(request: Request) -> Response:
    """Send the report on a year as Markdown."""
    said = request.query_params.get("year", "")
    year = int(said) if said.isdecimal() and len(said) == len("2026") else site_of(request).today().year
    found = await site_of(request).model(lambda backend: backend.insights.of_year(year))
    text = insight_texts.as_markdown(found, f"Insights {year}")
    return _file(text, "text/markdown", f"insights-{year}.md")


async def gap(request: Request) -> Response:
    """Show one question that was not answered, and what can be done about it."""
    return await _gap(request)


async def settle(request: Request) -> Response:
    """Note that a question is dealt with."""
    await read_form(request)
    question_id = request.path_params["question_id"]
    done = await site_of(request).db(lambda backend: backend.insights.settle(question_id))
    return see(f"/insights?done={'settled' if done else 'gone'}")


async def ask_members(request: Request) -> Response:
    """Pass a question to members who can probably help, in the moderator's name."""
    await read_form(request)
    member_id = visitor_of(request).actor.id
    text = await _question(request)
    try:
        asked = await site_of(request).model(lambda backend: backend.peers.ask_peers(member_id or "", text))
    except (MemberError, QuestionError) as error:
        return await _gap(request, str(error))
    return await _gap(request, asked.note or "") if asked.question_id is None else see("/insights?done=asked")


async def answers(request: Request) -> Response:
    """List the curated answers, those that are due for review first."""
    found, due = await site_of(request).db(
        lambda backend: (
            backend.assistant.curated.all(),
            {one.answer.id: one.reason for one in backend.assistant.curated.due()},
        )
    )
    return await site_of(request).page(
        request,
        "curated_answers.html",
        title=texts.CURATED_TITLE,
        answers=sorted(found, key=lambda answer: answer.id not in due),
        due=due,
        done=texts.INSIGHTS_DONE.get(request.query_params.get("done", "")),
    )


async def edit(request: Request) -> Response:
    """Show the form of a curated answer, filled in where there is one, or with a question that was asked."""
    answer_id = request.path_params["answer_id"]
    if answer_id == _NEW:
        asked = request.query_params.get("gap", "")
        question = await site_of(request).model(lambda backend: backend.insights.question(asked)) if asked else None
        return await _form(request, _NEW, {**dict.fromkeys(_FIELDS, ""), "question": question or ""}, {})
    known = await site_of(request).db(lambda backend: backend.assistant.curated.find(answer_id))
    if known is None:
        raise not_found()
    return await _form(request, answer_id, _filled(known), {})


async def save(request: Request) -> Response:
    """Keep a curated answer as the form has it: it was checked today."""
    fields, answer_id = await read_form(request), request.path_params["answer_id"]
    member_id = visitor_of(request).actor.id
    try:
        await site_of(request).model(lambda backend: _save(backend, fields, answer_id, member_id))
    except QuestionError as error:
        return await _form(request, answer_id, {name: fields[name] for name in _FIELDS}, {"text": str(error)})
    return see("/insights/answers?done=kept")


async def remove(request: Request) -> Response:
    """Delete a curated answer."""
    await read_form(request)
    answer_id = request.path_params["answer_id"]
    try:
        await site_of(request).db(lambda backend: backend.assistant.curated.remove(answer_id))
    except QuestionError:
        raise not_found() from None
    return see("/insights/answers?done=removed")


def _save(backend: Backend, fields: Fields, answer_id: str, member_id: str | None) -> None:
    backend.assistant.curated.write(
        fields["question"],
        fields["text"],
        fields["sources"].split(),
        review_by=fields["review_by"] or None,
        wordings=fields["wordings"].splitlines(),
        checked_by=member_id,
        answer_id=None if answer_id == _NEW else answer_id,
    )
    backend.insights.forget()


def _filled(known: CuratedAnswer) -> dict[str, str]:
    return {
        "question": known.question,
        "text": known.text,
        "sources": "\n".join(source.document_id for source in known.sources),
        "wordings": "\n".join(known.wordings),
        "review_by": "",
    }


async def _form(request: Request, answer_id: str, values: dict[str, str], errors: dict[str, str]) -> Response:
    return await site_of(request).page(
        request,
        "curated_answer.html",
        400 if errors else 200,
        title=texts.CURATED_NEW if answer_id == _NEW else texts.CURATED_EDIT,
        answer_id=answer_id,
        values=values,
        errors=errors,
    )


async def _gap(request: Request, problem: str = "") -> Response:
    text, question_id = await _question(request), request.path_params["question_id"]
    members, nearest = await site_of(request).model(lambda backend: _who_and_what(backend, text))
    return await site_of(request).page(
        request,
        "gap.html",
        400 if problem else 200,
        title=texts.GAP_TITLE,
        question_id=question_id,
        question=text,
        members=members,
        nearest=nearest,
        brief=insight_texts.brief(text, [title for _, title in nearest]),
        errors={"ask": problem} if problem else {},
        said=insight_texts,
    )


def _who_and_what(backend: Backend, text: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    found = backend.assistant.search(text, 6).results
    nearest = list({result.document_id: result.title for result in found}.items())[:3]
    return backend.peers.members_on(text, _MOST_MEMBERS), nearest


async def _question(request: Request) -> str:
    """Return the question of an address, redacted.

    Raises:
        PageError: It is not kept any more.
    """
    question_id = request.path_params["question_id"]
    text = await site_of(request).model(lambda backend: backend.insights.question(question_id))
    if text is None:
        raise not_found()
    return text


def _table(tables: tuple[FigureTable, ...], key: str) -> FigureTable | None:
    return next((table for table in tables if table.key == key), None)


def _file(text: str, kind: str, name: str) -> Response:
    return Response(text, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


ROUTES = (
    Route("/insights", overview),
    Route("/insights/figures.csv", figures),
    Route("/insights/report.md", report),
    Route("/insights/charts/{key}.svg", chart),
    Route("/insights/gaps/{question_id}", gap),
    Route("/insights/gaps/{question_id}/settle", settle, methods=["POST"]),
    Route("/insights/gaps/{question_id}/ask", ask_members, methods=["POST"]),
    Route("/insights/answers", answers),
    Route("/insights/answers/{answer_id}", edit),
    Route("/insights/answers/{answer_id}", save, methods=["POST"]),
    Route("/insights/answers/{answer_id}/remove", remove, methods=["POST"]),
)
