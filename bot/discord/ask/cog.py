"""Receives questions: `/ask`, the menu of a message, mentions, direct messages, and threads that the bot started."""

import logging
import re

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask import replies, texts
from bot.discord.ask.answers import LONGEST_QUESTION, AnswerCards
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import notice
from bot.discord.runtime.errors import RefusedError, failed
from bot.discord.runtime.interactions import begin, first_time
from bot.discord.runtime.roles import moderates_channel
from bot.texts.languages import translated
from knowledge.errors import QuestionError

_log = logging.getLogger(__name__)


class AskCog(commands.Cog):
    """Questions, wherever they are asked."""

    def __init__(self, bot: commands.Bot, answers: AnswerCards) -> None:
        self._bot = bot
        self._answers = answers
        self._menus = (
            app_commands.ContextMenu(name=texts.FIND_RESOURCES, callback=self.find_resources),
            app_commands.guild_only(app_commands.ContextMenu(name=texts.WHO_SHARED, callback=self.who_shared)),
        )

    async def cog_load(self) -> None:
        """Put the entries into the menu of messages."""
        for menu in self._menus:
            self._bot.tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take them out again."""
        for menu in self._menus:
            self._bot.tree.remove_command(menu.name, type=menu.type)

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
            await replies.answer_openly(self._answers, interaction, question, self._note)
        else:
            await replies.answer_privately(self._answers, interaction, question)

    async def find_resources(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Answer what a message says, only visible to whoever chose it from the menu."""
        text = " ".join(message.content.split())
        if not text:
            raise RefusedError(texts.NO_TEXT)
        # What somebody else wrote is theirs: nothing of it is kept.
        own = message.author.id == interaction.user.id
        await replies.answer_privately(self._answers, interaction, text, follows=False, kept=own)

    async def who_shared(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Tell a moderator who shared an answer without their name."""
        worker, server_id = self._answers.worker, interaction.guild_id or 0
        if not await begin(worker, interaction):
            return
        if not await moderates_channel(worker, interaction):
            raise RefusedError(runtime_texts.MODERATORS_ONLY)
        user_id = await worker.db(lambda backend: backend.servers.cards.shared_by(server_id, message.id))
        text = texts.SHARED_BY_NOBODY if user_id is None else texts.SHARED_BY.format(member=f"<@{user_id}>")
        await interaction.edit_original_response(view=notice(text))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is meant for the assistant, and nothing else."""
        assert self._bot.user is not None  # noqa: S101 - messages come after the bot has logged in
        question = question_in(message, self._bot.user.id)
        if question is None:
            return
        try:
            if not await first_time(self._answers.worker, message.id):
                return
            if not question:
                language = await self._answers.worker.language(message.guild.id if message.guild else None)
                raise RefusedError(translated(texts.EMPTY_MENTION, language))
            await replies.reply(self._answers, message, question, self._note)
        except (RefusedError, QuestionError) as error:
            await self._say(message, str(error))
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
            await self._say(message, failed(error))

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Forget the card that was on a deleted message."""
        await self._answers.worker.db(lambda backend: backend.servers.cards.forget_message(event.message_id))

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


def question_in(message: discord.Message, me: int) -> str | None:
    """Return what a message asks: an empty text for a mention alone, `None` when it is not meant for the assistant.

    Meant for it are direct messages, messages that mention it, and messages in a thread that it started, unless they
    are meant for somebody else there. What two members say in the thread in which they were introduced never is.
    """
    if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
        return None
    if is_introduction(message.channel, me):
        return None
    text = re.sub(rf"<@!?{me}>", " ", message.content)
    mentioned = text != message.content
    if message.guild is None or mentioned:
        return " ".join(text.split())
    channel = message.channel
    if isinstance(channel, discord.Thread) and channel.owner_id == me and not _meant_for_others(message, me):
        # Without the intent for message content there is no text in it: then it is not ours to answer.
        return " ".join(text.split()) or None
    return None


def is_introduction(channel: object, me: int) -> bool:
    """Return whether a channel is a thread in which members were introduced: no other private thread is the bot's own.

    That holds also when the introduction is over and nothing is kept of it any more.
    """
    return isinstance(channel, discord.Thread) and channel.is_private() and channel.owner_id == me


def _meant_for_others(message: discord.Message, me: int) -> bool:
    if message.mentions or message.role_mentions or message.mention_everyone:
        return True
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id != me
