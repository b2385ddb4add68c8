"""OpenDocument files as LibreOffice writes them."""

import pytest

from indexer.parsing import parse_file
from knowledge.errors import SourceError
from tests.indexer.office_makers import opendocument

STYLES = (
    '<style:style style:name="Unseen" style:family="text"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="Strong" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Top" style:family="paragraph" style:parent-style-name="Title"/>'
    '<style:style style:name="Away" style:family="table"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="Off" style:family="drawing-page"><style:drawing-page-properties '
    'presentation:visibility="hidden"/></style:style>'
)


def read(name, body):
    kind = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}[name]
    parsed = parse_file(f"a.{name}", opendocument(kind, body, STYLES))
    return parsed, [(section.heading_path, section.locator, section.text) for section in parsed.sections]


def left(parsed):
    return [(each.reason, each.text) for each in parsed.left_out]


def test_a_text_with_all_that_hangs_on_it():
    parsed, sections = read(
        "odt",
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>forty</text:p></text:deletion>"
        '</text:changed-region></text:tracked-changes><text:p text:style-name="Top">Our plan</text:p>'
        "<text:table-of-content><text:index-body><text:p>Aims 3</text:p></text:index-body></text:table-of-content>"
        '<text:h text:outline-level="1">Aims</text:h><text:p>We hire<text:s text:c="2"/>local<text:note>'
        "<text:note-citation>1</text:note-citation><text:note-body><text:p>Payroll.</text:p>"
        "</text:note-body></text:note>"
        " people<office:annotation><text:p>Sure?</text:p></office:annotation>.<text:span"
        ' text:style-name="Unseen">Secret.'
        "</text:span></text:p><text:list><text:list-item><text:p>Plant trees</text:p></text:list-item><text:list-item>"
        "<text:p>Buy</text:p></text:list-item></text:list><text:section><text:p>One<text:line-break/>Two</text:p>"
        '</text:section><text:section text:display="none"><text:p>Hidden part.</text:p></text:section>'
        "<text:p>Before.<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box></draw:frame></text:p>"
        '<text:h text:outline-level="2">Bare</text:h>',
    )
    assert (parsed.title, parsed.front_matter["author"]) == ("Our plan", "Sam Sample")
    assert sections == [
        (
            ("Aims",),
            None,
            "We hire local people.\n\nNote 1: Payroll.\n- Plant trees\n-"
            " Buy\n\nOne\n\nTwo\n\nBefore.\n\nIn a box.\n\nBare",
        )
    ]
    assert left(parsed) == [
        ("tracked deletions", "forty"),
        ("tables of contents", "Aims 3"),
        ("comments", "Sure?"),
        ("hidden text", "Secret."),
        ("hidden text", "Hidden part."),
    ]


def cells(*texts, **attributes):
    said = " ".join(f'table:{name.replace("_", "-")}="{value}"' for name, value in attributes.items())
    return "".join(
        f"<table:table-cell {said if not place else ''}>{text if text.startswith('<') else f'<text:p>{text}</text:p>'}"
        "</table:table-cell>"
        for place, text in enumerate(texts)
    )


def test_a_table_in_a_text():
    body = (
        f"<table:table><table:table-header-rows><table:table-row>{cells('Year', 'Work')}</table:table-row>"
        "</table:table-header-rows>"
        f"<table:table-row>{cells('2024', '<text:p>Hire</text:p><text:p>Buy</text:p>', number_rows_spanned=2)}"
        f"</table:table-row><table:table-row><table:covered-table-cell/>{cells('Sell')}</table:table-row></table:table>"
    )
    assert read("odt", body)[1][0][2] == "- Year: 2024; Work: Hire; Buy\n- Year: 2024; Work: Sell"


def test_sheets_say_merged_cells_in_each_row_and_leave_out_what_is_hidden():
    row = "<table:table-row {}>{}</table:table-row>".format
    parsed, sections = read(
        "ods",
        '<table:table table:name="Hires"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        + row("", cells("Region", "Trust", "Mobile", "Opened"))
        + row(
            "",
            cells("North", "A", "07700", "<text:p>01/03/24</text:p>", number_rows_spanned=2).replace(
                "<table:table-cell ><text:p>01", '<table:table-cell office:date-value="2024-03-01"><text:p>01'
            ),
        )
        + row("", "<table:covered-table-cell/>" + cells("B", "07701", "May"))
        + row('table:visibility="filter"', cells("Gone", "C"))
        + row('table:number-rows-repeated="1048000"', '<table:table-cell table:number-columns-repeated="16384"/>')
        + '</table:table><table:table table:name="Old" table:style-name="Away">'
        + row("", cells("withdrawn"))
        + "</table:table>",
    )
    assert sections == [
        ((), "rows 2–3", "- Region: North; Trust: A; Opened: 1 March 2024\n- Region: North; Trust: B; Opened: May")
    ]
    assert left(parsed) == [
        ("hidden rows", "Gone C"),
        ("hidden columns", "Mobile 07700 07701"),
        ("hidden sheets", "Old withdrawn"),
    ]


def test_slides_have_numbers_and_notes_and_hidden_ones_stay_out():
    def shape(text, kind="", y="1cm"):
        return (
            f'<draw:frame presentation:class="{kind}" svg:y="{y}"><draw:text-box><text:p>{text}</text:p>'
            "</draw:text-box>"
            "</draw:frame>"
        )

    parsed, sections = read(
        "odp",
        f"<draw:page>{shape('Below', 'outline', '5cm')}<draw:g>{shape('Above')}"
        f"</draw:g>{shape('Results', 'title', '9cm')}"
        f"{shape('4', 'page-number')}<presentation:notes>{shape('Say it slowly.', 'notes')}"
        "</presentation:notes></draw:page>"
        f'<draw:page draw:style-name="Off">{shape("Draft", "title")}</draw:page>'
        f"<draw:page>{shape('Thanks', 'title')}</draw:page>",
    )
    assert parsed.title == "Results"
    assert sections == [
        (("Results",), "slide 1", "Above\n\nBelow\n\nSay it slowly."),
        ((), "slide 3", "Thanks"),
    ]
    assert left(parsed) == [("slide footers", "4"), ("hidden slides", "slide 2: Draft")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.odt", opendocument("text", "", manifest="<encryption-data/>"), "protected with a password"),
        ("a.odt", opendocument("spreadsheet", ""), "no text"),
        ("a.ods", b"PK\x03\x04", "damaged"),
        ("a.odp", opendocument("presentation", "<draw:page/>"), "no text in it"),
    ],
)
def test_what_cannot_be_read_says_why(name, content, message):
    with pytest.raises(SourceError, match=message):
        parse_file(name, content)
