"""Messages for later: to authors by direct message, and to moderators in the review channel."""

from datetime import date

import discord
from discord import ui

from bot.discord.examples import texts
from bot.discord.examples.card_parts import layout
from bot.discord.runtime.components import Item, button
from bot.discord.runtime.markdown import cut, safe
from knowledge.domain.outbox import Message
from knowledge.examples import messages

TO_AUTHORS = (
    messages.CHANGES_REQUESTED,
    messages.DECLINED,
    messages.MERGED,
    messages.PUBLISHED,
    messages.TAKEN_DOWN,
    messages.CORRECTED,
    messages.APPLIED,
    messages.STILL_HOLDS,
    messages.HELPED,
)
ASK = "example.ask"
_MOST_REASON = 1500


def to_author(message: Message) -> ui.LayoutView:
    """Return the direct message to an author."""
    key = str(message.data["example"])
    title = safe(cut(str(message.data["title"]), 150))
    if message.kind == messages.HELPED:
        return layout(_helped(message, title), [button("example_own", key, texts.SEE)])
    reason = safe(cut(str(message.data.get("reason") or ""), _MOST_REASON))
    told = texts.TOLD | (texts.TOLD_OF_CORRECTIONS if message.data.get("corrects") else {})
    text = told[message.kind].format(title=title, reason=reason)
    return layout(text, _buttons(message.kind, key))


def ask_author(request_id: str, url: str) -> ui.LayoutView:
    """Return whether a member agrees that a message of theirs becomes an example."""
    return layout(
        texts.ASK.format(url=url),
        [
            button("save_agree", request_id, texts.AGREE, discord.ButtonStyle.primary),
            button("save_refuse", request_id, texts.REFUSE),
            button("save_never", request_id, texts.NEVER_ASK),
        ],
    )


def reminder(waiting: int, days: int) -> ui.LayoutView:
    """Return that examples wait for moderators."""
    text = texts.QUEUE_REMINDER_ONE if waiting == 1 else texts.QUEUE_REMINDER
    return layout(text.format(number=waiting, days=for_days(days)))


def moved(channel_id: int) -> ui.LayoutView:
    """Return where moderators look at an example now, in the place of its card in an earlier review channel."""
    return layout(texts.CARD_MOVED.format(channel=f"<#{channel_id}>"))


def for_days(number: int) -> str:
    """Return how long something has waited: "1 day" or "3 days"."""
    return texts.DAY if number == 1 else texts.DAYS.format(number=number)


def _helped(message: Message, title: str) -> str:
    number = int(message.data["answers"] or 0)
    times = texts.ANSWER if number == 1 else texts.ANSWERS.format(number=number)
    month = str(message.data["month"])
    if month == "first":
        return texts.HELPED_FIRST.format(title=title, times=times)
    return texts.HELPED_MONTH.format(
        title=title, times=times, month=date.fromisoformat(f"{month}-01").strftime("%B %Y")
    )


def _buttons(kind: str, key: str) -> list[Item]:
    withdraw = button("example_withdraw", key, texts.WITHDRAW, discord.ButtonStyle.danger)
    if kind == messages.CHANGES_REQUESTED:
        return [button("example_open", key, texts.EDIT, discord.ButtonStyle.primary), withdraw]
    if kind == messages.STILL_HOLDS:
        return [button("example_holds", key, texts.HOLDS, discord.ButtonStyle.primary), withdraw]
    return [button("example_own", key, texts.SEE)]
