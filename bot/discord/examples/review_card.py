"""The moderators' view of an example: the card with its buttons, the tags, and the choice of what it repeats."""

from collections.abc import Sequence
from datetime import datetime

import discord
from discord import ui

from bot.discord.examples import render, texts
from bot.discord.examples.card_parts import (
    MOST_TEXT,
    ExamplePreview,
    duplicate_lines,
    layout,
    reading_buttons,
    tags_of,
    term_choice,
)
from bot.discord.runtime.components import Item, button, choice, within
from bot.discord.runtime.markdown import capitalised, cut, safe
from knowledge.domain.examples import Action, State
from knowledge.domain.vocabulary import Credit, Level, Nation, Outcome, Pillar, Term
from knowledge.examples.period import spoken_period
from knowledge.examples.views import EventView, ExampleView

_MOST_HEAD = 1100
_MOST_FOUND = 900
_SHOWN_EVENTS = 3
_WAITING = (State.SUBMITTED, State.IN_REVIEW)
_WITH_TEXT = (*_WAITING, State.CHANGES_REQUESTED, State.APPROVED, State.PUBLISHED)
_PROMPTS = {
    "pillars": texts.REVIEW_CHOOSE_PILLARS,
    "outcome": texts.REVIEW_CHOOSE_OUTCOME,
    "level": texts.REVIEW_CHOOSE_LEVEL,
    "nation": texts.REVIEW_CHOOSE_NATION,
}
_CREDITED = {Credit.ANONYMOUS: texts.ANONYMOUS, Credit.ORGANISATION: texts.ORGANISATION_ONLY}
_KINDS: dict[str, type[Term]] = {"pillars": Pillar, "outcome": Outcome, "level": Level, "nation": Nation}


def review_card(shown: ExamplePreview) -> ui.LayoutView:
    """Return an example as it is now, with what can be done with it. What is over shows none of its text."""
    view = shown.view
    head = "\n".join(within(_head(view), _MOST_HEAD))
    if view.state not in _WITH_TEXT:
        return layout(head)
    found = "\n".join(within(_found(shown), _MOST_FOUND)) if view.state in _WAITING else ""
    text = render.shortened(view, MOST_TEXT - len(head) - len(found) - 60)
    readable = shown.readable if view.state in _WAITING else ()
    first, second = _buttons(view)
    return layout(head, found, text, reading_buttons(readable), first, second)


def tags_panel(view: ExampleView) -> ui.LayoutView:
    """Return selects for the tags, with what is chosen now."""
    chosen = tags_of(view.model_dump(mode="json"))
    selects = [
        term_choice(f"review_{field}", view.id, field, prompt, chosen[field]) for field, prompt in _PROMPTS.items()
    ]
    return layout(texts.TAGS_TITLE.format(title=safe(cut(view.title, 150))), *selects)


def merge_panel(key: str, shown: ExamplePreview) -> ui.LayoutView:
    """Return what an example may repeat, and a way to name another one."""
    title = safe(cut(shown.view.title, 150))
    other = [button("review_merge_other", key, texts.MERGE_OTHER)]
    if not shown.readable:
        return layout(texts.MERGE_NONE.format(title=title), other)
    options = [
        discord.SelectOption(label=cut(found, 100), description=example_id, value=example_id)
        for example_id, found in shown.readable
    ]
    select = choice("review_merge_chosen", key, texts.MERGE_CHOOSE, options)
    return layout(texts.MERGE_TITLE.format(title=title), select, other)


def confirm_panel(key: str, labels: Sequence[str]) -> ui.LayoutView:
    """Return the question whether what identifies a person is to be published all the same, by its name."""
    named = ", ".join(labels)
    publish = button("review_confirm", key, cut(texts.CONFIRM.format(what=named), 80), discord.ButtonStyle.danger)
    changes = button(f"review_{Action.REQUEST_CHANGES}", key, texts.REQUEST_CHANGES)
    return layout(texts.CONFIRM_TITLE.format(what=named), [publish, changes])


def who(event_by: str) -> str:
    """Return somebody of the audit: a mention where it is a member of Discord; it pings nobody."""
    if event_by.isdigit():
        return f"<@{event_by}>"
    return texts.WHO.get(event_by, safe(event_by))


def _head(view: ExampleView) -> list[str]:
    credited = _CREDITED.get(view.credit, texts.CREDITED) if view.credit else texts.CREDITED
    words = [
        capitalised(_KINDS[field](value).label)
        for field, chosen in tags_of(view.model_dump(mode="json")).items()
        for value in chosen
    ]
    lines = [f"### {texts.TITLE.format(state=view.state.label)}", f"-# {view.id}"]
    if view.corrects is not None:
        changes = "; ".join(texts.FIELDS[field] for field in view.changes) or texts.NOTHING_CHANGED
        begun = next((event.by for event in view.audit if event.action is Action.START), "author")
        lines.append(texts.CORRECTS.format(example=view.corrects, who=who(begun), changes=changes))
    elif view.state in _WITH_TEXT:
        lines.append(credited.format(credit=safe(view.credited_to)))
    if view.state in _WITH_TEXT:
        when = spoken_period(view.happened_from, view.happened_to)
        lines.append(texts.HAPPENED.format(when=when or texts.NOT_SAID))
        if view.region:
            lines.append(texts.REGION.format(region=safe(view.region)))
        lines += [
            texts.TAGS.format(tags=", ".join(words)) if words else texts.NO_TAGS,
        ]
    if view.state in _WAITING and view.corrects is None:
        lines.append(texts.CLEARED)
    if view.claimed_by and view.state is State.IN_REVIEW:
        lines.append(texts.CLAIMED.format(moderator=who(view.claimed_by)))
    if view.merged_into:
        lines.append(texts.MERGED.format(id=view.merged_into))
    lines += [f"-# {_event(event)}" for event in _since_handed_in(view.audit)[-_SHOWN_EVENTS:]]
    reason = next((event.reason for event in reversed(view.audit) if event.reason), None)
    if reason and view.state in (State.CHANGES_REQUESTED, State.DECLINED, State.WITHDRAWN):
        lines.append(f"-# {texts.REASON_GIVEN.format(reason=safe(cut(reason, 300)))}")
    return lines


def _since_handed_in(audit: Sequence[EventView]) -> Sequence[EventView]:
    """Return the audit without the steps of the draft, which are its author's own affair."""
    handed_in = next((n for n, event in enumerate(audit) if event.action is Action.SUBMIT), 0)
    return audit[handed_in:]


def _event(event: EventView) -> str:
    when = discord.utils.format_dt(datetime.fromisoformat(event.at), "R")
    return texts.HISTORY.format(action=capitalised(texts.ACTIONS[event.action]), who=who(event.by), when=when)


def _found(shown: ExamplePreview) -> list[str]:
    lines = []
    if found := shown.view.personal_data:
        lines.append(texts.REVIEW_PERSONAL.format(found=render.locations(found, texts.FIELDS, texts.PERSONAL_PLACE)))
    if shown.receipt.duplicates:
        lines += [texts.REVIEW_DUPLICATES, *duplicate_lines(shown.receipt.duplicates)]
    if not shown.receipt.name_model:
        lines.insert(0, texts.NO_NAME_MODEL)
    return lines


def _buttons(view: ExampleView) -> tuple[Sequence[Item], Sequence[Item]]:
    key = f"{view.id}:{view.version}"
    read = button("example_read", f"{view.id}:0", texts.REVIEW_READ)
    tags = button("review_tags", key, texts.EDIT_TAGS)
    if view.state in (State.APPROVED, State.PUBLISHED):
        take_down = button(f"review_{Action.WITHDRAW}", key, texts.TAKE_DOWN, discord.ButtonStyle.danger)
        correct = [] if view.corrects else [button("review_correct", key, texts.CORRECT)]
        return [read, tags, *correct, take_down], []
    decline = button(f"review_{Action.DECLINE}", key, texts.DECLINE, discord.ButtonStyle.danger)
    merge = [] if view.corrects else [button("review_merge", key, texts.MERGE)]
    more = [tags, *merge, read]
    if view.state is State.CHANGES_REQUESTED:
        return [decline, *more], []
    claimed = view.state is State.IN_REVIEW
    claim = button("review_release", key, texts.RELEASE) if claimed else button("review_claim", key, texts.CLAIM)
    return [
        button(f"review_{Action.APPROVE}", key, texts.APPROVE, discord.ButtonStyle.success),
        button(f"review_{Action.REQUEST_CHANGES}", key, texts.REQUEST_CHANGES),
        decline,
        claim,
    ], more
