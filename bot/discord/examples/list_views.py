"""`/queue` and `/my-examples`: lists of examples, a page at a time, and one of one's own."""

import math
from collections.abc import Mapping, Sequence

import discord
from discord import ui

from bot.discord.examples import render, texts
from bot.discord.examples.card_parts import MOST_TEXT, layout
from bot.discord.examples.draft_card import capital_state, credit_choice
from bot.discord.examples.review_card import who
from bot.discord.examples.review_messages import for_days
from bot.discord.examples.service import EDITABLE
from bot.discord.runtime import texts as runtime_texts
from bot.discord.runtime.components import Item, button, choice
from bot.discord.runtime.markdown import capitalised, cut, safe
from knowledge.domain.examples import State
from knowledge.examples.views import ExampleView

ON_A_PAGE = 8
_MOST_TITLE = 120


def queue_view(waiting: Sequence[ExampleView], cards: Mapping[str, str], page: int) -> ui.LayoutView:
    """Return a page of what waits, the oldest first; `cards` has the link to each one's card where there is one."""
    if not waiting:
        return layout(texts.QUEUE_EMPTY)
    lines = [f"### {texts.QUEUE_TITLE.format(number=len(waiting))}"]
    shown, page, pages = _page(waiting, page)
    for view in shown:
        days = view.waiting_days
        facts = [texts.WAITS.format(days=for_days(days)) if days else texts.WAITS_TODAY, view.state.label]
        if view.claimed_by and view.state is State.IN_REVIEW:
            facts.append(texts.CLAIMED.format(moderator=who(view.claimed_by)).rstrip("."))
        facts.append(safe(view.credited_to))
        if view.id in cards:
            facts.append(f"[{texts.CARD_LINK}](<{cards[view.id]}>)")
        lines.append(f"**{safe(cut(view.title, _MOST_TITLE))}**\n-# {' · '.join(facts)}")
    select = choice("review_open", "", texts.QUEUE_CHOOSE, _options(shown))
    return layout("\n".join(lines), *_turning("queue", page, pages), select)


def mine_view(given: Sequence[ExampleView], page: int) -> ui.LayoutView:
    """Return a page of what a member gave, the newest first."""
    if not given:
        return layout(texts.MINE_NONE)
    lines = [f"### {texts.MINE_TITLE}"]
    shown, page, pages = _page(given, page)
    for view in shown:
        title = f"**{safe(cut(view.title, _MOST_TITLE))}**"
        lines.append(texts.MINE_LINE.format(title=title, state=texts.STATES[view.state], used=used(view)))
    select = choice("mine_open", "", texts.MINE_CHOOSE, _options(shown))
    return layout("\n".join(lines), *_turning("mine", page, pages), select)


def own_view(view: ExampleView) -> ui.LayoutView:
    """Return one of a member's own: how far it is, what the moderators said, how it looks, and what can be done."""
    key = view.id
    so_far = used(view).removeprefix(", ")
    head = [f"### {texts.CARD_TITLE}", f"{capital_state(view)} {capitalised(so_far)}{'.' * bool(so_far)}".strip()]
    reason = next((event.reason for event in reversed(view.audit) if event.reason), None)
    if reason and view.state in (State.CHANGES_REQUESTED, State.DECLINED, State.WITHDRAWN):
        head.append(texts.LAST_REASON.format(reason=safe(reason)))
    text = "\n".join(head)
    buttons: list[Item] = []
    if view.state in EDITABLE:
        label = texts.GO_ON_BUTTON if view.state is State.DRAFT else texts.EDIT
        buttons.append(button("example_open", key, label, discord.ButtonStyle.primary))
    buttons.append(button("example_read", f"{key}:0", texts.READ))
    if view.state is State.PUBLISHED:
        buttons.append(button("example_holds", key, texts.HOLDS))
    if view.state is State.DRAFT:
        buttons.append(button("example_discard", key, texts.DISCARD, discord.ButtonStyle.danger))
    elif view.state is not State.WITHDRAWN:
        buttons.append(button("example_withdraw", key, texts.WITHDRAW, discord.ButtonStyle.danger))
    buttons.append(button("mine_back", "0", texts.BACK))
    published = view.state in (State.APPROVED, State.PUBLISHED)
    return layout(
        text,
        render.shortened(view, MOST_TEXT - len(text) - 40) if view.what else None,
        credit_choice(key, view.credit) if published else None,
        [button("example_edit_details", key, texts.EDIT_DETAILS)] if published else None,
        buttons,
    )


def used(view: ExampleView) -> str:
    """Return in how many answers an example was used this month; empty for none."""
    number = view.answers_this_month or 0
    if number == 1:
        return texts.USED_ONCE
    return texts.USED.format(answers=number) if number else ""


def _page(views: Sequence[ExampleView], page: int) -> tuple[Sequence[ExampleView], int, int]:
    pages = math.ceil(len(views) / ON_A_PAGE)
    page = min(max(page, 0), pages - 1)
    return views[page * ON_A_PAGE : (page + 1) * ON_A_PAGE], page, pages


def _turning(name: str, page: int, pages: int) -> tuple[str | list[Item], ...]:
    if pages == 1:
        return ()
    back = button(f"{name}_back", str(page - 1), runtime_texts.PREVIOUS, disabled=page == 0)
    on = button(f"{name}_on", str(page + 1), runtime_texts.NEXT, disabled=page == pages - 1)
    return f"-# {texts.PAGE.format(page=page + 1, pages=pages)}", [back, on]


def _options(views: Sequence[ExampleView]) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(
            label=cut(" ".join(view.title.split()), 100) or view.id, description=view.id, value=view.id
        )
        for view in views
    ]
