"""Messages of insights: the overview with charts, a gap with what can be done, a vote, and the form of an answer."""

import io
from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from bot.discord.insights import texts
from bot.discord.runtime.components import button, choice
from bot.discord.runtime.markdown import cut, fitting, safe, safe_cut
from bot.discord.runtime.networks import component_id
from bot.texts import charts
from bot.texts import insights as insight_texts
from knowledge.dates import spoken_date
from knowledge.domain.insights import Disliked, FigureTable, Insights
from knowledge.domain.members import Profile
from knowledge.insights.curated import LONGEST_TEXT
from knowledge.matching.wording import counted

_MOST_TEXT = 3400
_MOST_TOPICS, _MOST_GAPS, _MOST_OPTIONS = 6, 8, 25
_MOST_LABEL = 100
_MOST_QUESTION = 250
# https://discord.com/developers/docs/components/reference: of a picture's description.
_MOST_DESCRIPTION = 1000
_CHARTS = ("questions", "library", "introductions", "outcomes_by_nation")
_LONG_FIELDS = ("text", "sources", "wordings")


def overview(insights: Insights) -> tuple[ui.LayoutView, list[discord.File]]:
    """Return the overview and its pictures; what is open can be chosen."""
    files = pictures(insights.tables)
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(fitting(_lines(insights), _MOST_TEXT))))
    if options := _options(insights):
        view.add_item(ui.ActionRow(choice("insight_open", "", texts.CHOOSE, options)))
    if files:
        gallery: ui.MediaGallery[ui.LayoutView] = ui.MediaGallery()
        for file in files:
            gallery.add_item(media=file, description=file.description)
        view.add_item(gallery)
    view.add_item(ui.TextDisplay(f"-# {texts.PRIVATE} {texts.MORE_ON_PAGE}"))
    return view, files


def pictures(tables: Sequence[FigureTable]) -> list[discord.File]:
    """Return the charts that the overview shows, each with its figures in words. Drawing takes a moment each."""
    return [
        discord.File(
            io.BytesIO(charts.png(table)),
            f"{table.key}.png",
            description=cut(charts.in_words(table), _MOST_DESCRIPTION),
        )
        for table in tables
        if table.key in _CHARTS and charts.has_chart(table)
    ]


def gap(question_id: str, question: str, nearest: Sequence[str], members: Sequence[Profile]) -> ui.LayoutView:
    """Return what can be done about a question."""
    lines = [f"### {texts.WHAT_CAN_BE_DONE}", f"> {safe_cut(question, _MOST_QUESTION)}"]
    if nearest:
        lines.append(texts.NEAREST.format(titles="; ".join(safe_cut(title, 120) for title in nearest)))
    lines.append(texts.ADD)
    lines.append(texts.MEMBERS if members else texts.NO_MEMBERS)
    lines += [f"- {_named(profile)}" for profile in members]
    brief = insight_texts.brief(cut(question, _MOST_QUESTION), [cut(title, 120) for title in nearest])
    lines += [texts.BRIEF, f"> {safe(brief)}"]
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay(fitting(lines, _MOST_TEXT))))
    buttons = [button("insight_write", question_id, texts.WRITE, discord.ButtonStyle.primary)]
    if members:
        buttons.append(button("insight_ask", question_id, texts.ASK_THEM))
    buttons.append(button("insight_settle", question_id, texts.SETTLE))
    view.add_item(ui.ActionRow(*buttons))
    return view


def vote(one: Disliked) -> ui.LayoutView:
    """Return the message that an answer did not help; nobody is named."""
    lines = [f"**{texts.UNHELPFUL if one.answered else texts.REFUSED}**", f"> {safe_cut(one.question, _MOST_QUESTION)}"]
    why = [texts.WHY.format(reasons=insight_texts.reasons(one.reasons))] if one.reasons else []
    if one.votes:
        why.append(texts.VOTES.format(count=one.votes))
    lines += [f"-# {' · '.join(why)}"] if why else []
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(ui.TextDisplay("\n".join(lines))))
    if one.settled:
        view.add_item(ui.TextDisplay(f"-# {texts.SETTLED}"))
        return view
    view.add_item(
        ui.ActionRow(
            button("insight_show", one.question_id, texts.WHAT_CAN_BE_DONE),
            button("insight_write", one.question_id, texts.WRITE),
            button("insight_settle", one.question_id, texts.SETTLE),
        )
    )
    return view


def answer_form(question_id: str) -> ui.Modal:
    """Return the form of a curated answer to a question."""
    form = ui.Modal(title=texts.FORM_TITLE, custom_id=component_id("insight_answer", question_id), timeout=None)
    for field, (label, hint) in texts.FORM.items():
        typed: ui.TextInput[Any] = ui.TextInput(
            custom_id=field,
            style=discord.TextStyle.paragraph if field in _LONG_FIELDS else discord.TextStyle.short,
            required=field in ("text", "sources"),
            max_length=LONGEST_TEXT if field in _LONG_FIELDS else 10,
        )
        form.add_item(ui.Label(text=label, description=hint, component=typed))
    return form


def _lines(insights: Insights) -> list[str]:
    asked = counted(insights.questions, "question")
    lines = [f"### {texts.TITLE}", texts.PERIOD.format(questions=asked, answered=insights.answered)]
    lines += [f"-# {note}" for note in insights.notes]
    lines.append(f"**{texts.ASKED}**")
    for topic in insights.topics[:_MOST_TOPICS]:
        words = ", ".join(safe(word) for word in topic.words)
        lines.append(f"- **{words}** ({insight_texts.topic_line(topic)})\n  {safe_cut(topic.typical, 150)}")
    if not insights.topics:
        lines.append(insight_texts.NOTHING_ASKED if not insights.questions else "No five questions were alike.")
    lines.append(f"**{texts.GAPS}**")
    for one in insights.gaps[:_MOST_GAPS]:
        of_gap = "; ".join(filter(None, (insight_texts.gap_line(one), insight_texts.people_line(one))))
        lines.append(f"- {safe_cut(one.typical, 150)} ({of_gap})")
    if not insights.gaps:
        lines.append(texts.NO_GAPS)
    if insights.outside:
        lines.append(texts.OUTSIDE.format(count=counted(insights.outside, "question")))
    if insights.due:
        lines += [f"**{texts.DUE}**", *(f"- {safe_cut(line, 200)}" for line in insights.due[:5])]
    return lines


def _options(insights: Insights) -> list[discord.SelectOption]:
    """Return what can be opened: votes first, since somebody waits for those to be looked at."""
    found = {
        one.question_id: (one.question, f"{texts.UNHELPFUL}, {spoken_date(one.said_at[:10])}")
        for one in insights.disliked
    }
    for one in insights.gaps:
        found.setdefault(one.question_id, (one.typical, insight_texts.gap_line(one)))
    return [
        discord.SelectOption(label=cut(label, _MOST_LABEL), value=question_id, description=cut(what, _MOST_LABEL))
        for question_id, (label, what) in list(found.items())[:_MOST_OPTIONS]
    ]


def _named(profile: Profile) -> str:
    parts = [part for part in (profile.display_name or "A member", profile.role, profile.organisation) if part]
    return safe_cut(", ".join(parts), 160)
