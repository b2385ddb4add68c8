"""Every word of a file is kept, or left out for a reason that is named; what is neither is reported."""

import pytest

from indexer.parsing import SUPPORTED_SUFFIXES, parse_file
from indexer.parsing.blocks import Block, BlockKind, LeftOut, Parsed, to_sections
from indexer.parsing.coverage import text_coverage
from indexer.parsing.raw.reader import READERS
from indexer.parsing.raw.text import RawText, word_list
from indexer.pipeline import Indexer
from indexer.sandbox import Sandbox
from tests.indexer.makers import pdf, slides, word, workbook
from tests.indexer.office_makers import opendocument

WORDS = "The hospital hired forty porters from the streets around it and kept all but two of them for three years."
MORE = "A second paragraph tells how Sample Council bought apples, pears and 1,200 loaves of bread from growers nearby."


def read_here(_, name, content, known_title=None):
    """Read a file in this process, where a test has changed how it is read."""
    return parse_file(name, content, known_title)


def docx(document):
    document.add_heading("Local jobs", 1)
    document.add_paragraph(WORDS)
    document.add_paragraph(MORE)
    document.sections[0].header.paragraphs[0].text = "Draft for the board"


def deck(presentation):
    for text in (WORDS, MORE):
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = "Local jobs"
        slide.placeholders[1].text = text


PAGE = f"""<html><head><title>Local jobs</title></head><body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><h1>Local jobs</h1><p>{WORDS}</p><p>{MORE}</p><p>{WORDS.replace("porters", "cleaners")}</p></main>
<footer>Registered charity 123456</footer></body></html>"""
CUES = f"WEBVTT\n\n1\n00:00:01.000 --> 00:00:09.000\n<v Sam>{WORDS}\n\n2\n00:00:09.000 --> 00:00:19.000\n{MORE}\n"
CALENDAR = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//sample//EN
BEGIN:VEVENT
UID:one@example.org
DTSTART:20990512T130000Z
SUMMARY:Local jobs\\, a webinar
LOCATION:Online
DESCRIPTION:{WORDS}
END:VEVENT
BEGIN:VEVENT
UID:two@example.org
DTSTART:20990513T130000Z
SUMMARY:The other webinar
STATUS:{{status}}
END:VEVENT
END:VCALENDAR
"""
ROWS = [["Trust", "Jobs", "Share", "Since"], ["Sample Trust", 40, 0.25, 2021], ["Another Trust", 1200, 0.5, 2023]]
FILES = {
    "a.md": f"---\ntitle: Jobs\n---\n\n# Local jobs\n\n{WORDS}\n\n- [{MORE}](https://example.org/a-page)\n".encode(),
    "a.txt": f"Local jobs\n\n{WORDS}\n\n{MORE}\n".encode(),
    "a.html": PAGE.encode(),
    "a.pdf": pdf(
        [[("heading", "Local jobs"), ("text", WORDS)], [("heading", "Local food"), ("text", f"{MORE} {MORE}")]],
        footer="Draft, page {page}",
    ),
    "a.docx": word(docx),
    "a.pptx": slides(deck),
    "a.xlsx": workbook({"Jobs": ROWS}, ["General", "#,##0", "0%", "0"]),
    "a.csv": "\n".join(",".join(map(str, row)) for row in ROWS).encode(),
    "a.vtt": CUES.encode(),
    "a.srt": CUES.removeprefix("WEBVTT\n\n").replace("<v Sam>", "").replace(".000", ",000").encode(),
    "a.tsv": "\n".join("\t".join(map(str, row)) for row in ROWS).encode(),
    "a.ods": opendocument(
        "spreadsheet",
        "<table:table>"
        + "".join(
            f"<table:table-row>{''.join(f'<table:table-cell><text:p>{c}</text:p></table:table-cell>' for c in row)}"
            "</table:table-row>"
            for row in ROWS
        )
        + "</table:table>",
    ),
    "a.odp": opendocument(
        "presentation",
        f"<draw:page><draw:frame><draw:text-box><text:p>{WORDS}</text:p></draw:text-box></draw:frame></draw:page>",
    ),
    "a.odt": opendocument("text", f"<text:h text:outline-level='1'>Local jobs</text:h><text:p>{WORDS}</text:p>"),
    "a.eml": f"Subject: Local jobs\nFrom: a@example.org\nContent-Type: text/plain\n\n{WORDS}\n\n{MORE}\n".encode(),
}
# Of a file's words, what is kept at the least; the rest is left out and named.
SHARES = {"a.html": 0.85, "a.docx": 0.85, "a.pdf": 0.9}


@pytest.mark.parametrize("name", FILES)
def test_every_word_of_every_format_is_kept_or_left_out_for_a_reason(name):
    coverage = parse_file(name, FILES[name]).coverage
    assert coverage.words_read > 10
    assert (coverage.unexplained, coverage.missing) == (0, "")
    assert coverage.words_kept >= SHARES.get(name, 1.0) * coverage.words_read


def test_every_kind_of_file_that_is_read_is_counted():
    assert set(READERS) == SUPPORTED_SUFFIXES


def test_what_is_left_out_is_named_with_its_words():
    left_out = {part.reason: part for part in parse_file("a.docx", FILES["a.docx"]).coverage.left_out}
    assert [(part.words, part.text) for part in left_out.values()] == [(4, "Draft for the board")]
    left_out = parse_file("a.html", FILES["a.html"]).coverage.left_out
    assert "Registered charity 123456" in "\n".join(part.text for part in left_out)
    assert sum(part.words for part in left_out) == 5


def covered(lines, kept, left_out=(), known_title=None, aside=()):
    parsed = Parsed(None, {}, [Block(BlockKind.PARAGRAPH, text) for text in kept], tuple(left_out))
    return text_coverage(RawText(list(lines), list(aside)), parsed, to_sections(parsed.blocks), known_title)


def test_what_nothing_explains_is_missing_and_shown():
    coverage = covered([WORDS, MORE], [WORDS])
    assert coverage.unexplained == len(word_list(MORE))
    assert coverage.missing.startswith("a second paragraph")


def test_each_occurrence_of_a_word_counts():
    assert covered(["Menu", WORDS, "Menu"], ["Menu", WORDS]).unexplained == 1
    coverage = covered(["Menu", WORDS, "Menu"], ["Menu", WORDS], [LeftOut("menus", "Menu"), LeftOut("menus", "Menu")])
    assert ([(part.reason, part.words) for part in coverage.left_out], coverage.unexplained) == ([("menus", 1)], 0)


def test_what_is_written_otherwise_is_no_loss():
    lines = [
        "The long-",
        "term plan of the em-",
        "ployers",
        "O\ufb03ce in 1,200 homes",
        "T h e  r e s u l t s  a r e  h e r e",
    ]
    kept = ["The long-term plan of the employers", "Office in 1200 homes", "The results are here"]
    assert covered(["\n".join(lines[:3]), *lines[3:]], kept).unexplained == 0
    assert covered(["The bene\x1ft of a \x1frst step"], ["The benefit of a first step"]).unexplained == 0


def test_what_is_said_twice_and_stored_once_is_named():
    coverage = covered([WORDS, WORDS], [WORDS])
    assert [part.reason for part in coverage.left_out] == ["repeated lines"]
    assert coverage.unexplained == 0


def test_the_title_that_somebody_else_gave_explains_the_files_own():
    coverage = covered(["What the file calls itself", WORDS], [WORDS], known_title="Another title")
    assert ([part.reason for part in coverage.left_out], coverage.unexplained) == (["the file's own title"], 0)


def test_what_is_hidden_or_deleted_is_read_too():
    body = f"<text:tracked-changes><text:p>deleted words</text:p></text:tracked-changes><text:p>{WORDS}</text:p>"
    from indexer.parsing.raw import raw_text

    raw = raw_text(".odt", opendocument("text", body))
    assert "deleted words" in raw.lines
    assert [part.reason for part in raw.aside] == ["tracked deletions"]


def test_a_heading_that_is_not_the_title_stays():
    (section,) = parse_file("a.md", f"---\ntitle: Jobs\n---\n# Local work\n\n{WORDS}\n".encode()).sections
    assert section.heading_path == ("Local work",)


def test_html_within_markdown_is_text():
    (section,) = parse_file(
        "a.md", f"Before.\n\n<div><b>{WORDS}</b>\n<!-- unseen -->\n</div>\n\nAfter.".encode()
    ).sections
    assert section.text == f"Before.\n\n{WORDS}\n\nAfter."


def test_a_kind_of_file_that_cannot_be_counted_is_stored_all_the_same(monkeypatch):
    def fails(_):
        raise ValueError

    monkeypatch.setitem(READERS, ".txt", fails)
    parsed = parse_file("a.txt", WORDS.encode(), "T")
    assert (parsed.coverage, len(parsed.sections)) == (None, 1)


def test_the_words_of_a_document_are_reported_and_kept_with_it(library, tmp_path):
    path = tmp_path / "page.html"
    path.write_bytes(FILES["a.html"])
    report = Indexer(library).add([str(path)])
    (words,) = report.words
    assert (words.id, words.unexplained, sum(words.left_out.values())) == ("page", 0, 5)
    assert (report.words_read, report.words_kept) == (words.words_read, words.words_kept)
    assert library.store.studies.coverage("page").words_read == words.words_read
    Indexer(library).decide({("page", "region"): "Sampleshire"})
    assert library.store.studies.coverage("page").words_read == words.words_read
    Indexer(library).remove(["page"])
    assert library.store.studies.coverage("page") is None


@pytest.mark.parametrize(("status", "left_out"), [("CONFIRMED", 0), ("CANCELLED", 3)])
def test_a_calendars_words_are_those_of_its_events(library, tmp_path, status, left_out):
    path = tmp_path / "dates.ics"
    path.write_text(CALENDAR.format(status=status))
    report = Indexer(library).add([str(path)])
    assert report.added == (1 if left_out else 2)
    line = f"{path}: 28 words read, 3 left out (cancelled events 3)"
    assert report.warnings == ((line,) if left_out else ())


def test_words_that_are_missing_without_a_reason_are_a_warning(library, tmp_path, monkeypatch):
    def loses(text):
        return [Block(BlockKind.PARAGRAPH, WORDS)]

    monkeypatch.setattr("indexer.parsing.markdown.markdown_blocks", loses)
    monkeypatch.setattr(Sandbox, "file", read_here)
    path = tmp_path / "note.md"
    path.write_text(f"{WORDS}\n\n{MORE}\n")
    report = Indexer(library).add([str(path)])
    assert report.warnings == (
        "note: 47 % of the words are missing and nothing explains it: look at `haln index show note`",
    )
    assert report.unexplained == len(word_list(MORE))


def test_an_unchanged_document_that_was_never_counted_is_counted_when_it_is_read_again(library, tmp_path, monkeypatch):
    path = tmp_path / "note.txt"
    path.write_text(f"{WORDS}\n")
    with monkeypatch.context() as earlier:
        earlier.setattr("indexer.parsing.files.raw_text", lambda *_: None)
        earlier.setattr(Sandbox, "file", read_here)
        Indexer(library).add([str(path)])
    assert library.store.studies.coverage("note") is None
    monkeypatch.setattr("indexer.sources.reader_protocol.PARSERS_VERSION", 999)
    assert Indexer(library).add([str(path)]).unchanged == 1
    assert library.store.studies.coverage("note").unexplained == 0


def test_what_nobody_was_meant_to_see_is_counted_and_not_kept():
    phone = LeftOut("hidden columns", "0113 496 0000")
    (part,) = covered([WORDS, phone.text], [WORDS], [phone]).left_out
    assert (part.reason, part.words, part.text) == ("hidden columns", 3, "")
