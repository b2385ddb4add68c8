"""Learning sets as a file, the same from every face."""

import csv
import io
from collections.abc import Mapping

from knowledge.domain.members import LearningSets, Profile
from knowledge.domain.visible_text import visible_text
from knowledge.examples.export import cell
from knowledge.matching import wording

_COLUMNS = ("set", "topic", "member_id", "display_name", "role", "organisation", "sector", "nation", "stage")


def sets_file(found: LearningSets, profiles: Mapping[str, Profile], form: str) -> str:
    """Return the sets as a file: `form` is ".csv" (a line for each member, also in no set) or ".json"."""
    if form == ".json":
        return found.model_dump_json(indent=2) + "\n"
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*_COLUMNS, "reason", "first_question"])
    for number, group in enumerate(found.sets, start=1):
        for member_id in group.members:
            row = [number, group.topic, *_described(profiles[member_id]), group.reason, group.first_question]
            writer.writerow([cell(visible_text(str(value))) for value in row])
    for reason, ids in without_set(found, profiles).items():
        for member_id in ids:
            row = ["", "", *_described(profiles[member_id]), reason, ""]
            writer.writerow([cell(visible_text(str(value))) for value in row])
    return file.getvalue()


def without_set(found: LearningSets, profiles: Mapping[str, Profile]) -> dict[str, list[str]]:
    """Return the ids of all who are in no set, by the reason why, in words."""
    by_reason: dict[str, list[str]] = {}
    for member_id in found.unplaced:
        by_reason.setdefault(found.reasons.get(member_id, wording.UNPLACED_NO_ROOM), []).append(member_id)
    for member_id, first in found.registered_again.items():
        reason = wording.REGISTERED_AGAIN.format(first=profiles[first].display_name or first)
        by_reason.setdefault(reason, []).append(member_id)
    return by_reason


def named_members(found: LearningSets) -> list[str]:
    """Return the ids of everybody whom the sets name, or say that they are in none."""
    placed = [member_id for group in found.sets for member_id in group.members]
    return [*placed, *found.unplaced, *found.registered_again]


def _described(profile: Profile) -> list[str]:
    about = [profile.sector, profile.nation, profile.stage]
    return [profile.id, profile.display_name, profile.role, profile.organisation, *(str(one or "") for one in about)]
