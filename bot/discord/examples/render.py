"""An example's words as Discord shows them, with underlined what may identify somebody; in pages where it is long."""

from collections.abc import Iterable, Sequence

from bot.discord.runtime.markdown import at_beginning, cut, safe
from knowledge.domain.examples import TEXT_FIELDS, Finding
from knowledge.examples.document import HEADINGS
from knowledge.examples.period import spoken_period
from knowledge.examples.views import ExampleView

_LONGEST_LINE = 900


def underlined(text: str, found: Sequence[Finding]) -> list[str]:
    """Return the lines of a field's text, each place in `found` underlined and named."""
    lines: list[str] = []
    begin = 0
    for raw in text.split("\n"):
        pieces, at = [], 0
        for place in sorted(found, key=lambda finding: finding.start):
            start, end = max(place.start - begin, at), min(place.end - begin, len(raw))
            if start < end:
                pieces += [_spaced(raw[at:start]), f"__{safe(raw[start:end])}__ ({place.label})"]
                at = end
        line = "".join([*pieces, _spaced(raw[at:])]).strip()
        if line:
            lines.append(line)
        begin += len(raw) + 1
    return lines


def body(view: ExampleView) -> list[str]:
    """Return the whole of an example, a line each: its title, who it is from and when it was, and each part."""
    about = [view.credited_to, spoken_period(view.happened_from, view.happened_to), view.region]
    lines = [
        f"**{''.join(underlined(view.title, _in_title(view)))}**",
        f"-# {' · '.join(safe(part) for part in about if part)}",
    ]
    for field, heading in HEADINGS.items():
        text = underlined(getattr(view, field), [finding for finding in view.personal_data if finding.field == field])
        lines += [f"**{heading}**", *text] if text else []
    return lines


def shortened(view: ExampleView, most: int) -> str:
    """Return an example in so many characters: every part is there, the long ones cut."""
    lines = body(view)
    if len("\n".join(lines)) > most:
        parts = sum(bool(getattr(view, field)) for field in HEADINGS)
        share = max(60, (most - 260) // max(1, parts) - 40)
        lines = lines[:2]
        for field, heading in HEADINGS.items():
            text = " ".join(underlined(getattr(view, field), [f for f in view.personal_data if f.field == field]))
            lines += [f"**{heading}**", cut(text, share)] if text else []
    return cut("\n".join(lines), most)


def pages(lines: Iterable[str], most: int) -> list[str]:
    """Return lines as pages of at most so many characters; a line that is longer goes on in the next one."""
    found = [""]
    for line in (part for whole in lines for part in _parts(whole)):
        joined = f"{found[-1]}\n{line}" if found[-1] else line
        if len(joined) > most:
            found.append(line)
        else:
            found[-1] = joined
    return found


def locations(found: Sequence[Finding], names: dict[str, str], template: str) -> str:
    """Return where what may identify somebody stands, without repeating it: "phone number in “what you did”"."""
    order = {field: position for position, field in enumerate(TEXT_FIELDS)}
    ordered = sorted(found, key=lambda finding: (order[finding.field], finding.start))
    said = [template.format(label=finding.label, field=names[finding.field]) for finding in ordered]
    return "; ".join(dict.fromkeys(said))


def _in_title(view: ExampleView) -> list[Finding]:
    """Return what may identify somebody in the title; without one of its own, in the first words that stand for it."""
    own = [finding for finding in view.personal_data if finding.field == "title"]
    if own or " ".join(view.what.split()) != view.what or not view.what.startswith(view.title.removesuffix(" ...")):
        return own
    return [finding for finding in view.personal_data if finding.field == "what"]


def _parts(line: str) -> list[str]:
    parts = []
    while len(line) > _LONGEST_LINE:
        space = line.rfind(" ", 1, _LONGEST_LINE)
        end = space if space > 0 else _LONGEST_LINE
        # What a backslash makes plain stays with it.
        end -= (end - len(line[:end].rstrip("\\"))) % 2
        parts.append(line[:end])
        line = at_beginning(line[end:].lstrip())
    return [*parts, line]


def _spaced(piece: str) -> str:
    """Return a piece of a line, made safe, with the space that sets it off from its neighbours."""
    shown = safe(piece)
    if not shown:
        return " " if piece else ""
    return f"{' ' if piece[0].isspace() else ''}{shown}{' ' if piece[-1].isspace() else ''}"
