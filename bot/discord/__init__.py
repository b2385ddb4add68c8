"""The assistant in Discord."""

from bot.discord.client import create_bot

__all__ = ["create_bot"]
