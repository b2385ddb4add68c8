"""`/share` with a file or a link: what it says becomes a draft of the member's."""

import discord

from bot.discord.examples import texts
from bot.discord.examples.attachments import AttachmentReader
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.markdown import cut, safe
from bot.discord.runtime.rate_limits import RateLimit


class FileDrafts:
    """Makes drafts of what members have written elsewhere."""

    def __init__(self, service: ExampleService, sharing: Drafts, rate_limit: RateLimit) -> None:
        self._service = service
        self._sharing = sharing
        self._rate_limit = rate_limit
        self._reading_in = AttachmentReader(service.worker.settings)

    async def draft(self, interaction: discord.Interaction, file: discord.Attachment | None, link: str | None) -> None:
        """Read one of the two and show it as a draft. The interaction is begun.

        Raises:
            RefusedError: Both were given, or it cannot be read; the message says why.
        """
        if file is not None and link is not None:
            raise RefusedError(texts.FILE_OR_LINK)
        actor = await self._service.actor(interaction)
        await self._service.quick(lambda examples: examples.require_sharing(actor))
        self._rate_limit.ask(interaction.user.id)
        if file is not None:
            content, was_cut = await self._reading_in.file(file)
            source = file.filename
        else:
            content, was_cut = await self._reading_in.page(link or "")
            source = link or ""
        note = texts.READ_FROM.format(source=f"“{safe(cut(source, 150))}”")
        await self._sharing.keep(interaction, content, f"{note} {texts.WAS_CUT}" if was_cut else note)
