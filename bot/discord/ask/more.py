"""The reply to "More": the quote in its document, what else the library holds, and similar discussions in forums."""

import discord
from discord import ui

from bot.discord.ask import texts
from bot.discord.ask.answer_card import quoted
from bot.discord.forums import texts as forum_texts
from bot.discord.forums.discussions import similar_threads
from bot.discord.forums.posts import may_see, post_line
from bot.discord.runtime.components import left_out, link_rows, notice, within
from bot.discord.runtime.markdown import cut, fitting, link, safe
from bot.discord.runtime.worker import Worker
from bot.texts.sources import source_details, source_title
from knowledge.answering.in_document import DocumentPassage, lead_citation
from knowledge.answering.stored import StoredAnswer
from knowledge.domain.library import SearchResult
from knowledge.servers.types import Post

_READ = 15
_MOST_RESULTS = 5
_MOST_TEXT = 3500
_MOST_PASSAGE = 2000
_LIST_MARK = "- "
_ELLIPSIS = "…"


async def more_view(worker: Worker, interaction: discord.Interaction, stored: StoredAnswer) -> ui.LayoutView:
    """Return the message, for the member who pressed: of discussions only those in forums that they can see."""
    cited = {citation.document_id for citation in stored.answer.citations}
    question = stored.answer.understood or stored.answer.question
    found = await worker.model(lambda backend: backend.assistant.search(question, _READ).results)
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
    shown = within(lines, _MOST_TEXT)
    view = notice("\n".join(shown))
    for row in link_rows(left_out(lines, shown)):
        view.add_item(row)
    return view


async def _around(worker: Worker, stored: StoredAnswer) -> list[str]:
    """Return the passage that answers, where it stands in its document."""
    citation = lead_citation(stored.answer)
    if citation is None:
        return []
    passage = await worker.db(lambda backend: backend.assistant.passage_in_document(citation))
    if passage is None:
        return []
    shown = quoted(fitting(passage_text(passage).split("\n"), _MOST_PASSAGE))
    return [f"### {texts.IN_ITS_DOCUMENT}", link(source_title(citation), citation.url), shown]


async def _posts(worker: Worker, interaction: discord.Interaction, question: str) -> list[Post]:
    guild, member = interaction.guild, interaction.user
    if guild is None or not isinstance(member, discord.Member):
        return []
    server_id = guild.id
    threads = await worker.model(lambda backend: similar_threads(backend.library, server_id, question))
    posts = await worker.db(lambda backend: [backend.servers.posts.post(server_id, thread_id) for thread_id in threads])
    return [post for post in posts if post is not None and may_see(guild, member, post)]


def _result(result: SearchResult) -> str:
    details = f"-# {safe(source_details(result))}"
    return f"- {link(source_title(result), result.url)}\n{safe(cut(result.text, 240))}\n{details}"


def passage_text(passage: DocumentPassage) -> str:
    """Return the stretch as Markdown, with an ellipsis where it begins or ends inside a section."""
    text = ""
    opening = f"{_ELLIPSIS} " if passage.begins_inside else ""
    for part in passage.parts:
        if part.heading:
            text = f"{text.rstrip()}\n\n-# {safe(part.text)}\n".lstrip()
            continue
        for number, line in enumerate(part.text.split("\n")):
            text += "\n" if number else ""
            begins = not text or text.endswith("\n")
            text += _line(line, opening, begins=begins, quoted=part.quoted)
            opening = "" if line.strip(" -") else opening
    return text.strip() + (f" {_ELLIPSIS}" if passage.ends_inside else "")


def _line(line: str, opening: str, *, begins: bool, quoted: bool) -> str:
    """Return a line, or a part of one, with a space at either end where it has one there."""
    mark = _LIST_MARK if begins and line.startswith(_LIST_MARK) else ""
    line = line.removeprefix(mark)
    if not line.strip():
        return mark or ("" if begins else " " * bool(line))
    before, after = " " * (line[0].isspace() and not begins), " " * line[-1].isspace()
    shown = f"**{safe(line)}**" if quoted else safe(line)
    return f"{mark}{opening}{before}{shown}{after}"
