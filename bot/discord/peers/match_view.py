"""Matches as a member reads them: who, why, a button to ask to meet; and how many there are."""

import logging
import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from discord import ButtonStyle, ui

from bot.discord.browse.events import next_event_line
from bot.discord.peers import texts
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Item, button, page_view
from bot.discord.runtime.markdown import cut, fitting, link, safe, safe_cut
from bot.discord.runtime.worker import Backend, Worker
from knowledge.domain.library import Answer
from knowledge.domain.members import Match, Matches, Profile, Search
from knowledge.errors import HalnError
from knowledge.guidance.related import Related, people_on
from knowledge.matching.wording import counted

ON_A_PAGE = 3
_MOST_MATCH = 900
_MOST_REASON = 350
_MOST_LINE = 300
_MOST_TITLE, _MOST_ADDRESS = 70, 120
_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class Listed(NamedTuple):
    """Matches, and by member the handle that stands for them in this list: a button's key must name nobody.

    `related` are the resources and the next event that fit the same.
    """

    matches: Matches
    handles: Mapping[str, str]
    related: Related = Related()


def match_view(listed: Listed, search: Search, page: int, *, heading: str, waits: bool, thin: bool) -> ui.LayoutView:
    """Return one page of those who fit. Who only comes near is shown where nobody could say what would fit (`thin`)."""
    found = listed.matches
    fitting_ones = [match for match in found.matches if match.fits]
    shown = fitting_ones or (list(found.matches) if thin else [])
    lines = [f"### {heading}"]
    if search.topic:
        lines.append(f"> {safe(cut(search.topic, _MOST_LINE))}")
    if found.note:
        lines.append(found.note)
    if not fitting_ones and not waits:
        lines.append(texts.CAN_BE_TOLD)
    if not shown:
        lines += _beside(listed.related)
        return page_view("\n".join(lines), _tell(waits=waits))
    if not fitting_ones:
        lines.append(texts.NEAREST)
    pages = math.ceil(len(shown) / ON_A_PAGE)
    page = min(max(page, 0), pages - 1)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("\n".join(lines)))
    for match in shown[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]:
        view.add_item(ui.Container(ui.TextDisplay(_match_text(match))))
        view.add_item(
            ui.ActionRow(
                button("peers_ask", f"{search.id}:{listed.handles[match.member_id]}", texts.ASK, ButtonStyle.primary)
            )
        )
    where = texts.PAGE.format(page=page + 1, pages=pages, total=len(shown))
    view.add_item(ui.TextDisplay("\n".join([*_beside(listed.related), f"-# {where}"])))
    view.add_item(ui.ActionRow(*_turning(search, page, pages), _tell(waits=waits)))
    return view


def person(profile: Profile | Match) -> str:
    """Return who somebody is, in a line: name, role, organisation, sector and nation, as far as they said."""
    parts = [profile.display_name, profile.role, profile.organisation]
    parts += [term.label for term in (profile.sector, profile.nation) if term]
    said = [safe_cut(part, 120) for part in parts if part]
    return f"**{said[0]}**" + "".join(f" · {part}" for part in said[1:]) if said else f"**{texts.ONE_MEMBER}**"


def name_of(profile: Profile) -> str:
    """Return what somebody is called in a sentence."""
    return safe_cut(profile.display_name or profile.role or texts.SOMEBODY, 100)


def name_first(profile: Profile) -> str:
    """Return what somebody is called at the beginning of a sentence."""
    return safe_cut(profile.display_name or profile.role or texts.SOMEBODY_FIRST, 100)


def _match_text(match: Match) -> str:
    lines: list[str] = [person(match)]
    lines += [f"- {safe_cut(reason, _MOST_REASON)}" for reason in match.reasons]
    if match.mutual:
        lines.append(f"- {texts.MUTUAL}")
    return fitting(lines, _MOST_MATCH)


def _beside(related: Related) -> list[str]:
    """Return the resources that fit the same in a line, and the next event in another."""
    short = [link(cut(one.metadata.title, _MOST_TITLE), _short(one.metadata.url)) for one in related.resources]
    resources = [f"{texts.RESOURCES_TOO} {' · '.join(short)}"] if short else []
    return [*resources, *([next_event_line(related.event.metadata)] if related.event is not None else [])]


def _short(url: str | None) -> str | None:
    return url if url is not None and len(url) <= _MOST_ADDRESS else None


def _turning(search: Search, page: int, pages: int) -> Sequence[Item]:
    if pages == 1:
        return ()
    return (
        button("peers_back", f"{search.id}:{page - 1}", runtime_texts.PREVIOUS, disabled=page == 0),
        button("peers_on", f"{search.id}:{page + 1}", runtime_texts.NEXT, disabled=page == pages - 1),
    )


def _tell(*, waits: bool) -> Item:
    return button("peers_untell", "", texts.DO_NOT_TELL) if waits else button("peers_tell", "", texts.TELL_ME)


class MatchCounts:
    """Counts members for answers."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    async def line(self, answer: Answer, reader_id: int) -> str | None:
        """Return how many members may help with what was asked, and how many shared what is cited; never the reader.

        `None` where there are none. A failure costs the line, not the answer.
        """
        reader = str(reader_id)
        cited = {citation.document_id for citation in answer.citations}

        def count(backend: Backend) -> tuple[int, int]:
            working = people_on(backend.peers, answer, reader)
            return working, backend.examples.members_behind(cited, reader) if cited else 0

        working, shared = await self._counted(count) or (0, 0)
        parts = [
            text.format(count=counted(number, "member"))
            for text, number in ((texts.WORK_ON_THIS, working), (texts.SHARED_THIS, shared))
            if number
        ]
        return "; ".join(parts) or None

    async def under_post(self, text: str, author_id: int) -> str | None:
        """Return how many members may help with a forum post, never its author, and how to see who; as `line` does."""
        working = await self._counted(lambda backend: backend.peers.count_on(text, str(author_id)))
        return texts.WORK_ON_POST.format(count=counted(working, "member")) if working else None

    async def _counted(self, count: Callable[[Backend], _T]) -> _T | None:
        try:
            return await self._worker.slow(count)
        except HalnError as error:
            _log.warning("the members who work on an answer could not be counted: %s", error)
            return None


def show_them(card_id: str) -> Item:
    """Return the button that shows those members to whoever presses it, and to nobody else."""
    return button("peers_on_answer", card_id, texts.SHOW_THEM)
