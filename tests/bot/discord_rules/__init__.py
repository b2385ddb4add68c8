"""What Discord accepts: its own description of the API where that is at hand, and the rules that it leaves out."""

from tests.bot.discord_rules.commands import command_faults
from tests.bot.discord_rules.description import Description
from tests.bot.discord_rules.interactions import callback_faults
from tests.bot.discord_rules.messages import message_faults
from tests.bot.discord_rules.threads import thread_faults

__all__ = ["Description", "faults"]


def faults(description, request):
    """Everything that Discord would refuse in a request (`method`, `path`, `json`), one line each."""
    method, path, body = request.method, request.path, request.json
    found = description.faults(method, path, body) if description else []
    parts = path.strip("/").split("/")
    if parts[0] == "applications" and "commands" in parts and method in ("PUT", "POST"):
        found += command_faults(body if isinstance(body, list) else [body])
    elif parts[0] == "interactions" and parts[-1] == "callback":
        found += callback_faults(body)
    elif parts[-1] == "threads" and method == "POST":
        found += thread_faults(body)
    elif _is_message(parts) and method in ("POST", "PATCH"):
        found += message_faults(body, creates=method == "POST")
    return [f"{method} {path}: {fault}" for fault in found]


def _is_message(parts):
    in_channel = parts[0] == "channels" and parts[2:3] == ["messages"] and len(parts) <= 4
    return in_channel or (parts[0] == "webhooks" and (len(parts) == 3 or parts[3:4] == ["messages"]))
