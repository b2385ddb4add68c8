"""Learning sets as moderators read them in a terminal, and as a file."""

import csv
import io
from collections.abc import Mapping

import typer

from knowledge.matching.types import LearningSets, Profile

_COLUMNS = ("set", "topic", "member_id", "display_name", "role", "organisation", "sector", "nation", "stage")


def print_sets(found: LearningSets, profiles: Mapping[str, Profile]) -> None:
    """Print the sets one below the other, and who found no place."""
    for number, group in enumerate(found.sets, start=1):
        typer.echo(f"{number}. {group.topic}\n   {group.reason}\n   First question: {group.first_question}")
        for member_id in group.members:
            profile = profiles[member_id]
            typer.echo("   - " + ", ".join(filter(None, [member_id, profile.display_name, profile.organisation])))
    if found.unplaced:
        typer.echo(f"No set fits yet for: {', '.join(found.unplaced)}.")
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


def _harmless(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
