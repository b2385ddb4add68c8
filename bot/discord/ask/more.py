"""What "More" shows: the quote in its document, what else the library holds, and similar discussions in the forums."""

import discord
from discord import ui

from bot.discord.ask.document_passage import passage_text
from bot.discord.ask.passages import quoted
from bot.discord.forums import texts as forum_texts
from bot.discord.forums.discussions import similar_threads
from bot.discord.forums.posts import may_see, post_line
from bot.discord.runtime import texts
from bot.discord.runtime.interactions import notice
from bot.discord.runtime.markdown import cut, fitting, link, safe
from bot.discord.runtime.worker import Worker
from bot.texts.sources import source_details, source_title
from knowledge.answering.in_document import lead_citation
from knowledge.answering.stored import StoredAnswer
from knowledge.domain.library import SearchResult
from knowledge.servers.types import Post

_READ = 15
_MOST_RESULTS = 5
_MOST_TEXT = 3500
_MOST_PASSAGE = 2000


async def more_view(worker: Worker, interaction: discord.Interaction, stored: StoredAnswer) -> ui.LayoutView:
    """The message, for the member who pressed: of discussions only those in forums that they can see."""
    cited = {citation.document_id for citation in stored.answer.citations}
    question = stored.answer.understood or stored.answer.question
    found = await worker.ask(lambda assistant: assistant.search(question, _READ).results)
    by_document = {result.document_id: result for result in reversed(found) if result.document_id not in cited}
    best = sorted(by_document.values(), key=lambda result: result.rank)[:_MOST_RESULTS]
    posts = await _posts(worker, interaction, question)
    around = await _around(worker, stored)
    if not best and not posts and not around:
        return notice(texts.NOTHING_MORE)
    lines = [*around]
    lines += [f"### {texts.MORE_TITLE}", *(_result(result) for result in best)] if best else []
    if posts:
        lines += [f"### {forum_texts.SIMILAR}", *(post_line(post) for post in posts)]
    return notice(fitting(lines, _MOST_TEXT))


async def _around(worker: Worker, stored: StoredAnswer) -> list[str]:
    """The passage that answers, where it stands in its document."""
    citation = lead_citation(stored.answer)
    if citation is None:
        return []
    assistant = await worker.assistant()
    passage = await worker.read(lambda _: assistant.passage_in_document(citation))
    if passage is None:
        return []
    shown = quoted(fitting(passage_text(passage).split("\n"), _MOST_PASSAGE))
    return [f"### {texts.IN_ITS_DOCUMENT}", link(source_title(citation), citation.url), shown]


async def _posts(worker: Worker, interaction: discord.Interaction, question: str) -> list[Post]:
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return []
    library, server_id = await worker.library(), guild.id
    threads = await worker.ask(lambda _: similar_threads(library, server_id, question))
    posts = await worker.read(lambda lib: [lib.servers.posts.post(server_id, thread_id) for thread_id in threads])
    return [post for post in posts if post is not None and may_see(guild, member, post)]


def _result(result: SearchResult) -> str:
    details = f"-# {safe(source_details(result))}"
    return f"- {link(source_title(result), result.url)}\n{safe(cut(result.text, 240))}\n{details}"
