"""The card on which an author completes an example: what is needed, choices, warnings, and how it will look."""

from collections.abc import Sequence

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
from bot.discord.runtime.markdown import cut, safe
from knowledge.domain.vocabulary import Credit, ExampleState
from knowledge.examples.views import ExampleView

_MOST_WARNING = 900
# For what is still needed, above the buttons.
_ROOM_BELOW = 460
_PROMPTS = {
    "pillars": texts.CHOOSE_PILLARS,
    "outcome": texts.CHOOSE_OUTCOME,
    "level": texts.CHOOSE_LEVEL,
    "nation": texts.CHOOSE_NATION,
}


def draft_card(shown: ExamplePreview, note: str | None = None, *, refused: bool = False) -> ui.LayoutView:
    """Return the card of a draft, or of an example that is handed in and can still be changed.

    `refused`: it was just to be handed in, and lacks something; that is said where "Submit" was pressed, too.
    """
    view, key = shown.view, shown.view.id
    draft = view.state is ExampleState.DRAFT
    chosen = tags_of(view.model_dump(mode="json"))
    head = "\n".join(filter(None, [f"### {card_title(view)}", *_state_lines(view), note]))
    warnings = _warnings(shown)
    room = MOST_TEXT - len(head) - len(warnings) - len(texts.PREVIEW) - _ROOM_BELOW
    own = (credit_choice(key, view.credit), _clearance(key, cleared=view.clearance)) if view.corrects is None else ()
    editing = [
        button("example_edit", key, texts.EDIT),
        button("example_edit_details", key, texts.EDIT_DETAILS),
        button("example_edit_measure", key, texts.EDIT_MEASURE),
    ]
    buttons = [button("example_read", f"{key}:0", texts.READ)]
    if draft:
        buttons.append(button("example_submit", key, texts.SUBMIT, discord.ButtonStyle.primary))
        buttons.append(button("example_discard", key, texts.DISCARD, discord.ButtonStyle.danger))
    else:
        buttons.append(button("example_mine", key, texts.BACK))
    return layout(
        head,
        *(term_choice(f"example_{field}", key, field, prompt, chosen[field]) for field, prompt in _PROMPTS.items()),
        *own,
        warnings,
        reading_buttons(shown.readable),
        f"### {texts.PREVIEW}\n{render.shortened(view.model_copy(update=_found(shown)), room)}",
        texts.NOT_SUBMITTED.format(fields=_needed(view)) if refused and view.missing else None,
        editing,
        buttons,
    )


def card_title(view: ExampleView) -> str:
    """Return what a member's card is headed: their example, or their correction of one."""
    if view.corrects is None:
        return texts.CARD_TITLE
    return texts.CORRECTION_TITLE.format(title=safe(cut(view.title, 150)))


def credit_choice(key: str, chosen: Credit | None) -> Item:
    """Return the select of who readers may be told an example is from."""
    options = [
        discord.SelectOption(label=label, description=hint, value=credit.value, default=credit is chosen)
        for credit, (label, hint) in texts.CREDITS.items()
    ]
    return choice("example_credit", key, texts.CHOOSE_CREDIT, options)


def confirmation(question: str, *buttons: Item) -> ui.LayoutView:
    """Return a question with its answers."""
    return layout(question, list(buttons))


def go_on_card(key: str, title: str, when: str) -> ui.LayoutView:
    """Return the choice where there is a draft: go on with it, or begin anew."""
    shown = safe(cut(title, 150))
    text = texts.GO_ON.format(title=shown, when=when) if shown else texts.GO_ON_UNTITLED.format(when=when)
    return layout(
        text,
        [
            button("example_open", key, texts.GO_ON_BUTTON, discord.ButtonStyle.primary),
            button("example_begin", "", texts.START_NEW),
        ],
    )


def _state_lines(view: ExampleView) -> Sequence[str]:
    if view.state is not ExampleState.DRAFT:
        return [capital_state(view), f"-# {texts.CHANGES_KEPT}"]
    if view.corrects is not None and not view.missing:
        return [texts.CORRECTION_STAYS if view.changes else texts.CORRECTION_NOTHING, f"-# {texts.KEPT}"]
    needed = _needed(view)
    return [
        texts.NEEDED.format(fields=needed) if needed else texts.COMPLETE,
        f"-# {texts.KEPT}",
        f"-# {texts.FAILURES_WELCOME}",
        "" if view.happened_from or view.happened_to else texts.NO_DATE,
    ]


def _needed(view: ExampleView) -> str:
    return "; ".join(texts.FIELDS[field] for field in view.missing)


def capital_state(view: ExampleView) -> str:
    """Return how far an example is, in its author's words."""
    state = texts.STATES[view.state]
    return f"{state[0].upper()}{state[1:]}."


def _warnings(shown: ExamplePreview) -> str:
    lines = []
    if found := shown.receipt.personal_data:
        lines.append(texts.PERSONAL.format(found=render.locations(found, texts.FIELDS, texts.PERSONAL_PLACE)))
    if shown.receipt.duplicates:
        lines += [texts.DUPLICATES, *duplicate_lines(shown.receipt.duplicates)]
    if not shown.receipt.name_model:
        lines.insert(0, texts.NO_NAME_MODEL)
    return "\n".join(within(lines, _MOST_WARNING))


def _found(shown: ExamplePreview) -> dict[str, object]:
    return {"personal_data": shown.receipt.personal_data}


def _clearance(key: str, *, cleared: bool) -> Item:
    options = [
        discord.SelectOption(label=texts.CLEARANCE_YES, value="yes", default=cleared),
        discord.SelectOption(label=texts.CLEARANCE_NO, value="no", default=not cleared),
    ]
    return choice("example_clearance", key, texts.CHOOSE_CLEARANCE, options)
