"""`haln examples ...`: giving, reviewing, handing on. One module a side."""

from bot.commands.examples import giving, keeping, reviewing
from bot.commands.examples.group import app

__all__ = ["app", "giving", "keeping", "reviewing"]
