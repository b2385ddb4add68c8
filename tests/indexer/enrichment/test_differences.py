"""Reports made from one template are not one report; the same report read twice is."""

import pytest

from indexer.enrichment.duplicates import differ, marks_of
from indexer.pipeline import Indexer

TEMPLATE = (
    "In its {year} plan, {town} Hospital worked with partner {n} to hire people from the ward, pay the"
    " real living wage "
    "and open land for gardens. It cost {cost} pounds and helped {people} people in the first year of the work."
)


def report(town="Ashcombe", year=2024, first=10, spoilt=()):
    lines = []
    for n in range(first, first + 12):
        line = TEMPLATE.format(town=town, year=year, n=n, cost=n * 1000, people=n * 7)
        lines.append(line.replace(f"{n * 7} people", f"{n * 7}3 people") if n in spoilt else line)
    return lines


@pytest.mark.parametrize(
    ("other", "different"),
    [
        (report(), False),
        (report(town="Birchdale"), True),
        (report(town="Ashcombe Vale"), True),
        (report(year=2023), True),
        (report(first=40), True),
        (report(spoilt=(12,)), False),  # the raised 3 of a note
        (["Annual report 4", *report(), "5"], False),  # a page's header and number
        (report()[6:] + report()[:6], False),  # columns in another order
    ],
)
def test_other_names_or_numbers_in_the_same_places_make_another_text(other, different):
    assert differ(marks_of(report()), marks_of(other)) is different


def test_tables_of_other_numbers_differ():
    rows = [[f"Site: S{n}; Starters: {n * factor}; Leavers: {n * factor + 1}" for n in range(20)] for factor in (3, 50)]
    assert differ(*map(marks_of, rows))


def test_one_wrong_figure_in_a_short_text_is_a_difference():
    one = "The council and the trust together opened a garden for 62 people who had been out of work for a year."
    assert differ(marks_of([one]), marks_of([one.replace("62", "71")]))


def test_reports_from_one_template_are_all_found(library, tmp_path):
    for town in ("Ashcombe", "Birchdale", "Coldwell"):
        (tmp_path / f"{town}.md").write_text(f"# Report on {town}\n\n" + "\n\n".join(report(town)))
    (tmp_path / "copy.md").write_text("# Report on Coldwell\n\n" + "\n\n".join(report("Coldwell")))
    Indexer(library).add([str(tmp_path)])
    assert set(library.store.studies.duplicates().values()) <= {"coldwell", "copy"}
    assert len(library.store.studies.duplicates()) == 1
