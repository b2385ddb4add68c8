"""The digest as a mail or a file: one template in Markdown, made of what `knowledge.digest` decides."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import jinja2

from bot.mail import texts
from bot.mail.formats import as_html, as_text, escaped, linked
from bot.mail.message import Mail
from knowledge.dates import UK, spoken, spoken_date
from knowledge.digest.contents import EXPERIENCES, NOT_TO_PLAN, Contents
from knowledge.digest.events import Coming
from knowledge.digest.storage.protocols import Frequency
from knowledge.domain.library import StoredDocument
from knowledge.settings import Settings

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_SUBJECT = 60
_LONGEST_QUESTION = 200


class Line(NamedTuple):
    """One line of a digest: what it is called, what is to be known of it, and where it leads."""

    title: str
    details: str
    url: str | None


class Part(NamedTuple):
    """A part of a digest, and in Markdown what is said after it."""

    title: str
    lines: list[Line]
    after: str = ""


class DigestWriter:
    """Writes digests. `address` is the web page's own, without a slash at its end; `None`: sources' addresses."""

    def __init__(self, address: str | None) -> None:
        self._address = address
        templates = jinja2.Environment(  # noqa: S701 - Markdown, each value escaped by its filter
            loader=jinja2.FileSystemLoader(_TEMPLATES),
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        templates.filters |= {"md": escaped, "linked": linked}
        self._template = templates.get_template("digest.md")

    def markdown(self, contents: Contents, since: datetime, footer: tuple[str, ...] = (), intro: str = "") -> str:
        """Return a digest as Markdown; `footer` and `intro` are Markdown, too."""
        made = self._template.render(title=title(since), intro=intro, parts=self._parts(contents), footer=footer)
        # An empty line between two things is enough.
        return "\n".join(
            line for line, before in zip(made.split("\n"), ["", *made.split("\n")], strict=False) if line or before
        )

    def mail(self, to: str, contents: Contents, since: datetime, frequency: Frequency, stop: str) -> Mail:
        """Return a digest as a mail; `stop` is the address at which one press stops it."""
        footer = (
            escaped(texts.DIGEST_WHY[frequency]),
            linked(texts.DIGEST_STOP, stop),
            linked(texts.DIGEST_CHANGE, f"{self._address}/my-data"),
            texts.SIGNED,
        )
        return _mail(to, subject(contents), self.markdown(contents, since, footer), stop)

    def _parts(self, contents: Contents) -> list[Part]:
        lesson = [contents.lesson] if contents.lesson else []
        web = self._address
        more = linked(texts.DIGEST_MORE.format(number=contents.more), web and f"{web}/browse") if contents.more else ""
        events = (
            linked(texts.DIGEST_MORE_EVENTS.format(number=contents.more_events), web and f"{web}/events")
            if contents.more_events
            else ""
        )
        questions = [
            Line(f"“{_cut(one.question, _LONGEST_QUESTION)}”", "", web and f"{web}/peers") for one in contents.questions
        ]
        parts = [
            Part(texts.DIGEST_EXAMPLES, [self._document(one) for one in contents.examples]),
            Part(texts.DIGEST_DOCUMENTS, [self._document(one) for one in contents.documents]),
            Part(texts.DIGEST_EVENTS, [self._event(one) for one in contents.coming], events),
            Part(texts.DIGEST_QUESTIONS, questions),
            Part(texts.DIGEST_LESSON, [self._document(one) for one in lesson]),
        ]
        new = max((place for place in (0, 1) if parts[place].lines), default=None)
        if new is not None:
            parts[new] = parts[new]._replace(after=more)
        return [part for part in parts if part.lines]

    def _document(self, document: StoredDocument) -> Line:
        metadata = document.metadata
        what = metadata.kind.label
        if metadata.outcome in NOT_TO_PLAN and metadata.kind in EXPERIENCES:
            what += f", {metadata.outcome.label}"
        nation = metadata.nation.label if metadata.nation else None
        dated = spoken_date(metadata.published) if metadata.published else None
        details = " · ".join(filter(None, [metadata.organisation, what, nation, dated]))
        return Line(metadata.title, details, self._page(document.id) or metadata.url)

    def _event(self, event: Coming) -> Line:
        details = " · ".join(filter(None, [event.when, event.place]))
        return Line(event.title, details, event.url or self._page(event.document_id))

    def _page(self, document_id: str | None) -> str | None:
        return f"{self._address}/documents/{document_id}" if self._address and document_id else None


def title(since: datetime) -> str:
    """Return what a digest of the time since a moment is called."""
    return texts.DIGEST_TITLE.format(day=spoken(since.astimezone(UK).date(), None))


def subject(contents: Contents) -> str:
    """Return the line that a digest is read for, or not: the first thing in it, and how many more there are."""
    titles = [
        *(one.metadata.title for one in (*contents.examples, *contents.documents)),
        *(one.question for one in contents.questions),
        *(one.title for one in contents.coming),
    ]
    first, more = _cut(titles[0], _LONGEST_SUBJECT), len(titles) - 1
    return (
        texts.DIGEST_SUBJECT_MORE.format(first=first, more=more) if more else texts.DIGEST_SUBJECT.format(first=first)
    )


def preview_text(writer: DigestWriter, contents: Contents, since: datetime, ending: str) -> str:
    """Return a digest as the text of a file that ends in .html, .txt or .md."""
    intro = "" if contents.news else escaped(texts.NOTHING_NEW)
    markdown = writer.markdown(contents, since, (escaped(texts.PREVIEW_FOOTER),), intro)
    if ending == ".html":
        return as_html(markdown, title(since))
    return as_text(markdown) if ending == ".txt" else markdown


def confirmation_mail(settings: Settings, to: str, frequency: Frequency, token: str) -> Mail:
    """Return the mail that asks whether an address belongs to who gave it."""
    address = f"{(settings.web_url or '').rstrip('/')}/digest/confirm/{token}"
    body = "\n\n".join(
        [texts.CONFIRM_WHY[frequency], linked(texts.CONFIRM_LINK, address), texts.CONFIRM_NOT_YOU, texts.SIGNED]
    )
    return _mail(to, texts.CONFIRM_SUBJECT, body, None)


def _mail(to: str, said: str, markdown: str, stop: str | None) -> Mail:
    return Mail(to, said, as_text(markdown), as_html(markdown, said), unsubscribe=stop)


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
