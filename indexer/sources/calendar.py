"""Calendars (iCalendar): a document an event, with when and where it is, its link and its recording."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from indexer.parsing.text import printable
from indexer.sources.files import slug
from indexer.sources.occurrences import Occurrence, Series, in_its_zone, is_cancelled, occurrences, series_of
from knowledge.dates import spoken
from knowledge.domain.library import Document, Metadata, Section
from knowledge.domain.vocabulary import Kind
from knowledge.errors import SourceError

if TYPE_CHECKING:
    from icalendar import Calendar, Component
    from lxml.html import HtmlElement


_TAG = re.compile(
    r"<(?:/?(?:p|br|div|span|a|b|i|u|em|strong|ul|ol|li|h[1-6]|html|body|table|tr|td|font)\b[^<>]*|html-blob)>", re.I
)
# Lines that part an invitation from how to join.
_RULE = re.compile(r"^[\s_*=~\-–—.:]{5,}$", re.MULTILINE)
RECORDING = "Recording: "
_MOST_EVENTS = 5000
_LINK = re.compile(r"https?://[^\s<>\"')]+[^\s<>\"').,;:!?]")
_RECORDED = re.compile(r"record(?:ing|ed)[^\n]{0,80}?(https?://[^\s<>\"')]+[^\s<>\"').,;:!?])", re.IGNORECASE)


def field(event: Component, name: str) -> str:
    """Return the text of an event's field, paragraphs parted by an empty line; "" where it says nothing."""
    value = event.get(name)
    first = value[0] if isinstance(value, list) and value else value
    if first is None or isinstance(first, list):
        return ""
    return plain(printable(str(first)).replace("\r\n", "\n"))


def plain(text: str) -> str:
    """Return a text without HTML's tags and entities. Links keep the address that they lead to."""
    if _TAG.search(text):
        text = _without_tags(text)
    elif "&" in text:
        text = html.unescape(text)
    return _RULE.sub("", text.replace("\u00a0", " ")).strip()


def _without_tags(text: str) -> str:
    from lxml import html as lxml_html
    from lxml.etree import LxmlError

    from indexer.parsing.blocks import BlockKind
    from indexer.parsing.html_blocks import HtmlReader

    try:
        # Outlook and Google write line ends as well as tags.
        tree: HtmlElement = lxml_html.fromstring(f"<div>{text.replace(chr(10), '<br>')}</div>")
    except (LxmlError, ValueError):
        return html.unescape(_TAG.sub(" ", text))
    for link in tree.iter("a"):
        address = (link.get("href") or "").strip()
        said = "".join(link.itertext()).strip()
        if address.startswith(("http://", "https://")) and address not in said:
            link.tail = f" ({address}){link.tail or ''}" if said else f"{address}{link.tail or ''}"
    blocks = HtmlReader(in_main=True).blocks(tree)
    return "\n\n".join(f"- {block.text}" if block.kind is BlockKind.ITEM else block.text for block in blocks)


def calendar_documents(content: bytes, address: str, now: datetime) -> Iterator[Document]:
    """Yield the events of a calendar that is kept at `address`; cancelled ones, and cancelled dates, are left out.

    Raises:
        SourceError: It is not a calendar that can be read.
    """
    from icalendar import Calendar

    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except Exception as error:
        problem = str(error).split("\n", maxsplit=1)[0]
        raise SourceError(f"it is not a calendar that can be read ({problem}); export it again as .ics") from error
    if not calendars:
        raise SourceError("it is not a calendar (.ics); check the address, and that the calendar is public")
    if sum(len(calendar.walk("VEVENT")) for calendar in calendars) > _MOST_EVENTS:
        raise SourceError(f"it has more than {_MOST_EVENTS} events; export fewer years of it")
    taken: set[str] = set()
    for calendar in calendars:
        if str(calendar.get("METHOD") or "").upper() == "CANCEL":
            continue
        for document in _documents(calendar, address, now):
            if document.location not in taken:
                taken.add(document.location)
                yield document


def _documents(calendar: Calendar, address: str, now: datetime) -> Iterator[Document]:
    calendar = in_its_zone(calendar)
    for series in series_of(calendar.walk("VEVENT")):
        try:
            yield from _of_series(series, calendar, address, now)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError):
            continue  # an event that makes no sense hides none of the others


def _of_series(series: Series, calendar: Calendar, address: str, now: datetime) -> Iterator[Document]:
    """Yield a document of an event with all its next dates, and one for each date that is said to be different."""
    if series.event is not None and is_cancelled(series.event):
        return
    own = [change for change in series.changes if not is_cancelled(change) and _is_another(change, series.event)]
    dates = occurrences(series, calendar, now)
    apart = {_recurrence(change) for change in own}
    regular = [one for one in dates if one.event.get("RECURRENCE-ID") is None or _recurrence(one.event) not in apart]
    if regular and series.event is not None:
        begins = getattr(series.event.get("DTSTART"), "dt", None)
        mark = "" if series.own_uid or begins is None else f"/{_stamp(begins)}"
        yield from _document(series.event, regular, address, mark)
    for change in own:
        yield from _document(change, occurrences(Series(change, ()), calendar, now), address, f"/{_recurrence(change)}")


def _is_another(change: Component, event: Component | None) -> bool:
    """Return whether one date of a series has a title, a text or a place of its own, and not only another time."""
    return event is None or any(
        field(change, name) != field(event, name) for name in ("SUMMARY", "DESCRIPTION", "LOCATION")
    )


def _recurrence(event: Component) -> str:
    """Return which date of its series an event stands for, in one form for all zones."""
    value = getattr(event.get("RECURRENCE-ID"), "dt", None)
    return _stamp(value) if isinstance(value, date) else ""


def _document(event: Component, dates: Sequence[Occurrence], address: str, mark: str) -> Iterator[Document]:
    """Yield the document of an event. `mark` tells its location from others' with the same UID."""
    title = " ".join(field(event, "SUMMARY").split())
    if not title or not dates:
        return
    first, length = dates[0].starts, dates[0].length
    place = " ".join(field(event, "LOCATION").split())
    description = field(event, "DESCRIPTION")
    recording = _RECORDED.search(description)
    link = field(event, "URL") or next(iter(_LINK.findall(f"{place}\n{description}")), "")
    own = str(event.get("UID") or title).strip() + mark
    yield Document(
        location=f"{address}#{own}",
        suggested_id=slug(f"{title} {first:%Y-%m-%d}"),
        metadata=Metadata(
            title=title[:300],
            kind=Kind.EVENT,
            starts=_stamp(first),
            ends=_stamp(_last(first, length)) if length else None,
            place=place or None,
            url=link if re.match(r"^https?://\S+$", link) else None,
        ),
        sections=(Section(text=_told(title, dates, place, description, recording and recording.group(1))),),
    )


def _told(title: str, dates: Sequence[Occurrence], place: str, description: str, recording: str | None) -> str:
    """Return an event in words. The first sentence says all that matters, so that it can be quoted alone."""
    where = f", {place}" if place else ""
    usual = dates[0].length
    parts = [f"{title.rstrip('.')}: {spoken(dates[0].starts, usual)}{where}."]
    if len(dates) > 1:
        # How long a date goes on is said where it differs from the first.
        said = [spoken(one.starts, one.length if one.length != usual else None) for one in dates[1:]]
        parts.append(f"{title.rstrip('.')} is also on " + "; ".join(said) + ".")
    parts += [" ".join(part.split()) for part in re.split(r"\n\s*\n", description) if part.strip()]
    if recording:
        parts.append(f"{RECORDING}{recording}")
    return "\n\n".join(parts)


def _last(moment: date, length: timedelta) -> date:
    """Return when it ends: of days the last one that is part of it, where a calendar names the day after."""
    return moment + length if isinstance(moment, datetime) else moment + length - timedelta(days=1)


def _stamp(moment: date) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()
