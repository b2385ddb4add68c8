import pytest

from indexer.parsing import parse_file
from indexer.parsing.boilerplate import without_boilerplate
from knowledge.errors import SourceError

PAGE = """Unfortunately, your browser is too old to work on this website. Please upgrade your browser
Skip to main content

Sample page about gardens

Key points

  • Gardens help people.
  • They cost little.

Case studies

Gardens were dug in many places. Case study 1 describes the largest garden.

The Sample Garden Trust (SGT) dug forty beds behind the clinic.

It took two years.

Advice to others

‘Start in spring.’

For further information please contact the Sample Garden Trust.

Back in the main text, gardeners met each month.

Lesson 2: Keep digging

The first frost was hard.

Further reading
Kjell-bubble-diagramArtboard 101 copy

Get social

Follow us on Twitter
Kjell-bubble-diagramArtboard 101

Work with us

We look for talented people who like soil.

View current vacanciesThe Soil community

Soil is an initiative connecting diggers across the UK.

Find out more
"""


def headings(parsed):
    return [section.heading_path for section in parsed.sections]


def test_a_saved_page_loses_its_furniture_and_keeps_its_text():
    parsed = parse_file("page.txt", PAGE.encode())
    text = "\n".join(section.text for section in parsed.sections)
    for furniture in ("browser", "Skip to", "Artboard", "social", "Twitter", "vacancies", "Soil", "Find out"):
        assert furniture not in text
    assert "The first frost was hard." in text
    assert parsed.title == "Sample page about gardens"


def test_call_outs_get_a_heading_of_their_own_and_the_text_around_them_keeps_its_own():
    parsed = parse_file("page.txt", PAGE.encode())
    assert headings(parsed) == [
        ("Key points",),
        ("Case studies",),
        ("Case study 1: Sample Garden Trust (SGT)",),
        ("Case study 1: Sample Garden Trust (SGT)", "Advice to others"),
        ("Case studies",),
        ("Lesson 2: Keep digging",),
    ]
    assert parsed.sections[0].text == "- Gardens help people.\n- They cost little."
    assert parsed.sections[4].text == "Back in the main text, gardeners met each month."


def test_a_footer_is_cut_only_where_it_is_one():
    lines = ["Text.", "", "Find out more", "", "Our office opens at nine, and anybody may walk in and ask for help."]
    assert without_boilerplate(lines) == lines


def test_lists_without_bullets_and_bylines():
    text = (
        "Sam Sample\n\nDirector of samples, Sample Trust\nChief Officer, Sample Board\n\n"
        "We asked these questions:\nwho takes part\nwhat it costs\n\nThe answers came late.\n"
    )
    parsed = parse_file("note.txt", text.encode(), known_title="A note")
    assert parsed.sections[0].text == (
        "Sam Sample, Director of samples, Sample Trust, Chief Officer, Sample Board\n\n"
        "We asked these questions:\n- who takes part\n- what it costs\n\nThe answers came late."
    )


def test_markdown_headings_nest_and_front_matter_is_read():
    text = (
        "---\ntitle: T\nkind: lesson\n---\n# T\n\nIntro *here*.\n\n## A\n\n- one\n- two [link](http://x)\n\n"
        "### B\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## C\n\nEnd.\n"
    )
    parsed = parse_file("t.md", text.encode())
    assert parsed.title == "T"
    assert parsed.front_matter["kind"] == "lesson"
    assert headings(parsed) == [(), ("A",), ("A", "B"), ("C",)]
    assert parsed.sections[0].text == "Intro here."
    assert parsed.sections[1].text == "- one\n- two link"
    assert parsed.sections[2].text == "- a | b\n- 1 | 2"


def test_a_text_that_begins_with_a_ruled_line_is_read_whole():
    parsed = parse_file("a.md", b"---\n\nOur first part.\n\n---\n\nThe second part.\n")
    assert parsed.sections[0].text == "Our first part.\n\nThe second part."


def test_a_title_falls_back_to_the_file_name():
    assert parse_file("my-notes.txt", b"It rained all day, and then it stopped.").title == "my notes"


@pytest.mark.parametrize(
    ("encoded", "word"),
    [
        ("Caf\u00e9 \u2018now\u2019.".encode("cp1252"), "Caf\u00e9"),
        ("\ufeffCaf\u00e9.".encode(), "Caf\u00e9"),
        ("Caf\u00e9.".encode("utf-16"), "Caf\u00e9"),
    ],
    ids=["cp1252", "utf-8 with a mark", "utf-16"],
)
def test_encodings(encoded, word):
    assert parse_file("x.txt", encoded, known_title="T").sections[0].text.startswith(word)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"\x00\x01\x02binary", "not a text file"),
        ("a.txt", bytes(range(1, 32)) * 50, "not a text file"),
        ("a.txt", b" \n ", "no text"),
    ],
)
def test_what_cannot_be_read_says_why(name, content, message):
    with pytest.raises(SourceError, match=message):
        parse_file(name, content)


def test_control_characters_never_reach_the_library():
    assert (
        "\x07"
        not in parse_file("a.txt", b"A bell\x07 rang in the long hall of the old school building.").sections[0].text
    )


@pytest.mark.parametrize("suffix", ["pdf", "docx", "xlsx", "csv", "txt", "md", "vtt"])
def test_a_file_without_bytes_is_called_empty(suffix):
    with pytest.raises(SourceError, match="the file is empty"):
        parse_file(f"a.{suffix}", b"")
