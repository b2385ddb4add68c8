"""PDF: reading order, headings, pages, margins, hyphens, and every way a file can be broken."""

import pytest

from indexer.parsing import parse_file
from knowledge.errors import SourceError
from tests.indexer.makers import pdf, pdf_in_columns, scanned_pdf

LEFT = "The left column speaks about apples and how the orchard was planted by hand over many winters. " * 4
RIGHT = "The right column speaks about pears and how the cellar was dug by the neighbours in one summer. " * 4


def parse(content, known_title=None):
    return parse_file("report.pdf", content, known_title)


def report():
    return pdf(
        [
            [
                ("title", "Sample report on orchards"),
                ("heading", "Why orchards"),
                ("text", "Orchards feed people. They also cool the town on hot days, which the council measured."),
                ("line", "The second point is about com-"),
                ("line", "munity work, and it goes over the page because the"),
            ],
            [
                ("line", "sentence is long. Here it has ended."),
                ("heading", "What it cost"),
                ("text", "It cost 4,000 pounds in 2021."),
                ("line", "• Trees were 3,000 pounds."),
                ("line", "• Tools were 1,000 pounds."),
            ],
            [("text", "The third page goes on about what it cost the volunteers in hours.")],
        ],
        author="Sam Sample",
        header="Sample Trust | Orchards",
        footer="Page {page} of {pages}",
    )


def test_headings_pages_and_author():
    parsed = parse(report())
    assert parsed.title == "Sample report on orchards"
    assert parsed.front_matter["author"] == "Sam Sample"
    assert [(s.heading_path, s.locator) for s in parsed.sections] == [
        (("Why orchards",), "page 1"),
        (("What it cost",), "page 2"),
        (("What it cost",), "page 3"),
    ]


def test_hyphens_are_mended_and_a_sentence_over_a_page_end_is_whole_on_the_page_where_it_begins():
    first, second, _ = parse(report()).sections
    assert "community work, and it goes over the page because the sentence is long. Here it has ended." in first.text
    assert second.text == "It cost 4,000 pounds in 2021.\n- Trees were 3,000 pounds.\n- Tools were 1,000 pounds."


def test_running_headers_footers_and_page_numbers_are_gone():
    text = " ".join(section.text for section in parse(report()).sections)
    assert "Sample Trust | Orchards" not in text
    assert "Page" not in text


def test_chapter_headers_and_tables_of_contents_are_gone():
    def chapter(number, pages):
        return [
            [("line", f"Chapter {number}: Orchards"), ("text", f"Text {number} {p} says a thing.")]
            for p in range(pages)
        ]

    contents = [[("line", "Why orchards . . . . . . . . . . . . . 3"), ("line", "Costs ........................ 12")]]
    parsed = parse(
        pdf([*contents, *chapter(1, 3), *chapter(2, 3), *[[("text", f"Plain page {n} here.")] for n in range(20)]])
    )
    text = " ".join(section.text for section in parsed.sections)
    assert "Chapter" not in text
    assert ". . ." not in text
    assert "Text 2 1 says a thing." in text


def test_a_header_that_says_something_else_on_each_page_is_gone():
    topics = ["Kitchens and cafés", "Vans and bicycles", "Roofs", "Wards at night", "Gardens", "Car parks"]
    said = "The trust looked at this for a year with the people who work there, and wrote down what they said. " * 4
    text = " ".join(section.text for section in parse(pdf([[("text", said)] for _ in topics], header=topics)).sections)
    assert text.count("The trust looked") == 4 * len(topics)
    assert not any(topic in text for topic in topics)


def test_the_title_that_each_page_begins_with_is_kept():
    titles = ["Kitchens", "Vans and bicycles", "Roofs", "Wards at night", "Gardens", "Car parks"]
    pages = [[("heading", title), ("text", f"What {title} cost. " * 30)] for title in titles]
    parsed = parse(pdf([[("title", "Sample work")], *pages]))
    assert [section.heading_path[-1] for section in parsed.sections] == titles


def test_a_table_of_contents_without_leaders_is_gone_over_two_pages_and_a_table_of_figures_stays():
    chapters = [f"Why chapter {'abcdefghijkl'[n]} matters" for n in range(12)]
    contents = [("heading", "Contents"), *(("line", f"{name} {2 + n // 4}") for n, name in enumerate(chapters))]
    jobs = [("heading", "Jobs by trust"), *(("line", f"Sample trust {'abcde'[n]} {n + 3}") for n in range(5))]
    parsed = parse(pdf([contents[:7], contents[7:], [("text", "It begins here."), *jobs], [("text", "More.")]]))
    text = " ".join(section.text for section in parsed.sections)
    assert "matters" not in text
    assert "It begins here." in text
    assert "Sample trust c 5" in text


def test_a_hanging_paragraph_is_one():
    lines = [
        ("line", "Freedom: the seeds may be grown, given away"),
        *(("line", f"     and sown again {n}") for n in "ab"),
    ]
    assert len(parse(pdf([lines])).sections[0].text.split("\n\n")) == 1


def test_a_sentence_that_begins_every_page_is_no_header():
    parsed = parse(pdf([[("text", f"Page {n} says that {n} orchards were planted there.")] for n in range(5)]))
    assert len(parsed.sections) == 5


@pytest.mark.parametrize("by_rows", [True, False])
def test_columns_are_read_one_after_the_other(by_rows):
    parsed = parse(pdf_in_columns(LEFT, RIGHT, "Fruit", by_rows=by_rows))
    text = " ".join(" ".join(section.text for section in parsed.sections).split())
    assert parsed.title == "Fruit"
    assert text == f"{LEFT.strip()} {RIGHT.strip()}"


def test_a_stated_title_wins_over_the_largest_line_and_a_program_name_does_not():
    page = [[("title", "Large words"), ("text", "Some text to read, long enough to be what most letters are.")]]
    assert parse(pdf(page, title="The stated title")).title == "The stated title"
    assert parse(pdf(page, title="Microsoft Word - final.docx")).title == "Large words"
    assert parse(pdf(page), "From the catalogue").title == "From the catalogue"


def test_a_hyphenated_compound_keeps_its_hyphen():
    parsed = parse(pdf([[("line", "They built a well-"), ("line", "known garden for self-"), ("line", "referral.")]]))
    assert parsed.sections[0].text == "They built a well-known garden for self-referral."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (pdf([[("text", "secret")]], password="x"), "protected with a password"),
        (report()[:-200], "cut short"),
        (report()[: len(report()) // 2], "cut short"),
        (scanned_pdf(), "OCR"),
        (pdf([[]]), "no text"),
        (b"<html>not found</html>", "not a PDF file"),
        (b"%PDF-1.7\n" + b"\0garbage" * 50 + b"\n%%EOF", "damaged"),
    ],
    ids=["password", "truncated", "half", "scan", "empty", "a page instead", "damaged"],
)
def test_a_broken_file_says_what_to_do(content, message):
    with pytest.raises(SourceError, match=message):
        parse(content)
