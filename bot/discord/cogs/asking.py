"""`/ask`: defer, ask the assistant off the event loop, show its answer."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord.cards import answer_card
from bot.texts import discord as texts
from knowledge.assistant import Assistant

LONGEST_QUESTION = 1000


class Asking(commands.Cog):
    """Questions by slash command."""

    def __init__(self, assistant: Callable[[], Awaitable[Assistant]]) -> None:
        self._assistant = assistant

    @app_commands.command(name="ask", description=texts.ASK)
    @app_commands.describe(question=texts.ASK_QUESTION, private=texts.ASK_PRIVATE)
    async def ask(
        self,
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, LONGEST_QUESTION],
        private: bool = True,
    ) -> None:
        """Answer a question, only visible to the asker unless they choose otherwise."""
        # Discord drops an interaction that hears nothing for three seconds: first of all, say that we are at it.
        await interaction.response.defer(ephemeral=private, thinking=True)
        assistant = await self._assistant()
        answer = await asyncio.to_thread(assistant.ask, question)
        message = await interaction.followup.send(embed=answer_card(answer), ephemeral=private, wait=True)
        if better := await asyncio.to_thread(assistant.written, answer):
            await message.edit(embed=answer_card(better))
