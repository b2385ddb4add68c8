"""The menu entry "Save as example": a message becomes an example only if its author agrees; nothing is kept before."""

import secrets

import aiohttp
import discord

from bot.discord.examples import modals, texts
from bot.discord.examples.card_parts import layout
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.review_messages import ASK
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin, notice
from bot.discord.runtime.outbox import Lane, Outbox
from bot.discord.runtime.rate_limits import RateLimit
from knowledge.domain.examples import LONGEST_TEXT, Content
from knowledge.domain.outbox import Message
from knowledge.servers.types import SaveRequest

_OWN_WORDS = (discord.MessageType.default, discord.MessageType.reply)


class SaveMessage:
    """The entry in the menu of a message, and the answers of those who are asked."""

    def __init__(
        self,
        client: discord.Client,
        service: ExampleService,
        sharing: Drafts,
        outbox: Outbox,
        rate_limit: RateLimit,
    ) -> None:
        self._client = client
        self._rate_limit = rate_limit
        self._service = service
        self._sharing = sharing
        self._outbox = outbox

    @property
    def handlers(self) -> dict[str, Handler]:
        """What its buttons do."""
        return {"save_agree": self._agree, "save_refuse": self._refuse}

    async def save(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for whoever wrote the message; ask them when somebody else wishes it."""
        if message.author.bot or message.webhook_id is not None or message.type not in _OWN_WORDS:
            raise RefusedError(texts.NOT_A_MEMBERS)
        if message.author.id == interaction.user.id:
            await self._open(interaction, message.content)
        elif await begin(self._service.worker, interaction):
            await self._ask(interaction, message)

    async def _open(self, interaction: discord.Interaction, text: str) -> None:
        if not text.strip():
            raise RefusedError(texts.ASKED_OWN_EMPTY)
        await self._service.at_once(self._may_share(interaction))
        content = Content(what=text[:LONGEST_TEXT])
        await interaction.response.send_modal(modals.text_form("example_new", "", content))

    async def _may_share(self, interaction: discord.Interaction) -> None:
        actor = await self._service.actor(interaction)
        await self._service.quick(lambda examples: examples.require_sharing(actor))

    async def _ask(self, interaction: discord.Interaction, message: discord.Message) -> None:
        await self._may_share(interaction)
        # Each of these is a message to somebody: nobody sends many at a time.
        self._rate_limit.ask(interaction.user.id)
        request = SaveRequest(
            id=secrets.token_urlsafe(12),
            message_id=message.id,
            channel_id=message.channel.id,
            server_id=interaction.guild_id,
            author_id=message.author.id,
        )
        asking = Message(
            key=f"{ASK}:{request.id}", recipient=str(message.author.id), kind=ASK, data={"request": request.id}
        )
        now = self._service.worker.now()
        if not await self._service.worker.read(lambda library: library.servers.reviews.ask(request, asking, now)):
            raise RefusedError(texts.ASKED_BEFORE)
        await self._service.at_once(self._outbox.flush(Lane.PEOPLE))
        now_known = await self._service.worker.read(lambda library: library.servers.reviews.request(request.id))
        said = {
            "asked": texts.ASK_LATER,
            "unreachable": texts.ASK_UNREACHABLE.format(menu=texts.SAVE),
        }
        text = said.get(now_known.state if now_known else "", texts.ASK_OTHERS)
        await interaction.edit_original_response(view=notice(text))

    async def _agree(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._service.worker, interaction, update=True):
            return
        request = await self._asked_of(interaction, key)
        await self._may_share(interaction)
        text = await self._text_of(request)
        # Of a yes and a no at once, the first one counts; of two times yes, each finds the same draft.
        if not await self._service.worker.read(lambda library: library.servers.reviews.agree(key)):
            raise RefusedError(texts.ANSWERED_ALREADY)
        if text:
            content = Content(what=text[:LONGEST_TEXT])
            await self._sharing.keep(interaction, content, place=request.server_id, request=f"save:{key}")
        else:
            form = button("example_begin", "", texts.OPEN_FORM, discord.ButtonStyle.primary)
            await interaction.edit_original_response(view=layout(texts.AGREED_UNREADABLE, [form]))
        await self._service.worker.read(lambda library: library.servers.reviews.answered(key, "agreed"))

    async def _refuse(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._service.worker, interaction, update=True):
            return
        await self._asked_of(interaction, key)
        if not await self._service.worker.read(lambda library: library.servers.reviews.answered(key, "refused")):
            raise RefusedError(texts.ANSWERED_ALREADY)
        await interaction.edit_original_response(view=layout(texts.REFUSED))

    async def _asked_of(self, interaction: discord.Interaction, key: str) -> SaveRequest:
        """The request, if it was put to this member and waits for their answer."""
        request = await self._service.worker.read(lambda library: library.servers.reviews.request(key))
        if request is None or request.author_id is None:
            raise RefusedError(texts.ANSWERED_ALREADY)
        if request.author_id != interaction.user.id:
            raise RefusedError(texts.NOT_YOURS)
        return request

    async def _text_of(self, request: SaveRequest) -> str:
        """What the message says now; empty where it is gone, or not for the assistant to read."""
        channel = self._client.get_partial_messageable(request.channel_id)
        try:
            return (await channel.fetch_message(request.message_id)).content.strip()
        except discord.HTTPException as error:
            if error.status >= 500:
                raise aiohttp.ClientError(str(error)) from error
            return ""
