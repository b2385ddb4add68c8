"""The buttons under an answer. What they do is in `bot.discord.ask.answer_buttons`."""

import discord

from bot.discord.peers import texts as peer_texts
from bot.discord.runtime import texts
from bot.discord.runtime.components import Item, button, choice
from knowledge.domain.library import Answer
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.servers.types import Card


def answer_buttons(answer: Answer, card: Card) -> list[Item]:
    """At most five: what this member, or everybody on a shared card, can do with this answer."""
    found = [
        button("helpful", card.id, texts.HELPFUL, discord.ButtonStyle.success),
        button("unhelpful", card.id, texts.NOT_HELPFUL),
    ]
    if answer.answered:
        found.append(button("more", card.id, texts.MORE))
    else:
        found.append(button("tell", card.question_id, texts.TELL_ME, discord.ButtonStyle.primary))
    # Under an answer as well: somebody who has done it knows more than what was written down.
    found.append(button("ask_peer", card.question_id, peer_texts.ASK_A_PEER))
    if card.shared:
        found.append(button("dismiss", card.id, texts.DISMISS))
    elif card.server_id is not None:
        found.append(button("share", card.id, texts.SHARE))
    return found


def reasons(card_id: str) -> Item:
    """Why an answer did not help."""
    options = [discord.SelectOption(label=reason.label.capitalize(), value=reason.value) for reason in FeedbackReason]
    return choice("reason", card_id, texts.WHY_NOT_CHOOSE, options)


def do_not_tell(question_id: str) -> Item:
    """Take back "Tell me when there is an answer"."""
    return button("untell", question_id, texts.DO_NOT_TELL)
