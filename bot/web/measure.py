"""Ideas for what to measure: a project is described, and the page shows what others measured, by pillar."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.texts import indicators
from bot.web import texts
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of
from knowledge.domain.vocabulary import Pillar
from knowledge.errors import QuestionError
from knowledge.guidance.indicators import TOO_LITTLE, IndicatorIdeas, indicator_ideas
from knowledge.retrieval.query import LONGEST_QUERY


async def measure(request: Request) -> Response:
    """Show the form, and the ideas for what it says. Nothing of it is kept."""
    site, parameters = site_of(request), request.query_params
    project = parameters.get("project", "").strip()[:LONGEST_QUERY]
    value = parameters.get("pillar", "")
    pillar = Pillar(value) if value in tuple(Pillar) else None
    found: IndicatorIdeas | None = None
    problem: str | None = None
    if project or pillar:
        site.limits.count(Limited.ADDRESS_QUESTION, address_of(request))
        try:
            found = await site.model(lambda backend: indicator_ideas(backend.library, project, pillar))
        except QuestionError as error:
            problem = str(error)
    elif "project" in parameters:
        problem = TOO_LITTLE
    return await site.page(
        request,
        "measure.html",
        400 if problem else 200,
        title=texts.MEASURE_TITLE,
        project=project,
        pillar=pillar,
        pillars=tuple(Pillar),
        found=found,
        about=indicators.ABOUT,
        lines=indicators.idea_lines,
        nobody=indicators.NOBODY_NEXT,
        errors={"project": problem} if problem else {},
    )


ROUTES = (Route("/measure", measure),)
