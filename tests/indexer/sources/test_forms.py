"""Documents as forms: headings, bold lines and tables say which question each part answers."""

import io

import docx
import pytest

from indexer.sources.form_labels import field_of
from indexer.sources.forms import read_form_bytes

PAIRS = [
    ("Project title", "Cadets"),
    ("Name of organisation", "Sample Trust"),
    ("Contact details", "Ann Other, 07700 900123"),
    ("The problem", "Nobody applied."),
    ("What did you do?", "A cadet scheme."),
    ("Outcomes", "19 of 24 finished."),
    ("Lessons learned", "Pay the bus fare."),
    ("How did you know?", "A tally sheet."),
    ("Nation", "Wales"),
    ("When did it happen?", "2022 to 2023"),
    ("Outcome", "Worked"),
    ("Cost", "£40,000"),
]
FIELDS = {
    "title": "Cadets",
    "organisation": "Sample Trust",
    "for_whom": "Nobody applied.",
    "what": "A cadet scheme.\n\nCost: £40,000",
    "what_happened": "19 of 24 finished.",
    "differently": "Pay the bus fare.",
    "measured": "A tally sheet.",
    "nation": "Wales",
    "happened": "2022 to 2023",
    "outcome": "Worked",
}


def bold_lines(document):
    for label, text in PAIRS:
        document.add_paragraph().add_run(label).bold = True
        document.add_paragraph(text)


def headings(document):
    for label, text in PAIRS:
        document.add_heading(label, 2)
        document.add_paragraph(text)


def inline(document):
    for label, text in PAIRS[:-1]:
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)
    document.add_paragraph().add_run("Cost").bold = True
    document.add_paragraph("£40,000")


def table(document, rows=tuple(PAIRS), bold=False):
    made = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(made.rows, rows, strict=True):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            cell.paragraphs[0].add_run(text).bold = bold and column == 0


def bold_table(document):
    table(document, bold=True)


def table_with_names_of_columns(document):
    table(document, [("Question", "Your answer"), *PAIRS])


def one_table_each(document):
    for label, text in PAIRS:
        made = document.add_table(2, 1)
        made.cell(0, 0).paragraphs[0].add_run(label).bold = True
        made.cell(1, 0).text = text
        document.add_paragraph("")


def two_pairs_a_row(document):
    table(document, [(*PAIRS[n], *PAIRS[n + 1]) for n in range(0, len(PAIRS), 2)])


def numbered_table(document):
    table(document, [("No.", "Question", "Answer"), *((f"{n}.", *pair) for n, pair in enumerate(PAIRS, start=1))])


def table_with_guidance(document):
    rows = [(label, "Please write up to 200 words.", text) for label, text in PAIRS]
    table(document, [("Question", "Guidance", "Your answer"), *rows])


def table_under_the_name_of_a_section(document):
    made = document.add_table(1, 2)
    made.cell(0, 0).merge(made.cell(0, 1)).text = "SECTION A: ABOUT THE PROJECT"
    for label, text in PAIRS:
        cells = made.add_row().cells
        cells[0].text, cells[1].text = label, text


def bold_line_and_break(document):
    for label, text in PAIRS:
        paragraph = document.add_paragraph()
        paragraph.add_run(label).bold = True
        paragraph.add_run().add_break()
        paragraph.add_run(text)


def read(make):
    document = docx.Document()
    make(document)
    content = io.BytesIO()
    document.save(content)
    return read_form_bytes("form.docx", content.getvalue())


FORMS = (
    bold_lines,
    bold_line_and_break,
    headings,
    inline,
    table,
    bold_table,
    table_with_names_of_columns,
    table_under_the_name_of_a_section,
    table_with_guidance,
    numbered_table,
    one_table_each,
    two_pairs_a_row,
)


@pytest.mark.parametrize("make", FORMS, ids=lambda make: make.__name__)
def test_word_forms_are_read_into_their_fields(make):
    found = read(make)
    assert {field: found.get(field) for field in FIELDS} == FIELDS
    assert "Ann Other" not in str(found)


def test_a_bold_title_above_bold_labels():
    def make(document):
        document.add_paragraph().add_run("Cadet nurses from the estate").bold = True
        for label, text in PAIRS[1:]:
            document.add_paragraph().add_run(label).bold = True
            document.add_paragraph(text)

    assert read(make)["title"] == "Cadet nurses from the estate"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("☐ Worked  ☒ Partly  ☐ Did not work", "Partly"), ("[x] Worked [ ] Partly [ ] Did not work", "Worked")],
)
def test_of_options_the_ticked_one_is_read(text, outcome):
    found = read(lambda document: table(document, [("What did you do?", "A scheme."), ("Outcome", text)]))
    assert (found["outcome"], found["what"]) == (outcome, "A scheme.")


def test_numbers_in_a_table_are_kept():
    rows = [("Ward", "Before", "After"), ("Porters", "12", "19"), ("Kitchen", "4", "9")]
    found = read(lambda document: (document.add_heading("What happened?"), table(document, rows)))
    assert "Porters | 12 | 19" in found["what_happened"]


def test_who_made_the_file_is_no_member():
    def make(document):
        bold_lines(document)
        document.core_properties.author = "Ann Other"

    assert "author" not in read(make)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("What did not work", "what_happened"),
        ("What didn’t work", "what_happened"),
        ("What worked well", "what_happened"),
        ("Challenges and barriers", "what_happened"),
        ("Impact", "what_happened"),
        ("How we knew", "measured"),
        ("Evaluation", "measured"),
        ("Outcome measures", "measured"),
        ("Learning", "differently"),
        ("Advice for others", "differently"),
        ("What would you change next time?", "differently"),
        ("Aims and objectives", "for_whom"),
        ("Background", "for_whom"),
        ("3. Our approach (200 words)", "what"),
        ("Contact name", ""),
        ("Funding", None),
    ],
)
def test_headings(heading, field):
    assert field_of(heading) == field


def test_markdown_with_headings_of_its_own():
    text = (
        "# Growing club\n\n## What we did\n\nRaised beds.\n\n## Funding\n\n£9,000.\n\n"
        "## What did not work\n\nThe door.\n\n## Impact\n\n26 took part.\n\n## How we knew\n\nA tally sheet.\n"
    )
    assert read_form_bytes("club.md", text.encode()) == {
        "title": "Growing club",
        "what": "Raised beds.\n\nFunding: £9,000.",
        "what_happened": "The door.\n\n26 took part.",
        "measured": "A tally sheet.",
    }


def test_plain_text_with_labels_on_lines_of_their_own():
    text = "What we did\n\nWe dug beds.\n\nProject manager found after a month\n\nResults: Slugs ate half.\n"
    found = read_form_bytes("beds.txt", text.encode())
    assert found["what"] == "We dug beds.\n\nProject manager found after a month"
    assert found["what_happened"] == "Slugs ate half."


def test_what_no_tag_says_stays_text():
    rows = [("What did you do?", "A scheme."), ("Nation", "Mars"), ("Outcome", "19 finished.")]
    found = read(lambda document: table(document, rows))
    assert found["what"] == "A scheme.\n\nNation: Mars"
    assert found["what_happened"] == "19 finished."
    assert "nation" not in found


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("*Sample Trust, 2024. Contact: grounds team*", "Sample Trust, 2024."),
        ("We dug beds. For more information, contact: sam@example.org", "We dug beds."),
        ("We dug beds | Tel: 0151 496 0000", "We dug beds |"),
        ("The first contact: we rang every farm.", "The first contact: we rang every farm."),
    ],
)
def test_contact_details_at_the_end_of_a_line_are_left_out(line, kept):
    found = read_form_bytes("story.md", f"# Beds\n\n{line}\n\n## What we did\n\nSlugs came.\n".encode())
    assert found["what"] == f"{kept}\n\nSlugs came."


@pytest.mark.shared
def test_the_cases(shared):
    folder = shared / "cases" / "people"
    for name in ("d.docx", "e.docx"):
        found = read_form_bytes(name, (folder / name).read_bytes())
        assert found["title"] == "Cadet nurses from the estate"
        assert found["what"].startswith("A cadet scheme with the college")
        assert found["what_happened"].startswith("19 of 24")
        assert found["differently"] == "Pay the bus fare."
        assert "Ann Other" not in str(found)
    club = read_form_bytes("b.md", (folder / "b.md").read_bytes())
    assert "alarm" in club["what_happened"]
    assert "alarm" not in club["what"]
    assert club["measured"] == "A tally sheet."
