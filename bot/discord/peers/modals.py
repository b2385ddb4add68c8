"""The forms of profiles, and forms that were refused: what was typed is kept, and the form opens again with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.peers import texts
from bot.discord.runtime.components import button, notice
from bot.discord.runtime.networks import component_id
from bot.discord.runtime.worker import Worker
from knowledge.domain.members import Member
from knowledge.domain.vocabulary import Level, Nation, Pillar, Sector, Stage, Term

FORM = "profile_form"
Values = Mapping[str, Sequence[str]]
_CHOICES: dict[str, type[Term]] = {
    "sector": Sector,
    "nation": Nation,
    "pillars": Pillar,
    "level": Level,
    "stage": Stage,
}
_WORDS = ("working_on", "can_offer", "looking_for")
_LINES = ("role", "organisation", "display_name", "region")
_LONGEST_WORDS, _LONGEST_LINE = 2000, 200
SECTIONS = {
    "about": ("sector", "nation", "pillars", "level", "stage"),
    "words": ("looking_for", "can_offer", "working_on", "role", "organisation"),
    "name": ("display_name", "region", "requests"),
}
# The first is what `HALN_PEER_REQUESTS` says, now and later.
_REQUESTS = ("", "0", "1", "2", "3", "5", "10", "30")


def profile_form(section: str, values: Values, version: str) -> ui.Modal:
    """Return one of the forms, filled in with what is known; `version` is of the text that the member agreed to."""
    form = ui.Modal(title=texts.FORMS[section], custom_id=component_id(FORM, f"{section}:{version}"), timeout=None)
    for field in SECTIONS[section]:
        form.add_item(
            ui.Label(
                text=texts.FIELDS.get(field, texts.REQUESTS),
                description=texts.HELP.get(field),
                component=_component(field, values.get(field, ())),
            )
        )
    return form


def values_of(member: Member) -> dict[str, list[str]]:
    """Return a profile as its forms hold it."""
    profile = member.profile.model_dump(mode="json")
    values = {
        field: [str(one) for one in (value if isinstance(value, list) else [value]) if one]
        for field, value in profile.items()
        if field != "id"
    }
    return values | {"requests": [str(member.most_requests)] if member.most_requests is not None else []}


def changes_of(section: str, values: Values) -> dict[str, object]:
    """Return what a form changes, as `Peers.save` takes it. A choice that was taken back is empty."""
    changes: dict[str, object] = {}
    for field in SECTIONS[section]:
        chosen = [value for value in values.get(field, ()) if value]
        if field == "pillars":
            changes[field] = chosen
        elif field == "requests":
            changes["requests_a_month"] = int(chosen[0]) if chosen and chosen[0].isdecimal() else None
        else:
            changes[field] = chosen[0] if chosen else ""
    return changes


def _component(field: str, values: Sequence[str]) -> ui.Item[Any]:
    if field in _CHOICES:
        several = field == "pillars"
        options = [
            discord.SelectOption(label=_label(term), value=term.value, default=term.value in values)
            for term in _CHOICES[field]
        ]
        return ui.Select(
            custom_id=field,
            placeholder=texts.CHOOSE,
            options=options,
            required=False,
            min_values=0,
            max_values=len(options) if several else 1,
        )
    if field == "requests":
        return ui.Select(
            custom_id=field,
            options=[
                discord.SelectOption(
                    label=number or texts.USUAL_REQUESTS,
                    value=number or "usual",
                    default=number == (values[0] if values else ""),
                )
                for number in _REQUESTS
            ],
        )
    long = field in _WORDS
    return ui.TextInput(
        custom_id=field,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=(values[0] if values else "")[: _LONGEST_WORDS if long else _LONGEST_LINE] or None,
        required=False,
        max_length=_LONGEST_WORDS if long else _LONGEST_LINE,
    )


def _label(term: Term) -> str:
    return term.label[0].upper() + term.label[1:]


async def keep_form(worker: Worker, interaction: discord.Interaction, form: str, values: dict[str, list[str]]) -> None:
    """Keep what was typed into a form."""
    user_id, now = interaction.user.id, worker.now()
    await worker.db(lambda backend: backend.servers.members.keep_form(user_id, form, values, now))


async def drop_form(worker: Worker, interaction: discord.Interaction, form: str) -> None:
    """Forget what was typed into a form: it was taken."""
    user_id = interaction.user.id
    await worker.db(lambda backend: backend.servers.members.drop_form(user_id, form))


def refused_view(reason: str, action: str, key: str) -> ui.LayoutView:
    """Return why a form was refused, with the button `action` that opens it again."""
    view = notice(texts.REFUSED.format(reason=reason))
    view.add_item(ui.ActionRow(button(action, key, texts.OPEN_AGAIN, discord.ButtonStyle.primary)))
    return view
