"""`/share` with a file or a link: what it says becomes a draft of the member's."""

import discord

from bot.discord.examples import texts
from bot.discord.examples.attachments import ReadingIn
from bot.discord.examples.drafts import Sharing
from bot.discord.examples.service import ExampleDesk
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.markdown import cut, safe
from bot.discord.runtime.rate_limits import CoolDown


class Drafting:
    """Makes drafts of what members have written elsewhere."""

    def __init__(self, desk: ExampleDesk, sharing: Sharing, cool_down: CoolDown) -> None:
        self._desk = desk
        self._sharing = sharing
        self._cool_down = cool_down
        self._reading_in = ReadingIn(desk.desk.settings)

    async def draft(self, interaction: discord.Interaction, file: discord.Attachment | None, link: str | None) -> None:
        """Read one of the two and show it as a draft. The interaction is begun.

        Raises:
            RefusedError: Both were given, or it cannot be read; the message says why.
        """
        if file is not None and link is not None:
            raise RefusedError(texts.FILE_OR_LINK)
        actor = await self._desk.actor(interaction)
        await self._desk.quick(lambda examples: examples.require_sharing(actor))
        self._cool_down.ask(interaction.user.id)
        if file is not None:
            content, was_cut = await self._reading_in.file(file)
            source = file.filename
        else:
            content, was_cut = await self._reading_in.page(link or "")
            source = link or ""
        note = texts.READ_FROM.format(source=f"“{safe(cut(source, 150))}”")
        await self._sharing.keep(interaction, content, f"{note} {texts.WAS_CUT}" if was_cut else note)
