"""Receives questions: `/ask`, the menu of a message, mentions, direct messages, and threads that the bot started."""

import logging

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.ask import replies, texts
from bot.discord.ask.answers import LONGEST_QUESTION, AnswerCards, without_mentions
from bot.discord.ask.mentions import mentions_role, points_at_reply, question_in, replied_to
from bot.discord.ask.question_edits import QuestionEdits
from bot.discord.runtime.components import notice
from bot.discord.runtime.errors import RefusedError, failed
from bot.discord.runtime.interactions import begin, first_time
from bot.discord.runtime.membership import Membership
from bot.texts.languages import translated
from knowledge.domain.library import Noun
from knowledge.errors import QuestionError

_log = logging.getLogger(__name__)


class MessageQuestion(Noun):
    """A message's question in the end. `quietly`: it points at somebody else's words, which are not kept."""

    question: str
    quietly: bool = False


class AskCog(commands.Cog):
    """Questions, wherever they are asked."""

    def __init__(self, bot: commands.Bot, answers: AnswerCards, edits: QuestionEdits, membership: Membership) -> None:
        self._bot = bot
        self._membership = membership
        self._answers = answers
        self._edits = edits
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
        await replies.answer_privately(self._answers, interaction, text, follows=False, quietly=not own)

    async def who_shared(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Tell a moderator who shared an answer without their name."""
        worker, server_id = self._answers.worker, interaction.guild_id or 0
        if not await begin(worker, interaction):
            return
        user_id = await worker.db(lambda backend: backend.servers.cards.shared_by(server_id, message.id))
        text = texts.SHARED_BY_NOBODY if user_id is None else texts.SHARED_BY.format(member=f"<@{user_id}>")
        await interaction.edit_original_response(view=notice(text))

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Answer what is meant for the assistant, and nothing else."""
        question = question_in(message, self._me)
        if question is None:
            return
        async with self._edits.turn(message.id):
            try:
                if not await first_time(self._answers.worker, message.id):
                    return
            except RefusedError as error:
                await self._say(message, str(error))
                return
            except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
                await self._say(message, failed(error))
                return
            await self._answer(message, question)

    @commands.Cog.listener()
    async def on_raw_message_edit(self, event: discord.RawMessageUpdateEvent) -> None:
        """Answer anew what was edited; take the answer away where it is not meant for the assistant any more."""
        message = event.message
        # Discord also tells of an edit where it has only added a preview.
        if message.edited_at is None or message.author.bot:
            return
        question = question_in(message, self._me)
        async with self._edits.turn(message.id):
            shown = await self._edits.shown(message)
            if shown is None:
                # Not answered before: a mention that was put in now counts, while the message is fresh.
                if question is not None and self._edits.is_fresh(message):
                    await self._answer(message, question)
            elif question is None:
                await self._edits.remove(message.id)
            elif without_mentions(question)[:LONGEST_QUESTION] != (shown.question or "")[:LONGEST_QUESTION]:
                await self._edits.replace(message.id)
                await self._answer(message, question, shown.message)

    @commands.Cog.listener()
    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        """Take away the answer to a deleted message; forget the card that was on one."""
        async with self._edits.turn(event.message_id):
            await self._edits.remove(event.message_id)
        await self._answers.worker.db(lambda backend: backend.servers.cards.forget_message(event.message_id))

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        """Do so for each of many."""
        for message_id in event.message_ids:
            async with self._edits.turn(message_id):
                await self._edits.remove(message_id)
            await self._answers.worker.db(lambda backend: backend.servers.cards.forget_message(message_id))  # noqa: B023

    @property
    def _me(self) -> int:
        assert self._bot.user is not None  # noqa: S101 - messages come after the bot has logged in
        return self._bot.user.id

    @property
    def _note(self) -> str:
        return replies.note_for(reads_messages=self._bot.intents.message_content)

    async def _answer(
        self, message: discord.Message, question: str, before: discord.PartialMessage | None = None
    ) -> None:
        """Answer a message, in the place of the answer before it if there is one; an error becomes the answer."""
        try:
            await self._membership.admit(message.guild.id if message.guild else None, message.author.id)
            asked = await self._asked(message, question)
            if before is None:
                sent = await replies.reply(self._answers, message, asked.question, self._note, quietly=asked.quietly)
            else:
                note = self._note if before.channel.id != message.channel.id else None
                sent = await replies.answer_anew(
                    self._answers, message, asked.question, before, note, quietly=asked.quietly
                )
            self._edits.note(message.id, without_mentions(question), sent)
        except (RefusedError, QuestionError) as error:
            await self._say(message, str(error), before)
        except Exception as error:  # noqa: BLE001 - whoever asked must hear of it, whatever it is
            await self._say(message, failed(error), before)

    async def _asked(self, message: discord.Message, question: str) -> MessageQuestion:
        """Return the question of a message: its own, or that of the message at which it points.

        Raises:
            RefusedError: There is none, or not for the assistant to see; the message says what to do.
        """
        if points_at_reply(question):
            about = await replied_to(message)
            if about is not None and about.author.id != self._me:
                text = question_in(about, self._me) or " ".join(about.content.split())
                if not text:
                    raise RefusedError(texts.REPLY_NOT_SEEN.format(menu=texts.FIND_RESOURCES))
                return MessageQuestion(question=text, quietly=about.author.id != message.author.id)
        if not question and not message.content and mentions_role(message):
            raise RefusedError(texts.ROLE_MENTION)
        if not question:
            language = await self._answers.worker.language(message.guild.id if message.guild else None)
            raise RefusedError(translated(texts.EMPTY_MENTION, language))
        return MessageQuestion(question=question)

    async def _say(self, message: discord.Message, text: str, before: discord.PartialMessage | None = None) -> None:
        try:
            if before is not None:
                await before.edit(view=notice(text))
                return
            sent = await message.channel.send(
                view=notice(text),
                reference=message.to_reference(fail_if_not_exists=False),
                mention_author=False,
                nonce=f"e{message.id}",
            )
        except (discord.HTTPException, aiohttp.ClientError) as error:
            _log.warning("a member could not be answered in channel %s (%s)", message.channel.id, error)
        else:
            self._edits.note(message.id, None, sent)
