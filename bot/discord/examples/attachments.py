"""`/share` with a file or a link: what it says becomes a draft of the member's."""

import asyncio
from collections.abc import Callable
from typing import NamedTuple

import discord

from bot.discord.examples import texts
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import RateLimit
from bot.discord.runtime.markdown import cut, safe
from indexer.sources.forms import read_form_page, read_form_safely
from knowledge.domain.examples import LONGEST_TEXT, LONGEST_TITLE, MEASURE_FIELDS, TEXT_FIELDS, Content
from knowledge.errors import ExampleError, SourceBusyError, SourceError
from knowledge.examples.form import OPTIONAL_TAGS, read_fields
from knowledge.matching.wording import listed
from knowledge.settings import Settings

# Pages take their time: two at once keep nobody else from their turn.
_AT_ONCE = 2
_TAGS = OPTIONAL_TAGS | {"outcome"}
# Who gave it, and what is for a person to say in so many words, is not taken from a document.
_NOT_READ = ("author", "author_name", "request_id", "clearance", "credit")


class ReadDraft(NamedTuple):
    """A document as it was read: its content, whether some of it was cut, and the tags that nobody understands."""

    content: Content
    was_cut: bool
    unknown: tuple[str, ...]


class AttachmentReader:
    """Files and web pages as drafts."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def file(self, attachment: discord.Attachment) -> ReadDraft:
        """Return what an attached file says.

        Raises:
            RefusedError: It is too large, or cannot be read; the message says why.
        """
        if attachment.size > self._settings.max_file_mb * 1_000_000:
            raise RefusedError(texts.FILE_TOO_LARGE.format(most=self._settings.max_file_mb))
        content = await attachment.read()
        async with self._turns:
            return await asyncio.to_thread(_content_of, lambda: read_form_safely(attachment.filename, content))

    async def page(self, address: str) -> ReadDraft:
        """Return what a web page says.

        Raises:
            RefusedError: It cannot be had or read, or must not be; the message says why.
        """
        async with self._turns:
            return await asyncio.to_thread(_content_of, lambda: read_form_page(self._settings, address))


def _content_of(read: Callable[[], dict[str, object]]) -> ReadDraft:
    try:
        values = {field: value for field, value in read().items() if field not in _NOT_READ}
        was_cut = False
        for field in TEXT_FIELDS:
            most = LONGEST_TITLE if field in ("title", *MEASURE_FIELDS) else LONGEST_TEXT
            if len(text := str(values.get(field) or "")) > most:
                values[field] = text[: most - 4].rsplit(" ", 1)[0] + " ..."
                was_cut = True
        reading = read_fields(values)
        # A tag that nobody understands is chosen on the card; the rest is as good without it.
        unknown = tuple(dict.fromkeys(problem.field for problem in reading.problems if problem.field in _TAGS))
        for problem in reading.problems:
            if problem.field not in _TAGS:
                raise problem
        return ReadDraft(reading.form.content, was_cut, unknown)
    except (SourceError, SourceBusyError, ExampleError) as error:
        reason = str(error)
        raise RefusedError(texts.NOT_READ.format(reason=reason if reason.endswith(".") else f"{reason}.")) from None


class FileDrafts:
    """Makes drafts of what members have written elsewhere."""

    def __init__(self, service: ExampleService, drafts: Drafts, rate_limit: RateLimit) -> None:
        self._service = service
        self._worker = service.worker
        self._drafts = drafts
        self._rate_limit = rate_limit
        self._reader = AttachmentReader(service.worker.settings)

    async def draft(self, interaction: discord.Interaction, file: discord.Attachment | None, link: str | None) -> None:
        """Read one of the two and show it as a draft. The interaction is begun.

        Raises:
            RefusedError: Both were given, or it cannot be read; the message says why.
        """
        if file is not None and link is not None:
            raise RefusedError(texts.FILE_OR_LINK)
        actor = await self._service.actor(interaction)
        await self._worker.db(lambda backend: backend.examples.require_sharing(actor))
        self._rate_limit.ask(interaction.user.id)
        if file is not None:
            found = await self._reader.file(file)
            source = file.filename
        else:
            found = await self._reader.page(link or "")
            source = link or ""
        note = [texts.READ_FROM.format(source=f"“{safe(cut(source, 150))}”")]
        note += [texts.WAS_CUT] if found.was_cut else []
        if found.unknown:
            note.append(texts.TAGS_NOT_READ.format(fields=listed([texts.FIELDS[field] for field in found.unknown])))
        await self._drafts.keep(interaction, found.content, " ".join(note))
