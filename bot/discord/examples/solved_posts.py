"""Solved forum posts for moderators: a card in the review channel, and a button that asks for a draft of it.

Nothing of a post is kept: whoever wrote what solved it is asked first, as with "Save as example".
"""

import aiohttp
import discord
from discord import ui

from bot.discord.examples import texts
from bot.discord.examples.card_parts import layout
from bot.discord.examples.save_message import SaveMessage
from bot.discord.runtime.components import Handler, button
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.interactions import begin
from bot.discord.runtime.markdown import link
from bot.discord.runtime.outbox import Lane, MessageKind
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.outbox import Message, QueuedMessage, channel_recipient
from knowledge.servers.types import Post

KIND = "forum_solved"


def queue_solved(backend: Backend, server_id: int, thread_id: int, message_id: int | None, worker: Worker) -> bool:
    """Tell a server's moderators, once, that a post is solved; by which message, if it is known. In a transaction."""
    channel_id = backend.servers.reviews.review_channels().get(server_id)
    if channel_id is None or backend.servers.posts.post(server_id, thread_id) is None:
        return False
    data: dict[str, int] = {"server": server_id, "thread": thread_id, "message": message_id or thread_id}
    key = f"{KIND}:{thread_id}"  # solved twice, it is told of once
    message = Message(key=key, recipient=channel_recipient(channel_id), kind=KIND, data=data)
    return backend.library.outbox.add(message, worker.now())


class SolvedPosts:
    """The cards of solved posts and their button."""

    def __init__(self, client: discord.Client, worker: Worker, save_message: SaveMessage) -> None:
        self._client = client
        self._worker = worker
        self._save_message = save_message

    @property
    def kinds(self) -> dict[str, MessageKind]:
        """Return how the card is delivered."""
        return {KIND: MessageKind(self._card, lane=Lane.CHANNELS)}

    @property
    def handlers(self) -> dict[str, Handler]:
        """Return the handler of its button."""
        return {"solved_draft": self._ask_for_draft}

    async def _card(self, queued: QueuedMessage) -> ui.LayoutView | None:
        """Return the card; nothing where the post is gone by now, or is not marked as solved any more."""
        data = queued.message.data
        server_id, thread_id, message_id = int(data["server"]), int(data["thread"]), int(data["message"])
        post = await self._worker.db(lambda backend: backend.servers.posts.post(server_id, thread_id))
        if post is None or (message_id != thread_id and post.solved_message_id is None):
            return None
        address = link(post.title, _address(post))
        if post.solved_message_id is None:  # whoever asked has no example to give
            return layout(texts.SOLVED_BY_TAG.format(post=address))
        key = f"{thread_id}:{post.solved_message_id}"
        ask = button("solved_draft", key, texts.SOLVED_DRAFT, discord.ButtonStyle.primary)
        return layout(texts.SOLVED_POST.format(post=address), [ask])

    async def _ask_for_draft(self, interaction: discord.Interaction, key: str, _: list[str]) -> None:
        if not await begin(self._worker, interaction):
            return
        thread_id, message_id = key.split(":")
        if message_id == thread_id:  # a card from before: it would ask whoever asked the question
            raise RefusedError(texts.SOLVED_UNKNOWN)
        channel = self._client.get_partial_messageable(int(thread_id))
        try:
            message = await channel.fetch_message(int(message_id))
        except discord.HTTPException as error:
            if error.status >= 500:
                raise aiohttp.ClientError(str(error)) from error
            raise RefusedError(texts.SOLVED_GONE) from error
        await self._save_message.ask(interaction, message)


def _address(post: Post) -> str:
    return f"https://discord.com/channels/{post.server_id}/{post.thread_id}/{post.solved_message_id or post.thread_id}"
