"""Sheets as people make them: titles, several rows of names, merged and hidden cells, several tables."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from indexer.parsing import parse_file
from indexer.parsing.tables_csv import delimiter_of

N = None


def book(rows, merged=(), bold=(), change=None):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    for number in bold:
        for each in sheet[number]:
            each.font = Font(bold=True)
    if change:
        change(made)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(*arguments, **keywords):
    parsed = parse_file("a.xlsx", book(*arguments, **keywords))
    return [(*section.heading_path, *section.text.replace("- ", "").split("\n")) for section in parsed.sections]


HIRES = [["Site", "Starters"], ["Ashcombe", 12], ["Millbrook", 9]]
SPEND = [["Supplier", "Amount"], ["Greenway", 100], ["Bakery", 20]]
READ_HIRES = ("Site: Ashcombe; Starters: 12", "Site: Millbrook; Starters: 9")
READ_SPEND = ("Supplier: Greenway; Amount: 100", "Supplier: Bakery; Amount: 20")


def beside(left, right):
    return [[*a, N, *b] for a, b in zip(left, right, strict=True)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Hires"], *HIRES, [], ["Spend"], *SPEND], [("Hires", *READ_HIRES), ("Spend", *READ_SPEND)]),
        ([*HIRES, [], *SPEND], [READ_HIRES, READ_SPEND]),
        ([*HIRES, ["Spend"], *SPEND], [READ_HIRES, ("Spend", *READ_SPEND)]),
        (beside(HIRES, SPEND), [READ_HIRES + READ_SPEND]),
        (beside([["Hires", N], *HIRES], [["Spend", N], *SPEND]), [("Hires", *READ_HIRES), ("Spend", *READ_SPEND)]),
        ([*beside(HIRES, SPEND), ["Coldwell", 3]], [(*READ_HIRES, "Site: Coldwell; Starters: 3"), READ_SPEND]),
        ([HIRES[0], HIRES[1], [], HIRES[2]], [READ_HIRES]),
        ([HIRES[0], HIRES[1], HIRES[0], HIRES[2]], [READ_HIRES[:1], READ_HIRES[1:]]),
        ([["Site", "Ward", N, "Amount"], ["A", "East", N, 5]], [("Site: A; Ward: East; Amount: 5",)]),
    ],
)
def test_two_tables_in_a_sheet_keep_their_own_names_and_one_with_gaps_stays_one(rows, expected):
    assert read(rows) == expected


@pytest.mark.parametrize(
    ("rows", "merged", "expected"),
    [
        (
            [["PROGRESS"], [], ["Task", N, "Owner"], ["Design", N, "Ana"]],
            (),
            [("PROGRESS", "Task: Design; Owner: Ana")],
        ),
        (
            [["Spend report", N, "Printed 3 May 2025"], ["Supplier", "Ward", "Amount"], ["Greenway", "East", 5]],
            (),
            [("Spend report", "Printed 3 May 2025"), ("Spend report", "Supplier: Greenway; Ward: East; Amount: 5")],
        ),
        ([["Plan"], [], ["Task", "Cost"], [], ["Design", 4]], (), [("Plan", "Task: Design; Cost: 4")]),
        (
            [[N, "2024", N], ["Site", "Women", "Men"], ["A", 1, 2]],
            ("B1:C1",),
            [("Site: A; 2024, Women: 1; 2024, Men: 2",)],
        ),
        (
            [[N, 2024, N, 2025, N], ["Site", "W", "M", "W", "M"], ["A", 1, 2, 3, 4]],
            (),
            [("Site: A; 2024, W: 1; 2024, M: 2; 2025, W: 3; 2025, M: 4",)],
        ),
        (
            [["Site", "2024", N, "Notes"], [N, "W", "M", N], ["A", 1, 2, "x"]],
            ("A1:A2", "B1:C1", "D1:D2"),
            [("Site: A; 2024, W: 1; 2024, M: 2; Notes: x",)],
        ),
        ([["Site", 2023, 2024], ["A", 5, 6]], (), [("Site: A; 2023: 5; 2024: 6",)]),
        (
            [["Region", "Trust", "N"], ["North", "x", 1], [N, "y", 2]],
            ("A2:A3",),
            [("Region: North; Trust: x; N: 1", "Region: North; Trust: y; N: 2")],
        ),
        ([["Trust", "N"], ["A", 3], ["Source: payroll"]], (), [("Trust: A; N: 3", "Source: payroll")]),
        (
            [["Lead", "Jo"], ["Staff", 4000], ["Founded", 2019], ["Town", "Ashcombe"]],
            (),
            [("Lead: Jo", "Staff: 4000", "Founded: 2019", "Town: Ashcombe")],
        ),
        ([["Aim:", "Jobs"], ["Status:", "Done"]], (), [("Aim: Jobs", "Status: Done")]),
        ([["A", 1], ["B", 2]], (), [("A: 1", "B: 2")]),
        ([["Ideas"], ["Plant trees"]], (), [("Ideas", "Plant trees")]),
        (
            [["Name", "Role", N], ["Ana", "Lead", "x"], ["Jo", "Chair", "y"]],
            (),
            [("Name: Ana; Role: Lead; x", "Name: Jo; Role: Chair; y")],
        ),
    ],
)
def test_the_names_of_columns_are_found(rows, merged, expected):
    assert read(rows, merged) == expected


def test_what_is_hidden_stays_out_and_is_named():
    def hide(made):
        sheet = made.active
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True
        archive = made.create_sheet("Archive")
        archive.append(["Old", "withdrawn"])
        archive.sheet_state = "veryHidden"

    rows = [["Scheme", "Mobile", "Outcome"], ["Hub", "07700", "12 starters"], ["Draft", "07701", "none"]]
    parsed = parse_file("a.xlsm", book(rows, change=hide))
    assert [section.text for section in parsed.sections] == ["- Scheme: Hub; Outcome: 12 starters"]
    assert [(each.reason, each.text) for each in parsed.left_out] == [
        ("hidden rows", "Draft 07701 none"),
        ("hidden columns", "Mobile 07700"),
        ("hidden sheets", "Archive Old withdrawn"),
    ]


def test_a_merged_cell_whose_first_column_is_hidden_is_said_in_the_next():
    def hide(made):
        made.active.column_dimensions["A"].hidden = True

    rows = [["No", "Region", "Trust", "N"], ["North", N, "x", 1], [N, N, "y", 2]]
    assert read(rows, ["A2:B3"], change=hide) == [("Region: North; Trust: x; N: 1", "Region: North; Trust: y; N: 2")]


def test_a_merge_over_every_cell_there_can_be_takes_no_time():
    assert read([["Note"], ["text"]], change=lambda made: made.active.merged_cells.add("A1:XFD1048576")) != []


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Site;Notes\nA;Food, fuel, and, more\nB;x, y", ";"),
        ("Site;Share\nA;1,5\nB;2,5\nC;0,1", ";"),
        ('Site,Notes\nA,"x; y; z"\nB,"a; b"', ","),
        ("Site\tNotes\nA\tx, y; z\nB\tv, w", "\t"),
        ("a|b\n1|2,3", "|"),
        ('Spend report\n\nSite,"Notes, short",Year\nA,b,2024', ","),
        ("one\ntwo", ","),
    ],
)
def test_the_delimiter_is_the_one_that_gives_rows_of_equal_length(text, delimiter):
    assert delimiter_of(text)[0] == delimiter


def test_a_first_line_may_name_the_delimiter_and_tabs_may_be_named_by_the_ending():
    assert parse_file("a.csv", b"sep=;\nSite;Note\nA;x, y\n").sections[0].text == "- Site: A; Note: x, y"
    assert parse_file("a.tsv", b"Site\tNote\nA\tx, y\n").sections[0].text == "- Site: A; Note: x, y"


def test_boxes_over_a_sheet_are_read_and_comments_named():
    xlsxwriter = pytest.importorskip("xlsxwriter")
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    sheet = made.add_worksheet("a")
    sheet.write_row(0, 0, ["Site", "Starters"])
    sheet.write_row(1, 0, ["Ashcombe", 12])
    sheet.insert_textbox(4, 4, "Figures are for the year to March.")
    sheet.write_comment("B2", "Check this.")
    made.close()
    parsed = parse_file("a.xlsx", buffer.getvalue())
    assert "Figures are for the year to March." in [section.text for section in parsed.sections]
    assert [each.reason for each in parsed.left_out] == ["comments"]
