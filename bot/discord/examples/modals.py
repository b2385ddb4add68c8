"""The forms (modals) of sharing and reviewing. What is sent in comes to the handler that the custom id names."""

from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.discord.examples import texts
from bot.discord.runtime.networks import component_id
from knowledge.domain.examples import LONGEST_TEXT, LONGEST_TITLE, Action, Content
from knowledge.examples.form import clean_text

_LONGEST_REASON = 1000
_NEEDED = ("what", "what_happened")


def text_form(action: str, key: str, content: Content | None = None) -> ui.Modal:
    """Return the form of five questions, with what is answered already."""
    form = ui.Modal(title=texts.FORM_TITLE, custom_id=component_id(action, key), timeout=None)
    for field, (question, hint) in texts.QUESTIONS.items():
        typed: ui.TextInput[Any] = ui.TextInput(
            custom_id=field,
            style=discord.TextStyle.paragraph,
            required=field in _NEEDED,
            max_length=LONGEST_TEXT,
            default=getattr(content, field) or None if content else None,
        )
        form.add_item(ui.Label(text=question, description=hint, component=typed))
    return form


def details_form(key: str, values: Mapping[str, str]) -> ui.Modal:
    """Return the form of title, organisation and name, as far as they can be changed: those that are in `values`."""
    form = ui.Modal(title=texts.DETAILS_TITLE, custom_id=component_id("example_details", key), timeout=None)
    for field, value in values.items():
        label, hint = texts.DETAILS[field]
        form.add_item(_line(field, label, hint, value))
    return form


def measure_form(key: str, content: Content) -> ui.Modal:
    """Return the form of what was measured, what that was before, and over which time."""
    form = ui.Modal(title=texts.MEASURE_TITLE, custom_id=component_id("example_measure", key), timeout=None)
    for field, (label, hint) in texts.MEASURE.items():
        form.add_item(_line(field, label, hint, getattr(content, field)))
    return form


def reason_form(action: Action, key: str) -> ui.Modal:
    """Return the form that asks for a reason, which is required."""
    form = ui.Modal(title=texts.REASON_TITLES[action], custom_id=component_id(f"review_{action}", key), timeout=None)
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id="reason", style=discord.TextStyle.paragraph, required=True, max_length=_LONGEST_REASON
    )
    form.add_item(ui.Label(text=texts.REASON, description=texts.REASON_HINT, component=typed))
    return form


def merge_form(key: str) -> ui.Modal:
    """Return the form that asks for the id of the example that stays."""
    form = ui.Modal(title=texts.MERGE_FORM, custom_id=component_id("review_merge_into", key), timeout=None)
    form.add_item(_line("into", texts.MERGE_ID, None, "", required=True))
    return form


def typed_in(values: Mapping[str, list[str]], field: str) -> str:
    """Return what was typed into a field; empty where it was left out."""
    return clean_text((values.get(field) or [""])[0])


def _line(field: str, label: str, hint: str | None, value: str, *, required: bool = False) -> ui.Label[Any]:
    typed: ui.TextInput[Any] = ui.TextInput(
        custom_id=field, required=required, max_length=LONGEST_TITLE, default=value or None
    )
    return ui.Label(text=label, description=hint, component=typed)
