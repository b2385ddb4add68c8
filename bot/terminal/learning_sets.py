"""Learning sets as moderators read them in a terminal, and as a file."""

import csv
import io
import re
from collections.abc import Mapping

import typer

from knowledge.domain.members import LearningSets, Profile
from knowledge.matching.sets import SMALLEST

_COLUMNS = ("set", "topic", "member_id", "display_name", "role", "organisation", "sector", "nation", "stage")


def print_sets(found: LearningSets, profiles: Mapping[str, Profile], smallest: int) -> None:
    """Print the sets one below the other, and who found no place; a set needs `smallest` members."""
    for number, group in enumerate(found.sets, start=1):
        typer.echo(f"{number}. {group.topic}\n   {group.reason}\n   First question: {group.first_question}")
        for member_id in group.members:
            profile = profiles[member_id]
            typer.echo("   - " + ", ".join(filter(None, [member_id, profile.display_name, profile.organisation])))
    unplaced = ", ".join(sorted(found.unplaced, key=_natural))
    if found.unplaced and found.sets:
        typer.echo(f"No set fits yet for: {unplaced}.")
    elif found.unplaced:
        smaller = " A smaller --size may work." if smallest > SMALLEST else ""
        typer.echo(
            f"Nobody can be put in a set yet: fewer than {smallest} members look for the same, or the rules of --apart "
            f"and --per-organisation keep them apart.{smaller} Without a set: {unplaced}."
        )
    if not found.optimal:
        typer.echo("The time was over before all possibilities were weighed; --seconds gives more.")


def written(found: LearningSets, profiles: Mapping[str, Profile], form: str) -> str:
    """The sets as a file: `form` is ".csv" (a line for each member) or ".json"."""
    if form == ".json":
        return found.model_dump_json(indent=2) + "\n"
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*_COLUMNS, "reason", "first_question"])
    for number, group in enumerate(found.sets, start=1):
        for member_id in group.members:
            profile = profiles[member_id]
            row = [
                number,
                group.topic,
                member_id,
                profile.display_name,
                profile.role,
                profile.organisation,
                profile.sector or "",
                profile.nation or "",
                profile.stage or "",
                group.reason,
                group.first_question,
            ]
            writer.writerow([_harmless(str(value)) for value in row])
    return file.getvalue()


def _natural(member_id: str) -> list[tuple[int, str]]:
    """Sorts ids as people count: a2 before a10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", member_id)]


def _harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
