"""Commands' names and descriptions in the languages that Discord's own app speaks, from the same catalogues."""

import discord
from discord import app_commands

from bot.texts.languages import translated


class CatalogueTranslator(app_commands.Translator):
    """Looks texts up under Discord's code of the member's language. Discord has none for Welsh; `/help` has Welsh."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, _: app_commands.TranslationContextTypes
    ) -> str | None:
        """The text in that language, or `None` where there is none."""
        found = translated(string.message, locale.value)
        return found if found != string.message else None
