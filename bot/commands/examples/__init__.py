"""`haln examples ...`: giving, reviewing, handing on. One module a side."""

from bot.commands.examples import author, maintenance, moderator  # noqa: F401 - they add their commands to the group
from bot.commands.examples.group import app

__all__ = ["app", "giving", "keeping", "reviewing"]
