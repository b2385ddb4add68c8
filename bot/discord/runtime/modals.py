"""Takes in forms (modals) from the interaction itself: no form is remembered."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, cast

import discord

from bot.discord.runtime.errors import report

FormHandler = Callable[[discord.Interaction, str, dict[str, list[str]]], Awaitable[None]]


async def receive(interaction: discord.Interaction, handlers: Mapping[str, FormHandler]) -> None:
    """Hand a form's values to the handler that its custom id (`haln:ACTION:KEY`) names; an error becomes a reply."""
    data = cast("dict[str, Any]", interaction.data or {})
    prefix, _, rest = str(data.get("custom_id", "")).partition(":")
    action, _, key = rest.partition(":")
    handler = handlers.get(action)
    if prefix != "haln" or handler is None:
        return
    try:
        await handler(interaction, key, form_values(data.get("components", ())))
    except Exception as error:  # noqa: BLE001 - discord.py would only log it, and the member would hear nothing
        await report(interaction, error)


def form_values(components: Iterable[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Return what was chosen or typed, by the custom id of each field."""
    values: dict[str, list[str]] = {}
    for component in components:
        inner = component.get("components") or filter(None, [component.get("component")])
        values |= form_values(inner)
        if "values" in component:
            values[component["custom_id"]] = [str(value) for value in component["values"]]
        elif "value" in component and component["value"] is not None:
            values[component["custom_id"]] = [str(component["value"])]
    return values
