"""PDF layouts that real reports have: raised digits, wide line spacing, tabs, key figures, large type, forms."""

import re

import pytest
from reportlab.lib.pagesizes import A4

from indexer.parsing import parse_file
from tests.indexer.makers import wrapped
from tests.indexer.pdf_makers import form_pdf, placed_pdf, prose, runs_pdf, spaced_pdf

ORCHARDS = (
    "The council planted forty pear trees beside the old canal in the first winter, and the neighbours watered them "
    "by hand until the pump was mended. Each family that helped took two baskets home in the autumn of that year."
)
CELLARS = (
    "The cellars were dug by a group of retired miners who met on Thursdays, and who were paid in cider and bread. "
    "Nobody kept count of the hours, but the work took about nine weeks from the first spade to the last shelf."
)


def sections(content):
    return parse_file("report.pdf", content).sections


def text_of(content):
    return "\n\n".join(section.text for section in sections(content))


@pytest.mark.parametrize(
    ("runs", "said"),
    [
        (
            [("It rose to 31% in 2024", 11, 0), ("2", 7, 4), (" and stays there.", 11, 0)],
            "It rose to 31% in 2024 and stays there.",
        ),
        (
            [("It rose to 31% in 2024", 11, 0), ("12,13", 7, 4), (". Then it fell.", 11, 0)],
            "It rose to 31% in 2024. Then it fell.",
        ),
        ([("Deprivation", 11, 0), ("3", 6, 5), (", it says, fell.", 11, 0)], "Deprivation, it says, fell."),
        ([("Paid work for 48", 11, 0), ("*", 11, 4), (" people.", 11, 0)], "Paid work for 48 people."),
        ([("A field of 40 m", 11, 0), ("2", 7, 4), (" was sown.", 11, 0)], "A field of 40 m² was sown."),
        ([("On the 1", 11, 0), ("st", 7, 4), (" of May.", 11, 0)], "On the 1st of May."),
        ([("About 5 × 10", 11, 0), ("6", 7, 4), (" bees.", 11, 0)], "About 5 × 10⁶ bees."),
        ([("Of CO", 11, 0), ("2", 7, -2), (" 31 tonnes.", 11, 0)], "Of CO2 31 tonnes."),
        ([("2", 7, 4), ("Source: the council's own count.", 11, 0)], "2 Source: the council's own count."),
        ([("It was 31 in 2024² and 40 m² large.", 11, 0)], "It was 31 in 2024 and 40 m² large."),
    ],
)
def test_raised_digits_are_no_part_of_the_number_before_them_and_powers_stay(runs, said):
    text = text_of(runs_pdf([("The year began as it had to.", 11, 0)], runs, [("Nothing more was said.", 11, 0)]))
    assert said in re.split(r"(?<=\.)\s+(?=Nothing)|\n\n|(?<=had to\.) ", text)


def test_marks_of_footnotes_are_named_as_left_out():
    parsed = parse_file("report.pdf", runs_pdf([("In 2024", 11, 0), ("7", 7, 4), (" it rose.", 11, 0)]))
    assert [(left.reason, left.text) for left in parsed.left_out] == [("footnote marks", "7")]


@pytest.mark.parametrize("step", [1.0, 1.15, 1.5, 2.0, 2.5])
@pytest.mark.parametrize(("gap", "indent"), [(0.8, 0), (0.0, 20)])
def test_paragraphs_survive_any_line_spacing(step, gap, indent):
    text = text_of(spaced_pdf([ORCHARDS, CELLARS, ORCHARDS], step=step, gap=gap * step, indent=indent))
    assert text == f"{ORCHARDS}\n\n{CELLARS}\n\n{ORCHARDS}"


def test_a_quotation_set_closer_than_the_text_stays_apart_from_it():
    lines = [
        *prose(ORCHARDS, step=2.0),
        *prose(CELLARS, y=560, step=1.2, x=90, width=400),
        *prose(ORCHARDS, y=460, step=2.0),
    ]
    assert text_of(placed_pdf(lines)) == f"{ORCHARDS}\n\n{CELLARS}\n\n{ORCHARDS}"


def columns(first, second):
    """Two columns whose lines stand at other heights, as with frames."""
    return [*prose(first * 3, width=220), *prose(second * 3, x=310, y=696, width=220)]


@pytest.mark.parametrize(("x", "degrees"), [(25, 90), (580, -90)])
def test_a_tab_at_the_edge_cuts_no_column_in_two(x, degrees):
    tab = (x, 500, 14, "Employment and skills", "Helvetica-Bold", degrees)
    parsed = parse_file("report.pdf", placed_pdf([tab, *columns(f"{ORCHARDS} ", f"{CELLARS} ")]))
    (section,) = parsed.sections
    assert section.heading_path == ()
    assert " ".join(section.text.split()) == f"{f'{ORCHARDS} ' * 3}{f'{CELLARS} ' * 3}Employment and skills"


def test_a_tab_that_every_page_has_is_left_out_and_named():
    tab = (25, 500, 14, "Our work", "Helvetica-Bold", 90)
    parsed = parse_file("report.pdf", placed_pdf([tab, *prose(ORCHARDS)], [tab, *prose(CELLARS)]))
    assert [section.text for section in parsed.sections] == [ORCHARDS, CELLARS]
    assert [(left.reason, left.text) for left in parsed.left_out] == [("running headers and footers", "Our work")] * 2


@pytest.mark.parametrize("rotate", [0, 90, 270])
def test_a_page_that_is_turned_as_a_whole_is_read_as_one_that_stands(rotate):
    # Drawn upwards on an upright page, as programs do with wide tables.
    lines = [(100 + 14 * n, 60, 11, line, "Helvetica", 90) for n, line in enumerate(wrapped(ORCHARDS, 600))]
    assert text_of(placed_pdf(lines, pagesize=A4, rotate=rotate)) == ORCHARDS


def test_key_figures_are_read_with_their_captions():
    figures = [
        ("62%", "of new starters", "live in the ward"),
        ("48", "apprentices", "in three years"),
        ("£1.4m", "spent with", "local firms"),
    ]
    lines = [(60, 780, 20, "A year in numbers"), *prose(ORCHARDS, y=740)]
    for column, (number, *captions) in enumerate(figures):
        x = 60 + 160 * column
        lines += [
            (x, 600, 36, number, "Helvetica-Bold"),
            *((x, 580 - 13 * n, 11, said) for n, said in enumerate(captions)),
        ]
    text = text_of(placed_pdf(lines))
    assert text.split("\n\n")[1:] == [
        "62% of new starters live in the ward",
        "48 apprentices in three years",
        "£1.4m spent with local firms",
    ]


def test_a_key_figure_with_its_words_beside_it():
    lines = [*prose(ORCHARDS, y=780)]
    for row, (number, one, two) in enumerate(
        [("1 in 5", "people who came", "were under thirty"), ("300+", "trees were", "planted")]
    ):
        y = 600 - 80 * row
        lines += [(60, y, 30, number), (160, y + 14, 11, one), (160, y, 11, two)]
    assert text_of(placed_pdf(lines)).split("\n\n")[1:] == [
        "1 in 5 people who came were under thirty",
        "300+ trees were planted",
    ]


def test_large_type_that_heads_nothing_is_text():
    lines = [
        (60, 780, 24, "Orchard day"),
        (60, 740, 15, "Saturday 6 June 2028"),
        (60, 720, 15, "Hollybank School"),
        (60, 680, 18, "What happens"),
        *prose(ORCHARDS, y=650),
        (60, 500, 15, "Bring a spade"),
    ]
    parsed = parse_file("report.pdf", placed_pdf(lines))
    assert parsed.title == "Orchard day"
    assert [(s.heading_path, s.text) for s in parsed.sections] == [
        ((), "Saturday 6 June 2028\n\nHollybank School"),
        (("What happens",), f"{ORCHARDS}\n\nBring a spade"),
    ]


def test_a_quotation_in_large_type_is_text():
    quote = "We asked the neighbours what they wanted first, and they said that it was shade for the bus stop."
    lines = [*prose(ORCHARDS, y=760), *prose(quote, y=640, size=18), *prose(CELLARS, y=540)]
    (section,) = sections(placed_pdf(lines))
    assert section.text == f"{ORCHARDS}\n\n{quote}\n\n{CELLARS}"


def test_what_the_first_page_calls_itself_stays_where_the_file_says_something_else():
    lines = [(60, 780, 24, "Pears for everybody"), *prose(ORCHARDS, y=700)]
    parsed = parse_file("report.pdf", placed_pdf(lines, title="Report 7 of the trust"))
    assert parsed.title == "Report 7 of the trust"
    assert parsed.sections[0].heading_path == ("Pears for everybody",)


def test_running_headers_and_page_numbers_are_named_as_left_out():
    pages = [
        [(60, 815, 8, "Sample Trust"), *prose(text), (60, 30, 8, str(number))]
        for number, text in enumerate([ORCHARDS, CELLARS, ORCHARDS], 1)
    ]
    left_out = parse_file("report.pdf", placed_pdf(*pages)).left_out
    assert [left.text for left in left_out if left.reason == "running headers and footers"] == ["Sample Trust"] * 3
    assert [left.text for left in left_out if left.reason == "page numbers"] == ["1", "2", "3"]


def filled(canvas, form):
    canvas.drawString(60, 760, "Plan of the supplier")
    canvas.drawString(60, 730, "Jobs promised:")
    form.textfield(name="jobs", value="48 in Eastbrook", x=260, y=722, width=200, height=20)
    canvas.drawString(60, 700, "Living wage paid?")
    form.checkbox(name="wage", checked=True, x=260, y=695, size=18)
    canvas.drawString(60, 670, "Trades union recognised?")
    form.checkbox(name="union", checked=False, x=260, y=665, size=18)
    canvas.drawString(60, 640, "In your own words")
    form.textfield(
        name="words",
        value="We hire in the ward.\nWe train there.",
        x=60,
        y=590,
        width=300,
        height=44,
        fieldFlags="multiline",
    )
    form.choice(
        name="town",
        value="Westbrook",
        options=["Eastbrook", "Westbrook"],
        x=60,
        y=450,
        width=120,
        height=20,
        tooltip="Town",
    )


def test_values_of_a_form_are_read_after_their_labels():
    text = text_of(form_pdf(filled))
    assert "Jobs promised: 48 in Eastbrook" in text
    assert "Living wage paid? ☑" in text
    assert "Trades union recognised? ☐" in text
    assert "In your own words\n\nWe hire in the ward.\n\nWe train there." in text
    assert "Town: Westbrook" in text


def test_ligatures_are_written_out():
    from indexer.parsing.pdf.letters import spelt_out
    from indexer.parsing.pdf.order import PageText, Piece

    def said(*texts):
        pieces = [Piece(text, 0, 0, 100, 10, 10, False) for text in texts]
        return [piece.text for page in spelt_out([PageText(1, 500, 800, pieces, False)]) for piece in page.pieces]

    assert said("The ﬁrst eﬀort of the oﬃce") == ["The first effort of the office"]
    sign, other, third = "\ue01f", "\ue003", "\ue010"
    assert said(f"people are identi{sign}ed by the {sign}rst bene{sign}t") == [
        "people are identified by the first benefit"
    ]
    assert said(f"di{other}erent e{other}orts", f"organisa{third}on and na{third}onal") == [
        "different efforts",
        "organisation and national",
    ]
    assert said(f"a {sign} b") == ["a b"]


def test_three_columns_are_read_one_after_the_other():
    lines = [
        line
        for n in range(3)
        for line in prose(f"Column {n} begins. {ORCHARDS} {CELLARS}", x=40 + 180 * n, y=780, size=9, width=160)
    ]
    said = " ".join(f"Column {n} begins. {ORCHARDS} {CELLARS}" for n in range(3))
    for drawn in (lines, sorted(lines, key=lambda line: -line[1])):
        assert " ".join(text_of(placed_pdf(drawn)).split()) == said


def test_the_numbers_of_a_table_at_a_pages_edge_are_no_page_numbers():
    def table(top, *rows):
        return [(60 + 150 * n, top - 20 * r, 10, cell) for r, row in enumerate(rows) for n, cell in enumerate(row)]

    first = table(810, ("Town", "Jobs", "Hours"), ("Eastbrook", "40", "12"), ("Millbrook", "7", "3"))
    second = table(810, ("Hill", "5", "1"), ("Bridge", "9", "2"))
    parsed = parse_file("report.pdf", placed_pdf([*first, (300, 30, 8, "7")], [*second, (300, 30, 8, "8")]))
    text = " ".join(" ".join(section.text for section in parsed.sections).split())
    assert text == "Town Jobs Hours Eastbrook 40 12 Millbrook 7 3 Hill 5 1 Bridge 9 2"
    assert [left.text for left in parsed.left_out if left.reason == "page numbers"] == ["7", "8"]


def test_a_chapters_number_is_part_of_its_heading():
    lines = [(60, 790, 26, "Annual report")]
    for n, name in enumerate(("Jobs", "Buying"), start=1):
        lines += [(60, 800 - 140 * n, 30, str(n)), (85, 800 - 140 * n, 16, name), *prose(ORCHARDS, y=770 - 140 * n)]
    parsed = parse_file("report.pdf", placed_pdf(lines))
    assert parsed.title == "Annual report"
    assert [section.heading_path for section in parsed.sections] == [("1 Jobs",), ("2 Buying",)]


def test_a_heading_as_large_as_the_title_is_no_part_of_it():
    lines = [
        (220, 780, 20, "Pears for all"),
        (60, 750, 20, "Jobs"),
        *prose(ORCHARDS, y=720),
        (60, 600, 20, "Land"),
        *prose(CELLARS, y=570),
    ]
    parsed = parse_file("report.pdf", placed_pdf(lines))
    assert parsed.title == "Pears for all"
    assert [section.heading_path for section in parsed.sections] == [("Jobs",), ("Land",)]
    over_two = [(60, 780, 20, "Pears for everybody"), (60, 756, 20, "in the town"), *prose(ORCHARDS, y=720)]
    assert parse_file("report.pdf", placed_pdf(over_two)).title == "Pears for everybody in the town"
