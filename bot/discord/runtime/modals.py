"""Takes in forms (modals) from the interaction itself: no form is remembered, and none that fails is lost."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast

import discord

from bot.discord.runtime import texts
from bot.discord.runtime.errors import RefusedError
from bot.discord.runtime.returned_text import TextReturner

FormHandler = Callable[[discord.Interaction, str, dict[str, list[str]]], Awaitable[None]]


async def receive(
    interaction: discord.Interaction, handlers: Mapping[str, FormHandler], returner: TextReturner
) -> None:
    """Hand a form's values to the handler that its custom id (`haln:ACTION:KEY`) names.

    An error becomes a reply, with what was typed: whatever could not be done, it can be sent again.
    """
    data = cast("dict[str, Any]", interaction.data or {})
    prefix, _, rest = str(data.get("custom_id", "")).partition(":")
    action, _, key = rest.partition(":")
    handler = handlers.get(action)
    if prefix.partition("@")[0] != "haln":
        return
    components = data.get("components", ())
    try:
        if handler is None:
            raise RefusedError(texts.OUTDATED)
        await handler(interaction, key, form_values(components))
    except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would hear nothing
        await returner.report(interaction, error, typed_texts(components))


def form_values(components: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what was chosen or typed, by the custom id of each field."""
    values: dict[str, list[str]] = {}
    for component in components:
        values |= form_values(_inner(component))
        if "values" in component:
            values[component["custom_id"]] = [str(value) for value in component["values"]]
        elif "value" in component and component["value"] is not None:
            values[component["custom_id"]] = [str(component["value"])]
    return values


def typed_texts(components: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return what was typed into a form, in its order, without what was chosen and without empty fields."""
    typed: list[str] = []
    for component in components:
        typed += typed_texts(_inner(component))
        if str(component.get("value") or "").strip():
            typed.append(str(component["value"]))
    return typed


def _inner(component: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return component.get("components") or filter(None, [component.get("component")])
