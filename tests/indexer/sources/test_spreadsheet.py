"""Importing spreadsheets of examples as they really are: titles above, odd names, gaps, formulas, other encodings."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import pytest
import yaml

from indexer.pipeline import publisher
from indexer.sandbox import Limits
from indexer.sources.spreadsheet import read_rows, read_rows_bytes
from knowledge.domain.examples import OPERATOR, State
from knowledge.errors import ExampleError, SourceError
from knowledge.examples.column_mapping import read_mapping
from knowledge.examples.examples import Examples
from knowledge.examples.import_rows import import_rows
from knowledge.storage.example_protocols import Selection
from tests.fakes import Clock, WordCheck

MAPPING = {
    "columns": {
        "key": "Ref",
        "title": "Project name",
        "what": "What did you do?",
        "what_happened": "Outcome (free text)",
        "outcome": "RAG",
        "pillars": "Theme",
        "organisation": "Trust / Org",
        "nation": "Country",
    },
    "values": {"outcome": {"Green": "worked", "amber": "partly", "RED": "did_not_work"}},
    "defaults": {"clearance": True, "nation": "england", "credit": "organisation"},
}
HEADER = [
    " Ref",
    "Project\nname",
    "WHAT DID YOU DO?",
    "Outcome (free  text)",
    "RAG",
    "Theme",
    "Trust / Org",
    "Country",
    "Notes",
]
ROWS = [
    [
        1.0,
        "Bikes",
        "We mended bikes.",
        "People cycle, patient NHS943 too.",
        "Green",
        "Environment",
        "Sample Trust",
        "",
        "x",
    ],
    [None] * 9,
    [
        2.0,
        "Beds",
        "We dug beds.",
        "Slugs ate half.",
        " AMBER ",
        "estates; environment",
        "Sample Council",
        "Wales",
        None,
    ],
    [3.0, "Trees", "We planted trees.", "They died.", "purple", "Environment", "Sample Council", "Wales", None],
    [4.0, "Hens", "", "They left.", "red", "", "Sample Council", "", None],
    [5.0, "Ponds", "We dug a pond.", "#REF!", "red", "", "Sample Council", "", None],
    [1.0, "Bikes again", "We mended bikes.", "Same.", "green", "", "Sample Trust", "", None],
    [6.0, "Sheds", "We built sheds.", "They stand.", "red", "roads", "", date(2021, 1, 1), None],
]


@pytest.fixture
def workbook(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["Ref", "Nothing here"])
    sheet = book.create_sheet("Examples")
    sheet.append(["Sample collection 2021", None, None])
    sheet.append([])
    sheet.append(HEADER)
    for row in ROWS:
        sheet.append(row)
    path = tmp_path / "messy.xlsx"
    book.save(path)
    return path


@pytest.fixture
def examples(library):
    return Examples(library, publisher(library), WordCheck(), Clock())


def rows_of(path, mapping=MAPPING):
    read = read_mapping(mapping)
    return read, read_rows(path, read.columns.values(), 1_000_000, read.sheet)


def test_a_messy_workbook_row_by_row(examples, workbook):
    mapping, rows = rows_of(workbook)
    dry = import_rows(examples, mapping, rows, dry_run=True)
    assert examples.list(OPERATOR, Selection()) == []
    report = import_rows(examples, mapping, rows, dry_run=False)
    assert (dry.rows, report.rows) == (7, 7)
    assert [(row.row, row.title, row.personal_data) for row in report.imported] == [(4, "Bikes", 1), (6, "Beds", 0)]
    assert [(row.row, row.title, row.personal_data) for row in dry.imported] == [(4, "Bikes", 1), (6, "Beds", 0)]
    assert [(row.row, row.column) for row in report.failed] == [
        (7, "RAG"),
        (8, "What did you do?"),
        (9, "Outcome (free text)"),
        (10, "Ref"),
        (11, "Trust / Org"),
    ]
    assert dry.failed == report.failed
    assert "'purple'; use worked" in report.failed[0].error
    assert "Ref '1' is the same as row 4's, but the rest differs" in report.failed[3].error
    assert [(warned.row, warned.column) for warned in report.warnings] == [(11, "Theme"), (11, "Country")]
    views = examples.list(OPERATOR, Selection())
    assert [(view.state, view.title, view.outcome, view.nation) for view in views] == [
        (State.SUBMITTED, "Bikes", "worked", "england"),
        (State.SUBMITTED, "Beds", "partly", "wales"),
    ]
    assert views[1].pillars == ("estates", "environment")
    again = import_rows(examples, mapping, rows, dry_run=False)
    assert (again.imported, again.unchanged, again.failed) == ((), (4, 6), report.failed)
    assert len(examples.list(OPERATOR, Selection())) == 2


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t"), ("utf-8", ",")]
)
def test_csv_in_the_ways_that_programs_save_it(tmp_path, encoding, delimiter):
    path = tmp_path / "sheet.csv"
    lines = [["Ref", "What"], ["1", '"We opened a café; it\nhas 2, 3 tables"'], ["", ""], ["2"], ["3", "b", "extra"]]
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    rows = read_rows(path, ["what", "ref"], 10_000)
    assert [row.cells for row in rows] == [
        {"ref": "1", "what": "We opened a café; it\nhas 2, 3 tables"},
        {"ref": "2", "what": ""},
        {"ref": "3", "what": "b"},
    ]


def test_a_mapping_may_be_a_plain_object_either_way_round():
    plain = read_mapping({"what": "What", "outcome": "RAG"})
    assert plain.columns == {"what": "What", "outcome": "RAG"}
    assert read_mapping({"What": "what", "RAG": "outcome"}) == plain


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ([], "must be an object"),
        ({"columns": {"nothing": "What"}}, "names nothing, which is no field"),
        ({"columns": {"what": 3}}, "not usable: columns.what"),
        ({"columns": {"what": "What"}, "extra": 1}, "not usable: extra"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(mapping, message):
    with pytest.raises(ExampleError, match=message):
        read_mapping(mapping)


def test_what_is_no_spreadsheet_is_refused(tmp_path, workbook):
    broken = tmp_path / "broken.xlsx"
    for content in (b"PK\x03\x04 cut short", workbook.read_bytes()[:2000], b"plain text"):
        broken.write_bytes(content)
        with pytest.raises(SourceError, match="not an Excel workbook"):
            read_rows(broken, ["Ref"], 1_000_000)
    with pytest.raises(SourceError, match="no sheet named Other; it has Read me, Examples"):
        read_rows(workbook, ["Ref"], 1_000_000, "Other")
    with pytest.raises(SourceError, match="missing: Cost"):
        read_rows(workbook, ["Ref", "Cost"], 1_000_000)
    with pytest.raises(SourceError, match="HALN_MAX_FILE_MB"):
        read_rows(workbook, ["Ref"], 100)
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"a,b\0c")
    with pytest.raises(SourceError, match="not a CSV file"):
        read_rows(binary, ["a"], 1000)


def test_a_workbook_that_unpacks_to_far_too_much_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    with pytest.raises(SourceError, match="unpacks to more"):
        read_rows_bytes("bomb.xlsx", packed.getvalue(), ["Ref"], most_unpacked=1_000_000)


def test_the_report_is_json(examples, workbook):
    mapping, rows = rows_of(workbook)
    report = json.loads(import_rows(examples, mapping, rows, dry_run=True).model_dump_json())
    assert {"dry_run", "rows", "imported", "updated", "unchanged", "failed", "warnings"} == set(report)


def test_examples_are_read_from_merged_cells_and_not_from_what_is_hidden(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Theme", "What"], ["Jobs", "Hired"], [None, "Trained"], [None, "Withdrawn"], ["Land", "Dug"]):
        sheet.append(row)
    sheet.merge_cells("A2:A4")
    sheet.row_dimensions[4].hidden = True
    old = book.create_sheet("Old", 0)
    old.append(["Theme", "What"])
    old.append(["Jobs", "Old"])
    old.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    rows = read_rows(tmp_path / "a.xlsx", ["Theme", "What"], 1_000_000)
    assert [(row.number, *row.cells.values()) for row in rows] == [
        (2, "Jobs", "Hired"),
        (3, "Jobs", "Trained"),
        (5, "Land", "Dug"),
    ]
    assert [row.cells["What"] for row in read_rows(tmp_path / "a.xlsx", ["What"], 1_000_000, "Old")] == ["Old"]


def test_commas_within_the_cells_of_a_file_of_semicolons_part_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("Theme;What\nJobs;Food, fuel, transport, and training\n")
    (row,) = read_rows(tmp_path / "a.csv", ["What"], 1_000_000)
    assert row.cells == {"What": "Food, fuel, transport, and training"}


def test_a_sheet_is_read_in_a_process_of_its_own(workbook, monkeypatch):
    def never(*_):
        raise AssertionError("read in this process")

    monkeypatch.setattr("indexer.sources.spreadsheet.read_rows_bytes", never)
    assert [row.number for row in read_rows(workbook, ["Ref", "RAG"], 1_000_000)][:2] == [4, 6]


def test_a_sheet_that_costs_too_much_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("indexer.sources.spreadsheet.LIMITS", Limits(output_bytes=100))
    path = tmp_path / "long.csv"
    path.write_text("What\n" + "word " * 1000 + "\n")
    with pytest.raises(SourceError, match=r"long\.csv: it holds more than"):
        read_rows(path, ["What"], 1_000_000)


@pytest.mark.shared
def test_the_cases(shared, examples):
    folder = shared / "cases" / "people"
    for name in ("map1.yaml", "map2.yaml"):
        mapping, rows = rows_of(folder / "messy.xlsx", yaml.safe_load((folder / name).read_text()))
        dry = import_rows(examples, mapping, rows, dry_run=True)
        report = import_rows(examples, mapping, rows, dry_run=False)
        assert [row.model_copy(update={"id": None}) for row in report.imported] == list(dry.imported)
        assert [row.model_copy(update={"correction": None}) for row in report.updated] == list(dry.updated)
        assert (dry.failed, dry.warnings, dry.unchanged) == (report.failed, report.warnings, report.unchanged)
    merged = read_rows(folder / "merged_cells.xlsx", ["Org", "Title"], 1_000_000)
    assert [row.cells["Org"] for row in merged] == ["Big Trust"] * 3
