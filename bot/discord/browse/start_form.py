"""The one screen that `/start` asks with."""

from typing import Any

import discord
from discord import ui

from bot.discord.browse import texts
from bot.discord.browse.library_queries import Start
from knowledge.domain.vocabulary import Nation, Pillar, Sector, Stage, Term

FORM = "haln:start_form:"
_NATIONS = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND, Nation.UK)


def start_form() -> ui.Modal:
    """Four selects. What is sent in comes to the handler of `start_form`, even after a restart."""
    form = ui.Modal(title=texts.START_TITLE, custom_id=FORM, timeout=None)
    for name, question, options in (
        ("stage", texts.START_STAGE, [(stage, texts.STAGES[stage][0]) for stage in Stage]),
        ("pillar", texts.START_PILLAR, [(pillar, _label(pillar)) for pillar in Pillar]),
        ("nation", texts.START_NATION, [(nation, _label(nation)) for nation in _NATIONS]),
        ("sector", texts.START_SECTOR, [(sector, _label(sector)) for sector in Sector]),
    ):
        select: ui.Select[Any] = ui.Select(
            custom_id=name,
            options=[discord.SelectOption(label=label, value=value) for value, label in options],
        )
        form.add_item(ui.Label(text=question, component=select))
    return form


def start_from(values: dict[str, list[str]]) -> Start:
    """What was chosen."""
    return Start(
        Stage(values["stage"][0]), Pillar(values["pillar"][0]), Nation(values["nation"][0]), Sector(values["sector"][0])
    )


def _label(term: Term) -> str:
    return term.label[0].upper() + term.label[1:]
