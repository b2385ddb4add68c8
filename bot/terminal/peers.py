"""Matches, introductions and learning sets as they are read in a terminal."""

import re
from collections.abc import Callable, Mapping, Sequence

import typer

from bot.terminal import texts
from bot.texts.learning_sets import without_set
from bot.texts.sources import next_event_line
from knowledge.domain.members import CoffeeMember, Introduction, IntroductionView, LearningSets, Match, Matches, Profile
from knowledge.domain.vocabulary import IntroductionState as State
from knowledge.guidance.related import Related


def print_matches(found: Matches, related: Related | None = None) -> None:
    """Print those who fit; apart from them, and called so, those who are no more than the nearest.

    Below them come the resources and the next event that fit the same.
    """
    if found.note:
        typer.echo(found.note + "\n")
    fitting = [one for one in found.matches if one.fits]
    nearest = [one for one in found.matches if not one.fits]
    for one in fitting:
        _print_match(one)
    if nearest:
        typer.echo(("\n" if fitting else "") + texts.NEAREST_PEERS)
    for one in nearest:
        _print_match(one)
    if related and related.resources:
        typer.echo("\n" + texts.RESOURCES_TOO)
        for document in related.resources:
            typer.echo(f"    {' '.join(filter(None, [document.metadata.title, document.metadata.url]))}")
    if related and related.event:
        typer.echo("\n" + next_event_line(related.event.metadata))


def print_introductions(member_id: str, standings: Sequence[IntroductionView], name_of: Callable[[str], str]) -> None:
    """Print a member's introductions as they may see them; `name_of` says what an id's member is called."""
    for one in standings:
        who = texts.SOMEBODY if one.counterpart is None else name_of(one.counterpart)
        who = who if one.counterpart in (None, who) else f"{who} ({one.counterpart})"
        text = texts.BY_COFFEE if one.coffee else texts.YOU_ASKED if one.mine else texts.ASKS_YOU
        typer.echo(text.format(id=one.introduction_id, who=who, state=one.state.label, day=one.asked_at[:10]))
        if one.topic:
            typer.echo(texts.ABOUT.format(topic=one.topic))
        if one.state is State.ASKED:
            how = texts.TAKE_BACK if one.mine else texts.ANSWER
            typer.echo(how.format(member=member_id, id=one.introduction_id))
    if not standings:
        typer.echo(texts.NO_INTRODUCTIONS)


def asked_line(introduction: Introduction) -> str:
    """Return what became of asking to be introduced, in a sentence."""
    known = {State.ASKED: texts.ASKED, State.ACCEPTED: texts.BOTH_ASKED}
    return known[introduction.state].format(other=introduction.other, id=introduction.id, member=introduction.seeker)


def _print_match(one: Match) -> None:
    who = ", ".join(part for part in (one.display_name, one.role, one.organisation) if part)
    typer.echo(f"{one.member_id}  {who}{'  (mutual)' if one.mutual else ''}")
    for reason in one.reasons:
        typer.echo(f"    {reason}")


def print_sets(found: LearningSets, profiles: Mapping[str, Profile]) -> None:
    """Print the sets one below the other, and who is in none and why."""
    for number, group in enumerate(found.sets, start=1):
        typer.echo(f"{number}. {group.topic}\n   {group.reason}\n   First question: {group.first_question}")
        for member_id in group.members:
            profile = profiles[member_id]
            typer.echo("   - " + ", ".join(filter(None, [member_id, profile.display_name, profile.organisation])))
    if found.note:
        typer.echo(found.note)
    for reason, ids in without_set(found, profiles).items():
        typer.echo(texts.WITHOUT_SET.format(ids=", ".join(sorted(ids, key=_natural)), reason=reason))
    if not found.optimal:
        typer.echo(texts.MORE_SECONDS)


def coffee_line(member_id: str, taking: CoffeeMember | None) -> str:
    """Return whether a member takes part in the coffee rota, in a sentence."""
    if taking is None:
        return texts.COFFEE_OUT.format(member=member_id)
    text = texts.COFFEE_PAUSED if taking.paused_until else texts.COFFEE_IN
    return text.format(member=member_id, day=taking.paused_until)


def _natural(member_id: str) -> list[tuple[int, str]]:
    """Return a key that sorts ids as people count: a2 before a10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", member_id)]
