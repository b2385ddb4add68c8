"""Rules about the first response to an interaction."""

from tests.bot.discord_rules.components import modal_faults
from tests.bot.discord_rules.messages import message_faults

MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9


def callback_faults(body):
    """What Discord would refuse in a callback."""
    kind, data = body["type"], body.get("data") or {}
    if kind == MESSAGE:
        return message_faults(data, creates=True)
    if kind == UPDATE:
        return message_faults(data, creates=False)
    if kind == MODAL:
        return modal_faults(data)
    if kind == CHOICES:
        choices = data.get("choices", [])
        found = [f"{len(choices)} choices"] if len(choices) > 25 else []
        for choice in choices:
            if not 1 <= len(choice["name"]) <= 100 or not 1 <= len(str(choice["value"])) <= 100:
                found.append(f"the choice {choice!r:.80}")
        return found
    if kind == DEFER:
        return [] if set(data) <= {"flags"} else ["a deferral carries nothing but flags"]
    return [] if kind == DEFER_UPDATE else [f"a callback of type {kind}"]
