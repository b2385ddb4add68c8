"""Learning sets as a file, the same from every face."""

import csv
import io
from collections.abc import Mapping

from knowledge.domain.members import LearningSets, Profile

_COLUMNS = ("set", "topic", "member_id", "display_name", "role", "organisation", "sector", "nation", "stage")


def sets_file(found: LearningSets, profiles: Mapping[str, Profile], form: str) -> str:
    """Return the sets as a file: `form` is ".csv" (a line for each member) or ".json"."""
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
    """Return a cell that no spreadsheet takes for a formula."""
    return "'" + value if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
