"""Word, PowerPoint, Excel, CSV and captions; and archives made to exhaust the reader."""

from datetime import date, datetime

import pytest

from indexer.parsing import parse_file
from indexer.parsing.table_blocks import table_blocks
from knowledge.errors import SourceError
from tests.indexer.makers import slides, with_part, word, workbook


def sections(parsed):
    return [(section.heading_path, section.locator, section.text) for section in parsed.sections]


def test_word_headings_lists_and_tables():
    def build(document):
        document.core_properties.author = "Sam Sample"
        document.add_heading("Sample plan", 0)
        document.add_paragraph("What we mean to do.")
        document.add_heading("Steps", 1)
        document.add_paragraph("Plant trees", style="List Bullet")
        document.add_paragraph("Water them", style="List Bullet")
        document.add_heading("Costs", 2)
        table = document.add_table(rows=2, cols=2)
        for cell, text in zip(table._cells, ["Thing", "Pounds", "Trees", "3,000"], strict=True):
            cell.text = text

    parsed = parse_file("plan.docx", word(build))
    assert parsed.title == "Sample plan"
    assert parsed.front_matter["author"] == "Sam Sample"
    assert sections(parsed) == [
        ((), None, "What we mean to do."),
        (("Steps",), None, "- Plant trees\n- Water them"),
        (("Steps", "Costs"), None, "- Thing | Pounds\n- Trees | 3,000"),
    ]


def test_a_row_of_a_word_table_reads_without_the_others():
    def build(document):
        table = document.add_table(rows=4, cols=3)
        texts = [
            "Year",
            "Place",
            "Cost",
            "2020",
            "Sample Town",
            "£2,500",
            "2020",
            "Sample Village",
            "£90",
            "Both",
            "",
            "",
        ]
        for cell, text in zip(table._cells, texts, strict=True):
            cell.text = text
        table.cell(1, 0).merge(table.cell(2, 0)).text = "2020"
        table.cell(3, 0).merge(table.cell(3, 2))
        bold = document.add_table(rows=2, cols=2)
        for cell, text in zip(bold._cells, ["Role", "Who", "Chair", "Sample Trust"], strict=True):
            cell.paragraphs[0].add_run(text).bold = text in ("Role", "Who")

    (section,) = parse_file("plan.docx", word(build)).sections
    assert section.text == (
        "- Year: 2020; Place: Sample Town; Cost: £2,500\n- Year: 2020; Place: Sample Village; Cost: £90\n- Both\n"
        "- Role: Chair; Who: Sample Trust"
    )


def deck(presentation):
    layout = presentation.slide_layouts[1]
    for title, lines, notes in [
        ("Sample talk", ["Who we are"], None),
        ("Results", ["40 jobs", "90% stayed"], "Say that the first year was hard."),
    ]:
        slide = presentation.slides.add_slide(layout)
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
        if notes:
            slide.notes_slide.notes_text_frame.text = notes


def test_slides_have_numbers_and_notes():
    parsed = parse_file("talk.pptx", slides(deck))
    assert parsed.title == "Sample talk"
    assert sections(parsed) == [
        (("Sample talk",), "slide 1", "Who we are"),
        (("Results",), "slide 2", "- 40 jobs\n- 90% stayed\n\nSay that the first year was hard."),
    ]


def test_a_row_of_a_spreadsheet_reads_without_the_others():
    rows = [["Organisation", "Jobs", "Share"], ["Sample Trust", 40, 0.5], ["Sample Council", 12, None]]
    parsed = parse_file("jobs.xlsx", workbook({"2021": rows, "2022": [["Only a note about 2022"]]}))
    assert sections(parsed)[0] == (
        ("2021",),
        "rows 2–3",
        "- Organisation: Sample Trust; Jobs: 40; Share: 0.5\n- Organisation: Sample Council; Jobs: 12",
    )


def test_a_sheet_reads_as_it_shows_its_cells():
    formats = ["General", "mmm yyyy", "0.0%", '"£"#,##0.00', "#,##0", "dd/mm/yyyy"]
    rows = [
        ["Site", datetime.fromisoformat("2023-01-01"), "Share", "Cost", "Meals", "Opened"],
        ["Sample", date(2024, 3, 1), 0.244, 171300, 1234567, date(2024, 3, 1)],
    ]
    (section,) = parse_file("a.xlsx", workbook({"a": rows}, formats)).sections
    assert section.text == (
        "- Site: Sample; 1 January 2023: March 2024; Share: 24.4%; Cost: £171,300; Meals: 1,234,567; "
        "Opened: 1 March 2024"
    )


def test_long_rows_stand_alone_and_say_which_they_are():
    long = "a sentence of several words " * 10
    parsed = parse_file("x.csv", f"Name;Text\none;{long}\ntwo;{long}\n".encode("cp1252"))
    assert [section.locator for section in parsed.sections] == ["row 2", "row 3"]
    assert parsed.sections[0].text.startswith("- Name: one; Text: a sentence")


VTT = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
<v Sam Sample>Welcome to the webinar.

2
00:12:40.000 --> 00:12:44.000
<v Jo Model>{words}.

3
00:12:50.000 --> 00:12:55.000
<v Jo Model>That was <i>hard</i>.
"""


def test_captions_name_the_speaker_and_the_time():
    parsed = parse_file("webinar.vtt", VTT.format(words="We hired forty people " * 25).encode())
    assert [section.locator for section in parsed.sections] == ["at 0:01", "at 12:40", "at 12:50"]
    assert parsed.sections[0].text == "Sam Sample: Welcome to the webinar."
    assert parsed.sections[1].text.startswith("Jo Model: We hired")
    assert parsed.sections[2].text == "Jo Model: That was hard."


def vtt(*cues):
    stamp = "{0:02}:{1:02}:{2:02}.000".format
    times = [(seconds // 3600, seconds // 60 % 60, seconds % 60) for seconds, _ in cues]
    lines = [
        f"{stamp(*at)} --> {stamp(at[0], at[1], min(at[2] + 4, 59))}\n{text}\n"
        for at, (_, text) in zip(times, cues, strict=True)
    ]
    return ("WEBVTT\n\n" + "\n".join(lines)).encode()


def test_words_are_cited_at_most_a_minute_after_the_time_that_is_named():
    cues = [(5 * n, f"Tree number {n} was planted{'.' if n % 4 == 0 else ' and'}") for n in range(60)]
    cues += [(760, "Who pays?"), (770, "In the first summer we lost sixty trees.")]
    parsed = parse_file("webinar.vtt", vtt(*cues))
    starts = {section.locator: section.text for section in parsed.sections}
    assert len(starts) == len(parsed.sections)
    for seconds, text in cues:
        (named,) = [at for at, said in starts.items() if text in said]
        minutes, rest = map(int, named.removeprefix("at ").split(":"))
        assert 0 <= seconds - (60 * minutes + rest) < 60
    assert starts["at 12:40"].startswith("Who pays?")


def test_a_pause_or_another_speaker_begins_a_section_but_no_short_reply():
    parsed = parse_file(
        "webinar.vtt",
        vtt((0, "SAM: Is it dear?"), (4, "JO: No."), (20, "Not at all."), (26, "We " * 30), (30, "SAM: Thank you.")),
    )
    assert [(section.locator, section.text[:30]) for section in parsed.sections] == [
        ("at 0:00", "SAM: Is it dear?\n\nJO: No."),
        ("at 0:20", "JO: Not at all. We We We We We"),
        ("at 0:30", "SAM: Thank you."),
    ]


def test_every_voice_of_a_caption_is_named_and_lines_without_a_name_stay_with_the_last():
    parsed = parse_file(
        "webinar.vtt",
        vtt(
            (0, "<v Sam>Is it dear?</v>\n<v Jo>No."),
            (4, "It is <i>cheap</i>."),
            (8, "SAM: Good.\nJO: Yes,\nfor us: a lot."),
        ),
    )
    assert (
        parsed.sections[0].text == "Sam: Is it dear?\n\nJo: No. It is cheap.\n\nSAM: Good.\n\nJO: Yes, for us: a lot."
    )


def test_srt_captions_and_times_over_an_hour():
    text = "1\n01:02:03,000 --> 01:02:05,000\nSam: good evening\n\n2\n01:02:06,000 --> 01:02:08,000\nand welcome.\n"
    parsed = parse_file("a.srt", text.encode())
    assert sections(parsed) == [((), "at 1:02:03", "Sam: good evening and welcome.")]


def zeros(count):
    for _ in range(count):
        yield b" " * 1_000_000


def office():
    return word(lambda document: document.add_paragraph("A paragraph."))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("bomb.docx", lambda: with_part(office(), "word/document.xml", zeros(120)), "ZIP bomb"),
        ("deck.pptx", lambda: with_part(slides(deck), "ppt/media/x.bin", zeros(320)), "ZIP bomb"),
        ("cut.docx", lambda: office()[:-300], "damaged"),
        ("old.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "password"),
        ("not.xlsx", lambda: b"<html></html>", "damaged or not an Office file"),
        ("wrong.docx", lambda: workbook({"a": [["x"]]}), "not a Word file"),
        ("wrong.pptx", office, "not a PowerPoint file"),
        ("wrong.xlsx", office, "not an Excel file"),
        ("empty.docx", lambda: word(lambda document: None), "no text"),
        ("laughs.docx", lambda: with_part(office(), "word/document.xml", LAUGHS), "entities"),
        ("letter.doc", lambda: b"x", "save it as .docx"),
        ("odd.vtt", lambda: b"WEBVTT\n\nno time here\n", "no text"),
        ("bad.srt", lambda: b"just words", "not a captions file|no text"),
    ],
)
def test_a_broken_file_says_what_is_wrong(name, content, message):
    with pytest.raises(SourceError, match=message):
        parse_file(name, content())


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + i, b"&%c;" % (97 + i) * 10) for i in range(9))
    + b"]><l>&j;</l>"
)


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("2024-03-29", "29 March 2024"),
        ("2024-03-29 14:30", "29 March 2024, 14:30"),
        (date(2024, 3, 29), "29 March 2024"),
        (datetime.fromisoformat("2024-03-29T14:30"), "29 March 2024, 14:30"),
        ("2024-02-31", "2024-02-31"),
        ("ref 2024-03-29", "ref 2024-03-29"),
        ("2024", "2024"),
    ],
)
def test_a_day_in_a_table_reads_as_members_write_it(cell, shown):
    (block,) = table_blocks([["Project", "End date"], ["Sample", cell]])
    assert block.text == f"Project: Sample; End date: {shown}"
