"""Receives questions: `/ask`, the menu of a message, mentions, direct messages, and threads that the bot started."""

import logging

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask import replies
from bot.discord.ask.answers import LONGEST_QUESTION, AnswerCards
from bot.discord.ask.mentions import question_in
from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError, failed
from bot.discord.runtime.interactions import first_time, notice
from bot.texts.languages import translated
from knowledge.errors import QuestionError

_log = logging.getLogger(__name__)


class AskCog(commands.Cog):
    """Questions, wherever they are asked."""

    def __init__(self, bot: commands.Bot, answering: AnswerCards) -> None:
        self._bot = bot
        self._answering = answering
        self._menu = app_commands.ContextMenu(name=texts.FIND_RESOURCES, callback=self.find_resources)

    async def cog_load(self) -> None:
        """Put the entry into the menu of messages."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out again."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @app_commands.command(name="ask", description=texts.ASK)
    @app_commands.describe(question=texts.ASK_QUESTION, share=texts.ASK_SHARE)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        share: bool = False,
    ) -> None:
        """Answer a question, only visible to the asker unless they choose otherwise."""
        if share:
            await replies.answer_openly(self._answering, interaction, question, self._note)
        else:
            await replies.answer_privately(self._answering, interaction, question)

    async def find_resources(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answer what a message says, only visible to whoever chose it from the menu."""
        text = " ".join(message.content.split())
        if not text:
            raise RefusedError(texts.NO_TEXT)
        await replies.answer_privately(self._answering, interaction, text, follows=False)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is meant for the assistant, and nothing else."""
        assert self._bot.user is not None  # noqa: S101 - messages come after the bot has logged in
        question = question_in(message, self._bot.user.id)
        if question is None:
            return
        try:
            if not await first_time(self._answering.worker, message.id):
                return
            if not question:
                language = await self._answering.worker.language(message.guild.id if message.guild else None)
                raise RefusedError(translated(texts.EMPTY_MENTION, language))
            await replies.reply(self._answering, message, question, self._note)
        except (RefusedError, QuestionError) as error:
            await self._say(message, str(error))
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
            await self._say(message, failed(error))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget the card that was on a deleted message."""
        await self._answering.worker.read(lambda library: library.servers.cards.forget_message(event.message_id))

    @property
    def _note(self) -> str:
        return replies.note_for(reads_messages=self._bot.intents.message_content)

    async def _say(self, message: discord.Message, text: str) -> None:
        try:
            await message.channel.send(
                view=notice(text),
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
                nonce=f"e{message.id}",
            )
        except (discord.HTTPException, aiohttp.ClientError) as error:
            _log.warning("a member could not be answered in channel %s (%s)", message.channel.id, error)
