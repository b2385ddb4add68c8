"""Slide decks: titles alone, hidden slides, merged cells, groups, notes, charts."""

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from indexer.parsing import parse_file
from tests.indexer.makers import slides

PLACE = (Inches(1), Inches(2), Inches(4), Inches(1))


def titled(deck, title=None):
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    if title:
        slide.shapes.title.text = title
    return slide


def read(build):
    parsed = parse_file("talk.pptx", slides(build))
    return parsed, [(section.heading_path, section.locator, section.text) for section in parsed.sections]


def test_titles_alone_are_read_each_under_its_slide_and_empty_slides_say_nothing():
    def build(deck):
        for title in ("Welcome", None, "Pay matters most"):
            titled(deck, title)

    parsed, sections = read(build)
    assert parsed.title == "Welcome"
    assert sections == [((), "slide 1", "Welcome"), ((), "slide 3", "Pay matters most")]


def test_hidden_slides_and_shapes_stay_out_with_their_notes_and_are_named():
    def build(deck):
        slide = titled(deck, "Shown")
        slide.shapes.add_textbox(*PLACE).text_frame.text = "Seen."
        box = slide.shapes.add_textbox(*PLACE)
        box.text_frame.text = "Unseen."
        box._element.nvSpPr.cNvPr.set("hidden", "1")
        hidden = titled(deck, "Draft")
        hidden._element.set("show", "0")
        hidden.notes_slide.notes_text_frame.text = "We may close."

    parsed, sections = read(build)
    assert sections == [(("Shown",), "slide 1", "Seen.")]
    assert [(each.reason, each.text) for each in parsed.left_out] == [
        ("hidden shapes", "Unseen."),
        ("hidden slides", "slide 2: Draft We may close."),
    ]


def test_a_table_says_merged_cells_in_each_row_and_a_group_is_read():
    def build(deck):
        slide = titled(deck, "Table")
        table = slide.shapes.add_table(4, 3, *PLACE).table
        texts = ["Year", "Site", "Starters", "2024", "Ashcombe", "62", "", "Millbrook", "31", "2025", "Paused", ""]
        for place, text in enumerate(texts):
            table.cell(place // 3, place % 3).text = text
        table.cell(1, 0).merge(table.cell(2, 0))
        table.cell(3, 1).merge(table.cell(3, 2))
        group = slide.shapes.add_group_shape()
        group.shapes.add_group_shape().shapes.add_textbox(*PLACE).text_frame.text = "Deep in groups"

    _, [(_, _, text)] = read(build)
    assert set(text.replace("\n\n", "\n").split("\n")) == {
        "- Year: 2024; Site: Ashcombe; Starters: 62",
        "- Year: 2024; Site: Millbrook; Starters: 31",
        "- Year: 2025; Site: Paused",
        "Deep in groups",
    }


def test_two_columns_of_labels_and_figures_have_no_names_above_them():
    def build(deck):
        table = titled(deck, "Figures").shapes.add_table(2, 2, *PLACE).table
        for place, text in enumerate(["Staff", "4,000", "Sites", "12"]):
            table.cell(place // 2, place % 2).text = text

    assert read(build)[1][0][2] == "- Staff | 4,000\n- Sites | 12"


def test_a_chart_says_its_figures():
    def build(deck):
        data = CategoryChartData()
        data.categories = ["2023", "2024"]
        data.add_series("Starters", (40, 62))
        titled(deck, "Growth").shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *PLACE, data)

    assert read(build)[1] == [(("Growth",), "slide 1", "- 2023; Starters: 40\n- 2024; Starters: 62")]


def test_two_rows_of_names_are_joined():
    def build(deck):
        table = titled(deck, "Table").shapes.add_table(3, 3, *PLACE).table
        for place, text in enumerate(["Site", "2024", "", "", "Women", "Men", "Ashcombe", "11", "7"]):
            table.cell(place // 3, place % 3).text = text
        table.cell(0, 1).merge(table.cell(0, 2))
        table.cell(0, 0).merge(table.cell(1, 0))

    assert read(build)[1][0][2] == "- Site: Ashcombe; 2024, Women: 11; 2024, Men: 7"
