"""`haln examples ...`: giving, reviewing, handing on. One module a side."""

from bot.commands.examples import author, maintenance, moderator  # they add their commands
from bot.commands.examples.group import app

__all__ = ["app", "author", "maintenance", "moderator"]
