"""Messages about what is kept about a member: in numbers, as a file, and the form that has it deleted."""

import io
import json
from typing import Any

import discord
from discord import ui

from bot.discord.privacy import texts
from bot.discord.runtime.components import button, page_view
from knowledge.domain.members import Forgotten
from knowledge.matching.wording import counted

FORM = "forget_form"
# What `PersonalData.export` gives.
Held = dict[str, object]


def privacy_view(held: Held, question_days: int) -> ui.LayoutView:
    """Return what is kept, in numbers, with buttons to change it."""
    switch = ("privacy_in", texts.OPT_IN) if held["posts_left_out"] else ("privacy_out", texts.OPT_OUT)
    return page_view(
        "\n".join(_summary(held, question_days)),
        button(switch[0], "", switch[1]),
        button("privacy_get", "", texts.GET),
        button("privacy_forget", "", texts.FORGET, discord.ButtonStyle.danger),
    )


def data_file(member_id: str, held: Held) -> discord.File:
    """Return everything that is kept, as a JSON file."""
    text = json.dumps({"id": member_id, **held}, ensure_ascii=False, indent=2)
    return discord.File(io.BytesIO(text.encode()), texts.FILE_NAME)


def forget_form() -> ui.Modal:
    """Return the form that asks once what is to go, and whether they are sure."""
    form = ui.Modal(title=texts.FORGET_TITLE, custom_id=f"haln:{FORM}:", timeout=None)
    form.add_item(ui.TextDisplay(texts.FORGET_TEXT))
    form.add_item(ui.Label(text=texts.FORGET_EXAMPLES, component=_select("examples", texts.FORGET_CHOICES, 0)))
    sure = {"no": texts.FORGET_NO, "yes": texts.FORGET_YES}
    form.add_item(ui.Label(text=texts.FORGET_SURE, component=_select("sure", sure, None)))
    return form


def forgotten_text(forgotten: Forgotten) -> str:
    """Return what was deleted, and what is not gone yet: nothing but what is so."""
    said = [
        texts.FORGOTTEN.format(entries=counted(sum(forgotten.removed.values()), "entry", "entries")),
        texts.NOTHING_LEFT if not forgotten.left else texts.LEFT.format(places=counted(forgotten.left, "place")),
    ]
    if forgotten.pending:
        said.append(texts.PENDING)
    if forgotten.unattributed:
        said.append(texts.UNATTRIBUTED.format(questions=counted(forgotten.unattributed, "question")))
    return " ".join(said)


def _summary(held: Held, question_days: int) -> list[str]:
    """Return what is kept, in numbers, as lines."""
    state = texts.NONE
    if "profile" in held:
        state = texts.PAUSED if held["paused"] else texts.FINDABLE if held["findable"] else texts.NOT_FINDABLE
    out = held["posts_left_out"]
    return [
        f"### {texts.TITLE}",
        texts.PROFILE.format(state=state),
        texts.INTRODUCTIONS.format(number=_number(held, "introductions")),
        texts.PEER_QUESTIONS.format(asked=_number(held, "questions"), replies=_number(held, "replies")),
        texts.EXAMPLES.format(number=_number(held, "examples")),
        texts.OUT if out else texts.POSTS.format(number=_number(held, "forum_posts")),
        texts.WAITING.format(number=_number(held, "waiting_for")),
        texts.QUESTIONS.format(days=counted(question_days, "day"), number=_number(held, "library_questions")),
        texts.VOTES.format(number=_number(held, "feedback")),
    ]


def _number(held: Held, name: str) -> int:
    kept = held.get(name)
    return len(kept) if isinstance(kept, list) else 0


def _select(name: str, choices: dict[str, str], chosen: int | None) -> ui.Select[Any]:
    options = [
        discord.SelectOption(label=label, value=value, default=place == chosen)
        for place, (value, label) in enumerate(choices.items())
    ]
    return ui.Select(custom_id=name, options=options)
