"""Forms as they come in: read once, their token checked, their text made clean."""

from collections.abc import Mapping

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse

from bot.web import texts
from bot.web.errors import PageError
from bot.web.rate_limits import Limited
from bot.web.security import address_of
from bot.web.site import site_of, visitor_of
from knowledge.examples.form import clean_text

_MOST_FIELDS = 60
_TOKEN = "csrf"  # noqa: S105 - the name of a field


class Fields(Mapping[str, str]):
    """A form's text by the name of its field, clean; a field that is not there is empty."""

    def __init__(self, form: FormData) -> None:
        self._form = form

    def __getitem__(self, name: str) -> str:
        value = self._form.get(name)
        return clean_text(value) if isinstance(value, str) else ""

    def __iter__(self):  # type: ignore[no-untyped-def]  # noqa: ANN204 - as `Mapping` has it
        return iter(self._form.keys())

    def __len__(self) -> int:
        return len(self._form)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that may be there several times."""
        return tuple(clean_text(value) for value in self._form.getlist(name) if isinstance(value, str))


async def read_form(request: Request) -> Fields:
    """Return what a form says, if it was sent from one of our own pages to this visitor.

    Raises:
        PageError: It was not, it has too many fields, or it is one too many.
    """
    site, visitor = site_of(request), visitor_of(request)
    site.limits.count(Limited.CHANGE, address_of(request))
    # Browsers say from where a form comes; a program that does not say needs the token all the same.
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise PageError(403, texts.FORGED, texts.FORGED_LINE)
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    fields = Fields(form)
    if visitor.new or not site.visitors.is_theirs(visitor, fields[_TOKEN]):
        raise PageError(403, texts.FORGED, texts.FORGED_LINE)
    return fields


def see(path: str) -> RedirectResponse:
    """Return the answer to a form that was taken: the page to see now, so that going back sends nothing twice."""
    return RedirectResponse(path, status_code=303)
