"""The buttons under an answer. Each looks up its card in the database, and acts once however often it is pressed."""

import aiohttp
import discord
from discord import ui

from bot.discord.ask import texts
from bot.discord.ask.answer_card import answer_view, joined
from bot.discord.ask.answers import AnswerCards
from bot.discord.ask.more import more_view
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Handler, Item, button, choice, notice
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import capitalised
from bot.discord.runtime.membership import moderates_channel
from knowledge.answering.stored import StoredAnswer
from knowledge.domain.vocabulary import FeedbackReason
from knowledge.servers.types import Card, FollowRequest


class AnswerButtons:
    """The handlers of the answer's buttons."""

    def __init__(self, answers: AnswerCards) -> None:
        self._answers = answers
        self._worker = answers.worker

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return each handler under its action's name."""
        return {
            "helpful": self.helpful,
            "unhelpful": self.unhelpful,
            "reason": self.reason,
            "more": self.more,
            "share": self.share,
            "tell": self.tell,
            "untell": self.untell,
            "dismiss": self.dismiss,
        }

    async def helpful(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Note that it helped."""
        if await begin(self._worker, interaction):
            await self._vote(interaction, card_id, helpful=True, reason=None)
            await interaction.edit_original_response(view=notice(texts.THANKS_HELPFUL))

    async def unhelpful(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Note that it did not help, and ask why not."""
        if await begin(self._worker, interaction):
            await self._vote(interaction, card_id, helpful=False, reason=None)
            view = notice(texts.WHY_NOT)
            view.add_item(ui.ActionRow(_reasons(card_id)))
            await interaction.edit_original_response(view=view)

    async def reason(self, interaction: discord.Interaction, card_id: str, values: list[str]) -> None:
        """Note why it did not help."""
        if await begin(self._worker, interaction, update=True):
            await self._vote(interaction, card_id, helpful=False, reason=FeedbackReason(values[0]))
            await interaction.edit_original_response(view=notice(texts.THANKS_NOT_HELPFUL))

    async def more(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Show what else there is on it."""
        if not await begin(self._worker, interaction):
            return
        stored = await self._stored(await self._card(interaction, card_id))
        await interaction.edit_original_response(view=await more_view(self._worker, interaction, stored))

    async def share(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Show a private answer to everybody in the channel, once."""
        if not await begin(self._worker, interaction):
            return
        card = await self._card(interaction, card_id)
        channel = where_they_write(interaction)
        shared = card.model_copy(update={"id": f"{card.id}.s", "shared": True, "channel_id": channel.id})
        stored = await self._stored(card)
        if not stored.answer.answered:
            raise RefusedError(texts.NOT_SHARED_UNANSWERED)
        # Kept before it is sent: of two quick presses only one finds it new.
        if not await self._answers.share(shared, interaction.user.id):
            raise RefusedError(texts.SHARED_ALREADY)
        view = answer_view(
            stored.answer,
            shared,
            self._worker.now().date(),
            heading=texts.ASKED_BY_A_MEMBER,
            note=joined(
                await self._answers.event_line(stored.answer, interaction.user.id),
                texts.NOT_THE_SAME if stored.changed else None,
            ),
            line=await self._answers.members_line(stored.answer, interaction.user.id),
        )
        try:
            # A message of our own: a reply to the press would show everybody who pressed.
            sent = await channel.send(view=view, nonce=f"s{interaction.id}")
        except (discord.HTTPException, aiohttp.ClientError):
            await self._worker.db(lambda backend: backend.servers.cards.remove(shared.id))  # it can be tried again
            raise
        await self._answers.keep(shared, interaction.user.id, sent.id)
        await interaction.edit_original_response(view=notice(texts.SHARED))

    async def tell(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Remember who wants to be told."""
        if not await begin(self._worker, interaction):
            return
        if await self._worker.db(lambda backend: backend.assistant.stored_answer(question_id)) is None:
            raise RefusedError(runtime_texts.NOT_KEPT)
        waiting = FollowRequest(question_id=question_id, recipient=str(interaction.user.id))
        new = await self._worker.db(lambda backend: backend.servers.follow_requests.wait(waiting, self._worker.now()))
        view = notice(texts.WILL_TELL if new else texts.TELLS_ALREADY)
        view.add_item(ui.ActionRow(_do_not_tell(question_id)))
        await interaction.edit_original_response(view=view)

    async def untell(self, interaction: discord.Interaction, question_id: str, _: list[str]) -> None:
        """Forget who wanted to be told."""
        if await begin(self._worker, interaction, update=True):
            waiting = FollowRequest(question_id=question_id, recipient=str(interaction.user.id))
            await self._worker.db(lambda backend: backend.servers.follow_requests.stop_waiting(waiting))
            await interaction.edit_original_response(view=notice(texts.WILL_NOT_TELL))

    async def dismiss(self, interaction: discord.Interaction, card_id: str, _: list[str]) -> None:
        """Take a shared answer away: its asker and moderators may."""
        if not await begin(self._worker, interaction, update=True):
            return
        user_id = interaction.user.id
        asked = await self._worker.db(lambda backend: backend.servers.cards.asked_by(card_id, user_id))
        if not asked and not await moderates_channel(self._worker, interaction):
            raise RefusedError(runtime_texts.NOT_YOURS_TO_DISMISS)
        await interaction.delete_original_response()
        if interaction.message is not None:
            message_id = interaction.message.id
            await self._worker.db(lambda backend: backend.servers.cards.forget_message(message_id))

    async def _card(self, interaction: discord.Interaction, card_id: str) -> Card:
        """Return the card, if this member may act on it."""
        user_id = interaction.user.id
        card = await self._worker.db(lambda backend: backend.servers.cards.card(card_id))
        if card is None or card.server_id != interaction.guild_id:
            raise RefusedError(runtime_texts.NOT_KEPT)
        if not card.shared and not await self._worker.db(
            lambda backend: backend.servers.cards.asked_by(card_id, user_id)
        ):
            raise RefusedError(texts.NOT_YOURS)
        return card

    async def _stored(self, card: Card) -> StoredAnswer:
        stored = await self._worker.db(lambda backend: backend.assistant.stored_answer(card.question_id))
        if stored is None:
            raise RefusedError(runtime_texts.NOT_KEPT)
        return stored

    async def _vote(
        self, interaction: discord.Interaction, card_id: str, *, helpful: bool, reason: FeedbackReason | None
    ) -> None:
        card = await self._card(interaction, card_id)
        voter = f"discord:{interaction.user.id}"
        kept = await self._worker.db(
            lambda backend: backend.assistant.feedback(card.question_id, voter, helpful=helpful, reason=reason)
        )
        if not kept:
            raise RefusedError(runtime_texts.NOT_KEPT)


def where_they_write(interaction: discord.Interaction) -> discord.PartialMessageable:
    """Return the channel of an interaction, if its member may write there themselves.

    Raises:
        RefusedError: They may not.
    """
    channel_id, may = interaction.channel_id, interaction.permissions
    thread = isinstance(interaction.channel, discord.Thread)
    writes = may.send_messages_in_threads if thread else may.send_messages
    if channel_id is None or not (writes and may.view_channel):
        raise RefusedError(texts.NOT_SHARED_HERE)
    return interaction.client.get_partial_messageable(channel_id)


def _reasons(card_id: str) -> Item:
    """Return the select of reasons why an answer did not help."""
    options = [discord.SelectOption(label=capitalised(reason.label), value=reason.value) for reason in FeedbackReason]
    return choice("reason", card_id, texts.WHY_NOT_CHOOSE, options)


def _do_not_tell(question_id: str) -> Item:
    """Take back "Tell me when there is an answer"."""
    return button("untell", question_id, texts.DO_NOT_TELL)
