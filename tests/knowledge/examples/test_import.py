"""Importing rows: every problem at once, optional tags left out, corrected rows as updates, a dry run that is true."""

from typing import NamedTuple

import pytest

from knowledge.domain.examples import OPERATOR, Action, State
from knowledge.domain.vocabulary import Nation
from knowledge.examples.column_mapping import read_mapping
from knowledge.examples.import_rows import import_rows
from knowledge.storage.example_protocols import Selection
from tests.knowledge.examples.conftest import MODERATOR

MAPPING = read_mapping(
    {
        "columns": {
            "key": "Ref",
            "title": "Name",
            "what": "What",
            "what_happened": "Result",
            "outcome": "RAG",
            "pillars": "Pillars",
            "nation": "Nation",
            "happened": "When",
            "clearance": "OK",
            "organisation": "Trust",
        }
    }
)
ROW = {
    "Ref": "1",
    "Name": "Bikes",
    "What": "We mended bikes on the ward.",
    "Result": "Forty people cycle.",
    "RAG": "worked",
    "Pillars": "environment",
    "Nation": "Wales",
    "When": "March 2022 to 2023",
    "OK": "Y",
    "Trust": "Sample Trust",
}


class Row(NamedTuple):
    number: int
    cells: dict[str, str]


def sheet(*changes):
    return [Row(number, ROW | {"Ref": str(number)} | each) for number, each in enumerate(changes, start=2)]


def run(examples, rows, dry_run=False):
    return import_rows(examples, MAPPING, rows, dry_run=dry_run)


def both(examples, rows):
    """What the import did, which a dry run had said before, but for the ids that it could not know."""
    dry = run(examples, rows, dry_run=True)
    done = run(examples, rows)
    known = [row.model_copy(update={"id": None}) for row in done.imported]
    corrected = [row.model_copy(update={"correction": None}) for row in done.updated]
    told = done.model_copy(update={"imported": tuple(known), "updated": tuple(corrected), "dry_run": True})
    assert dry == told
    return done


def shown(examples, row):
    return examples.show(OPERATOR, row.id)


def test_every_problem_of_every_row_is_told_at_once(examples):
    bad = {"What": "", "Result": "#REF!", "RAG": "tbc", "OK": "N", "Nation": "Mars"}
    report = both(examples, sheet(bad, {"RAG": "amber", "OK": "perhaps"}))
    assert [(problem.row, problem.column) for problem in report.failed] == [
        (2, "Result"),
        (2, "RAG"),
        (2, "What"),
        (2, "OK"),
        (3, "RAG"),
        (3, "OK"),
    ]
    assert [(warned.row, warned.column) for warned in report.warnings] == [(2, "Nation")]
    assert (report.rows, report.failed_rows) == (2, 2)


def test_rows_with_unknown_optional_tags_are_kept_without_them(examples):
    tags = {"Pillars": "Workforce; environment", "Nation": "England & Wales", "When": "last spring", "Name": "#N/A"}
    report = both(examples, sheet(tags))
    [row] = report.imported
    view = shown(examples, row)
    assert (view.pillars, view.nation, view.happened_from) == (("environment",), None, None)
    assert view.title == ROW["What"]
    assert [warned.column for warned in report.warnings] == ["Name", "Pillars", "Nation", "When"]
    assert report.failed == ()


def test_when_it_happened_is_read(examples):
    view = shown(examples, both(examples, sheet({})).imported[0])
    assert (view.happened_from, view.happened_to) == ("2022-03", "2023")


def test_a_credit_that_nobody_understands_is_not_guessed(examples):
    mapping = read_mapping({"columns": {**MAPPING.columns, "credit": "Credit"}})
    report = import_rows(examples, mapping, [Row(2, ROW | {"Credit": "please do not name us"})], dry_run=False)
    assert [problem.column for problem in report.failed] == ["Credit"]


def test_a_reference_that_repeats(examples):
    report = both(examples, sheet({"Ref": "A"}, {"Ref": "A"}, {"Ref": "A", "What": "We dug beds."}))
    assert [problem.error for problem in report.failed] == [
        "It is the same as row 2.",
        "Ref 'A' is the same as row 2's, but the rest differs. Give each row its own Ref.",
    ]


def test_near_duplicates_are_counted_as_the_import_does(examples):
    rows = sheet({}, {"Name": "Bikes again"}, {"What": "We baked bread.", "Result": "It rose.", "Name": "Bread"})
    report = both(examples, rows)
    assert [row.duplicates for row in report.imported] == [0, 1, 0]


def test_a_corrected_row_changes_what_waits(examples):
    [first] = run(examples, sheet({})).imported
    examples.review(MODERATOR, first.id, Action.CLAIM)
    report = both(examples, sheet({"Result": "Sixty people cycle. NHS943 too."}))
    [updated] = report.updated
    assert (updated.id, updated.changes, updated.personal_data) == (first.id, ("what_happened",), 1)
    assert shown(examples, updated).what_happened == "Sixty people cycle. NHS943 too."
    again = both(examples, sheet({"Result": "Sixty people cycle. NHS943 too."}))
    assert (again.unchanged, again.updated, again.imported) == ((2,), (), ())
    back = both(examples, sheet({}))
    assert back.updated[0].changes == ("what_happened",)
    assert len(examples.list(OPERATOR, Selection())) == 1


def test_a_corrected_row_of_what_is_published_is_a_correction(examples):
    [first] = run(examples, sheet({})).imported
    examples.review(MODERATOR, first.id, Action.APPROVE)
    report = both(examples, sheet({"Result": "Sixty people cycle.", "Trust": "Other Trust"}))
    [updated] = report.updated
    assert (updated.id, updated.state, updated.changes) == (first.id, State.PUBLISHED, ("what_happened",))
    assert [warned.column for warned in report.warnings] == ["Trust"]
    assert shown(examples, first).what_happened == "Forty people cycle."
    # Corrected once more before anybody has looked.
    [more] = both(examples, sheet({"Result": "Seventy people cycle."})).updated
    assert more.correction == updated.correction
    examples.review(MODERATOR, updated.correction, Action.APPROVE)
    assert shown(examples, first).what_happened == "Seventy people cycle."
    assert shown(examples, first).organisation == "Sample Trust"
    assert both(examples, sheet({"Result": "Seventy people cycle."})).unchanged == (2,)


def test_a_moderators_tag_outlives_an_import(examples):
    [first] = run(examples, sheet({})).imported
    examples.tag(MODERATOR, first.id, nation=Nation.SCOTLAND)
    assert both(examples, sheet({})).unchanged == (2,)
    both(examples, sheet({"Result": "Sixty people cycle."}))
    assert shown(examples, first).nation == "scotland"


@pytest.mark.parametrize("action", [Action.DECLINE, Action.WITHDRAW])
def test_what_is_over_is_not_brought_back(examples, action):
    [first] = run(examples, sheet({})).imported
    if action is Action.DECLINE:
        examples.review(MODERATOR, first.id, action, "No.")
    else:
        examples.withdraw(MODERATOR, first.id, "No.")
    assert both(examples, sheet({})).unchanged == (2,)
    report = both(examples, sheet({"Result": "Sixty people cycle."}))
    assert "Give it another Ref to hand it in anew" in report.failed[0].error


def test_an_import_that_was_ended_goes_on(examples):
    from knowledge.examples.form import read_form
    from knowledge.examples.import_rows import request_of

    [row] = sheet({})
    values, _ = MAPPING.values_of(row.cells)
    form = read_form(values)
    kept = examples.draft(OPERATOR, form.content, form.author, "import", request_of(MAPPING, row.cells))
    [imported] = both(examples, [Row(2, row.cells | {"Result": "Sixty."})]).imported
    assert imported.id == kept.id
    assert shown(examples, imported).state is State.SUBMITTED
    assert shown(examples, imported).what_happened == "Sixty."
