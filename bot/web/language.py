"""The language that a visitor reads: by the address, else by what their browser asks for.

Only what there are texts for in `bot/texts/languages` is shown in it, marked as being in it; the rest is English, as
the library is. Nothing is kept of the choice: it stands in the address.
"""

from starlette.requests import Request

from bot.texts.languages import ENGLISH, languages

PARAMETER = "lang"


def language_of(request: Request) -> str:
    """Return the code of the language to greet a visitor in, English where they ask for none that there is."""
    known = {one.code for one in languages()}
    if (chosen := request.query_params.get(PARAMETER)) in known:
        return str(chosen)
    return next((code for code in _wanted(request.headers.get("accept-language", "")) if code in known), ENGLISH)


def _wanted(header: str) -> list[str]:
    """Return the codes in an Accept-Language header (RFC 9110), the most wanted first, without their regions."""
    found: list[tuple[float, str]] = []
    for part in header.split(","):
        code, _, weight = part.strip().partition(";")
        number = weight.strip().removeprefix("q=") if weight else "1"
        try:
            quality = float(number)
        except ValueError:
            continue
        if 0 < quality <= 1 and code:
            found.append((quality, code.split("-")[0].lower()))
    return [code for _, code in sorted(found, key=lambda one: -one[0])]
