"""The menu entry "Save as example": a message becomes an example only if its author agrees; nothing is kept before."""

import contextlib
from datetime import timedelta

import aiohttp
import discord

from bot.discord.examples import modals, texts
from bot.discord.examples.card_parts import layout
from bot.discord.examples.drafts import Drafts
from bot.discord.examples.review_messages import ASK
from bot.discord.examples.service import ExampleService
from bot.discord.runtime.components import Handler, button, notice
from bot.discord.runtime.errors import RefusedError, TooSlowError
from bot.discord.runtime.interactions import RateLimit, begin
from bot.discord.runtime.membership import admit_before_form
from bot.discord.runtime.outbox import Lane, Outbox
from bot.discord.runtime.worker import Backend
from knowledge.domain.examples import LONGEST_TEXT, LONGEST_TITLE, Content
from knowledge.domain.ids import new_id
from knowledge.domain.outbox import Message
from knowledge.servers.types import SaveRefusal, SaveRequest

_DAY = timedelta(days=1)
_MOST_A_DAY = 3
_OWN_WORDS = (discord.MessageType.default, discord.MessageType.reply)


class SaveMessage:
    """The entry in the menu of a message, and the answers of those who are asked."""

    def __init__(
        self,
        client: discord.Client,
        service: ExampleService,
        drafts: Drafts,
        outbox: Outbox,
        rate_limit: RateLimit,
    ) -> None:
        self._client = client
        self._rate_limit = rate_limit
        self._service = service
        self._worker = service.worker
        self._drafts = drafts
        self._outbox = outbox

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handlers of its buttons."""
        return {
            "save_agree": self._agree,
            "save_refuse": self._refuse,
            "save_never": self._never,
            "save_again": self._again,
        }

    async def save(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Open the form for whoever wrote the message; ask them when somebody else wishes it."""
        if message.author.bot or message.webhook_id is not None or message.type not in _OWN_WORDS:
            raise RefusedError(texts.NOT_A_MEMBERS)
        if message.author.id == interaction.user.id:
            await self._open(interaction, message.content)
        elif await begin(self._worker, interaction):
            await self.ask(interaction, message)

    async def _open(self, interaction: discord.Interaction, text: str) -> None:
        if not text.strip():
            raise RefusedError(texts.ASKED_OWN_EMPTY)
        await admit_before_form(self._worker, interaction)
        with contextlib.suppress(TooSlowError):  # who may not share is told when the form comes in
            await self._worker.before_modal(self._may_share(interaction), texts.NOT_NOW)
        content = Content(what=text[:LONGEST_TEXT])
        await interaction.response.send_modal(modals.text_form("example_new", "", content))

    async def _may_share(self, interaction: discord.Interaction) -> None:
        actor = await self._service.actor(interaction)
        await self._worker.db(lambda backend: backend.examples.require_sharing(actor))

    async def ask(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Ask whoever wrote a message whether it may become an example, for who has begun this interaction.

        Raises:
            RefusedError: No member wrote it, or somebody of the two has had enough of it today.
        """
        if message.author.bot or message.webhook_id is not None or message.type not in _OWN_WORDS:
            raise RefusedError(texts.NOT_A_MEMBERS)
        await self._may_share(interaction)
        # Each of these is a message to somebody: nobody sends many at a time.
        self._rate_limit.ask(interaction.user.id)
        request = SaveRequest(
            id=new_id(),
            message_id=message.id,
            channel_id=message.channel.id,
            server_id=interaction.guild_id,
            author_id=message.author.id,
        )
        message_to_author = Message(
            key=f"{ASK}:{request.id}", recipient=str(message.author.id), kind=ASK, data={"request": request.id}
        )
        asker_id, author_id, now = interaction.user.id, message.author.id, self._worker.now()

        def ask(backend: Backend) -> SaveRefusal | bool:
            limits = backend.servers.save_limits
            refusal = limits.refusal(asker_id, author_id, now - _DAY, _MOST_A_DAY)
            if refusal is not None:
                return refusal
            new = backend.servers.reviews.ask(request, message_to_author, now)
            if new:
                limits.count(asker_id, author_id, now)
            return new

        asked = await self._worker.db(ask, atomic=True)
        if isinstance(asked, SaveRefusal):
            raise RefusedError(texts.ASK_REFUSED[asked].format(most=_MOST_A_DAY))
        if not asked:
            raise RefusedError(texts.ASKED_BEFORE)
        with contextlib.suppress(TooSlowError):
            await self._worker.before_modal(self._outbox.flush(Lane.PEOPLE), texts.NOT_NOW)
        now_known = await self._worker.db(lambda backend: backend.servers.reviews.request(request.id))
        said = {
            "asked": texts.ASK_LATER,
            "unreachable": texts.ASK_UNREACHABLE.format(menu=texts.SAVE),
        }
        text = said.get(now_known.state if now_known else "", texts.ASK_OTHERS)
        await interaction.edit_original_response(view=notice(text))

    async def _agree(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        request = await self._asked_of(interaction, key)
        await self._may_share(interaction)
        text = await self.text_of(request)
        # Of a yes and a no at once, the first one counts; of two times yes, each finds the same draft.
        if not await self._worker.db(lambda backend: backend.servers.reviews.agree(key)):
            raise RefusedError(texts.ANSWERED_ALREADY)
        if text:
            title = await self._worker.db(lambda backend: _title(backend, request))
            content = Content(title=title[:LONGEST_TITLE], what=text[:LONGEST_TEXT])
            await self._drafts.keep(interaction, content, place=request.server_id, request=f"save:{key}")
        else:
            form = button("example_begin", "", texts.OPEN_FORM, discord.ButtonStyle.primary)
            await interaction.edit_original_response(view=layout(texts.AGREED_UNREADABLE, [form]))
        await self._worker.db(lambda backend: backend.servers.reviews.answered(key, "agreed"))

    async def _refuse(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction, update=True):
            return
        await self._asked_of(interaction, key)
        if not await self._worker.db(lambda backend: backend.servers.reviews.answered(key, "refused")):
            raise RefusedError(texts.ANSWERED_ALREADY)
        await interaction.edit_original_response(view=layout(texts.REFUSED))

    async def _never(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        """Note that they do not want to be asked about any message of theirs; about this one, that is a no."""
        if not await begin(self._worker, interaction, update=True):
            return
        request, user_id = await self._asked_of(interaction, key), interaction.user.id

        def refuse(backend: Backend) -> None:
            backend.servers.reviews.answered(request.id, "refused")
            backend.servers.save_limits.refuse(user_id, refused=True)

        await self._worker.db(refuse, atomic=True)
        again = button("save_again", "", texts.ASK_ME_AGAIN)
        await interaction.edit_original_response(view=layout(texts.NEVER_ASKED, [again]))

    async def _again(self, interaction: discord.Interaction, _: str, __: list[str]) -> None:
        if await begin(self._worker, interaction, update=True):
            user_id = interaction.user.id
            await self._worker.db(lambda backend: backend.servers.save_limits.refuse(user_id, refused=False))
            await interaction.edit_original_response(view=layout(texts.ASKED_AGAIN))

    async def _asked_of(self, interaction: discord.Interaction, key: str) -> SaveRequest:
        """Return the request, if it was put to this member and waits for their answer."""
        request = await self._worker.db(lambda backend: backend.servers.reviews.request(key))
        if request is None or request.author_id is None:
            raise RefusedError(texts.ANSWERED_ALREADY)
        if request.author_id != interaction.user.id:
            raise RefusedError(texts.NOT_YOURS)
        return request

    async def text_of(self, request: SaveRequest) -> str:
        """Return what the message says now; empty where it is gone, or not for the assistant to read."""
        channel = self._client.get_partial_messageable(request.channel_id)
        try:
            return (await channel.fetch_message(request.message_id)).content.strip()
        except discord.HTTPException as error:
            if error.status >= 500:
                raise aiohttp.ClientError(str(error)) from error
            return ""


def _title(backend: Backend, request: SaveRequest) -> str:
    """Return what a forum post is called, which is what its answer is an example of; empty for other messages."""
    if request.server_id is None:
        return ""
    post = backend.servers.posts.post(request.server_id, request.channel_id)
    return post.title if post is not None else ""
