"""Small files made to freeze or fill a reader: each is read or refused in one line, in little time and memory."""

import csv
import io
import json
import subprocess
import sys
import time
import zipfile
import zlib
from itertools import pairwise

import pytest
import yaml

from indexer.parsing import parse_file
from indexer.parsing.front_matter import MOST_VALUES, load_yaml
from indexer.pipeline import Indexer
from indexer.sandbox import Limits, Sandbox
from indexer.sources.forms import read_form_safely
from knowledge.errors import SourceError
from knowledge.language.acronyms import find_acronyms
from knowledge.language.sentences import split_units
from tests.conftest import ROOT
from tests.indexer.makers import slides, word, workbook
from tests.indexer.webserver import serving

ALIASES = "a: &a ['lol']\n" + "".join(f"{n}: &{n} [{', '.join(['*' + p] * 9)}]\n" for p, n in pairwise("abcdefghi"))
MERGES = "a: &a {k: 1}\n" + "".join(
    f"{n}: &{n} {{<<: [{', '.join(['*' + p] * 9)}]}}\n" for p, n in pairwise("abcdefghi")
)
YAML = {
    "aliases": (ALIASES, "by name"),
    "merges": (MERGES, "by name|merges"),
    "a merge without a name": ("a: {<<: {b: 1}}", "merges"),
    "brackets": ("x: " + "[" * 30_000, "levels deep"),
    "braces": ("x: " + "{a: " * 30_000, "levels deep"),
    "indents": ("\n".join(" " * depth + "a:" for depth in range(500)), "levels deep"),
    "dashes": ("- " * 30_000, "levels deep|valid"),
    "values": ("x: [" + "1," * (MOST_VALUES + 1) + "]", "values"),
}


def timed(work):
    started = time.process_time()
    result = work()
    return result, time.process_time() - started


@pytest.mark.parametrize("name", YAML)
def test_yaml_is_refused_before_anything_is_made_of_it(name):
    text, reason = YAML[name]

    def refused():
        with pytest.raises(SourceError, match=reason):
            parse_file("a.md", f"---\n{text}\n---\nSome text.".encode())
        for loader in (yaml.SafeLoader, yaml.CSafeLoader):
            with pytest.raises(SourceError, match=reason):
                load_yaml(text, loader)

    assert timed(refused)[1] < 2


@pytest.mark.parametrize("above", ["", "\n", "  \n\n", "\ufeff"])
def test_front_matter_below_blank_lines_is_looked_at_too(above):
    with pytest.raises(SourceError, match="by name"):
        parse_file("a.md", f"{above}---\n{ALIASES}\n---\nSome text.".encode())


@pytest.mark.parametrize("name", ["form.yaml", "form.yml", "form", "form.json"])
def test_forms_are_refused_the_same_way(name):
    with pytest.raises(SourceError) as refused:
        read_form_safely(name, ALIASES.encode())
    assert len(str(refused.value)) < 400
    assert "\n" not in str(refused.value)


def test_json_that_is_too_deep_is_refused():
    for text in ('{"what": ' + "[" * 100_000, '{"what": ' + "[" * 25 + "]" * 25 + "}"):
        with pytest.raises(SourceError):
            read_form_safely("form.json", text.encode())


def test_an_honest_form_is_read_as_before():
    form = (
        "title: Bicycles\nwhat: |\n  A workshop.\n  Two lines.\npillars: [environment]\nclearance: yes\nlevel: local\n"
    )
    assert read_form_safely("form.yaml", form.encode()) == {
        "title": "Bicycles",
        "what": "A workshop.\nTwo lines.\n",
        "pillars": ["environment"],
        "clearance": True,
        "level": "local",
    }


@pytest.mark.parametrize(
    "front_matter",
    [
        'title: "Report \\e[31mRED \\e]8;;http://evil.example\\aclick\\e]8;;\\a"',
        'title: "Report \\x1b[31mRED \\u009b1mclick\\u202e\\0"',
    ],
)
def test_orders_to_a_terminal_are_no_part_of_a_title(front_matter):
    parsed = parse_file("a.md", f"---\n{front_matter}\n---\nSome text.".encode())
    assert parsed.title == "Report RED click"
    assert str(parsed.front_matter["title"]).isprintable()


def test_half_a_character_in_a_form_is_no_text():
    values = read_form_safely("form.json", b'{"what": "Half \\ud800 a character"}')
    assert values["what"].isprintable()


def test_a_cell_across_a_hundred_million_columns_is_held_to_a_table():
    def build(document):
        table = document.add_table(rows=2, cols=2)
        for number, cell in enumerate(c for row in table.rows for c in row.cells):
            cell.text = f"cell {number}"
        table.cell(0, 0)._tc.grid_span = 100_000_000

    parsed, seconds = timed(lambda: parse_file("a.docx", word(build)))
    assert seconds < 3
    assert "cell 0" in parsed.sections[0].text
    assert "cell 3" in parsed.sections[0].text


def test_merged_cells_of_a_page_are_held_to_their_table():
    row = "<tr>" + "<td colspan=1000 rowspan=1000>a b c</td>" * 20 + "</tr>"
    filler = "<p>" + "We hired forty people from the neighbourhood, and most of them are still here. " * 8 + "</p>"
    page = f"<html><body><article>{filler}<table>{row * 20}</table></article></body></html>"
    parsed, seconds = timed(lambda: parse_file("a.html", page.encode()))
    assert seconds < 5
    assert "forty people" in parsed.sections[0].text


@pytest.mark.parametrize("line", ["Aa" * 400, "A" * 5000, "A-" * 2500, "Aa " * 2000, "A.'" * 2000])
def test_a_speakers_name_is_looked_for_once(line):
    captions = f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{line}\n"
    parsed, seconds = timed(lambda: parse_file("a.vtt", captions.encode()))
    assert seconds < 2
    assert parsed.sections


def test_speakers_are_still_found():
    for typed in (
        "Sam Sample: welcome",
        ">> SAM: welcome",
        "Dr. Sam O’Sample : welcome",
        "Anna-Maria Van Der Berg: welcome",
    ):
        captions = f"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{typed}\n\n00:00:03.000 --> 00:00:04.000\n{typed}\n"
        name = typed.removeprefix(">> ").split(":")[0].strip()
        assert parse_file("a.vtt", captions.encode()).sections[0].text.startswith(f"{name}: welcome")


def bomb():
    """A PDF of two kilobytes whose page is packed twice and unpacks to 600 megabytes."""
    pack = zlib.compressobj(9)
    once = b"".join(pack.compress(b" " * 2**20) for _ in range(600)) + pack.flush()
    twice = zlib.compress(once, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%b\nendstream" % (len(twice), twice),
    ]
    content, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(content)
    return content + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def test_a_pdf_that_unpacks_without_end_stops_no_other_file():
    with Sandbox(Limits(seconds=2)) as sandbox:
        with pytest.raises(SourceError, match=r"could not be read safely|MB of memory|seconds|no text"):
            sandbox.file("a.pdf", bomb())
        assert sandbox.file("a.txt", b"Some text here, a line of it.").sections


def test_a_sheet_that_claims_every_column_in_every_row_stops_no_other_file():
    cells = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 30_001))
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{cells}</sheetData></worksheet>'
    whole, packed = io.BytesIO(workbook({"a": [["n"], [1]]})), io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, sheet if "sheet1" in part.filename else old.read(part))
    with Sandbox(Limits(seconds=2)) as sandbox:
        with pytest.raises(SourceError, match="so it was left out"):
            sandbox.file("a.xlsx", packed.getvalue())
        assert sandbox.file("a.txt", b"Some text here, a line of it.").sections


@pytest.mark.parametrize("unit", ["aA", "A-", "AB (AB) ", "The ", "A of ", "(ABC", "“'", "\"'"])
def test_names_and_sentences_take_no_longer_than_their_text(unit):
    text = unit * (200_000 // len(unit))
    assert timed(lambda: find_acronyms(text))[1] < 5
    units, seconds = timed(lambda: split_units(text))
    assert seconds < 5
    assert all(text[u.start : u.end] == u.text for u in units)


def test_a_catalogue_with_a_cell_without_end_is_a_warning_and_no_more(sources, library):
    (sources / "catalogue.csv").write_text("path,title\njobs.md," + "x" * (csv.field_size_limit() + 1))
    report = Indexer(library).add([str(sources)])
    assert report.added == 3
    assert "save it again as CSV" in report.failed[0].error


def remade(office_file, change):
    """An Office file, each part of which went through `change(name, content)`."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return made.getvalue()


LAUGHS = b'<!DOCTYPE r [<!ENTITY a "lollol">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)


def deck_of_apples(deck):
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "forty apples"


@pytest.mark.parametrize("kind", ["a.docx", "a.xlsx", "a.pptx"])
def test_entities_behind_a_long_comment_are_found_by_the_parser(kind):
    """A look at the beginning of each part does not see them."""
    made = {
        "a.docx": (word(lambda document: document.add_paragraph("forty apples")), "word/document.xml"),
        "a.xlsx": (workbook({"a": [["forty apples"], [1]]}), "xl/worksheets/sheet1.xml"),
        "a.pptx": (slides(deck_of_apples), "ppt/slides/slide1.xml"),
    }
    content, main = made[kind]

    def hidden(name, part):
        if name != main:
            return part
        head, end, rest = part.rpartition(b"?>") if part.startswith(b"<?xml") else (b"", b"", part)
        return head + end + b"<!--" + b"x" * 6000 + b"-->" + LAUGHS + b"]>" + rest.replace(b"forty", b"&j;")

    with Sandbox(Limits(seconds=3)) as sandbox:
        with pytest.raises(SourceError) as refused:
            sandbox.file(kind, remade(content, hidden))
        assert "\n" not in str(refused.value)
        assert sandbox.file("a.txt", b"Some text here, a line of it.").sections


def test_what_a_document_refers_to_elsewhere_is_asked_for_by_nobody(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("a secret of this machine")
    with serving() as server:
        kinds = ("attachedTemplate", "image", "subDocument", "oleObject")
        targets = [server.url("/t.dotm"), secret.as_uri()]
        references = "".join(
            f'<Relationship Id="x{n}{m}" TargetMode="External" Target="{target}" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
            for n, kind in enumerate(kinds)
            for m, target in enumerate(targets)
        ).encode()
        plain = word(lambda document: document.add_paragraph("We grew forty apples in the orchard."))
        ends = b"</Relationships>"
        referring = remade(plain, lambda _, part: part.replace(ends, references + ends))
        page = "".join(
            f"<img src='{one}'><iframe src='{one}'></iframe><link rel='stylesheet' href='{one}'><object data='{one}'>"
            f"</object><script src='{one}'></script>"
            for one in targets
        )
        html = f"<html><body><article><p>We grew forty apples in the orchard.</p>{page}</article></body></html>"
        with Sandbox() as sandbox:
            for name, content in (("a.docx", referring), ("a.html", html.encode())):
                said = " ".join(section.text for section in sandbox.file(name, content).sections)
                assert "forty apples" in said
                assert "a secret of this machine" not in said
        assert server.asked == []


def test_a_line_of_five_hundred_megabytes_and_a_zip_stop_no_other_file(sources, library):
    with (sources / "line.txt").open("wb") as file:
        file.truncate(500_000_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.docx", b"\0" * 50_000_000)
    for name in ("bomb.docx", "bomb.odt", "bomb.xlsx"):
        (sources / name).write_bytes(packed.getvalue())
    report = Indexer(library).add([str(sources)])
    assert report.added == 3
    assert len(report.failed) == 4
    assert all("\n" not in failure.error and len(failure.error) < 400 for failure in report.failed)
    assert any("HALN_MAX_FILE_MB" in failure.error for failure in report.failed)


_READS_ALL = """
import json, resource, sys, time
from pathlib import Path
from indexer.sandbox import Sandbox
from knowledge.errors import SourceError

found = []
with Sandbox() as sandbox:
    for path in sorted(Path(sys.argv[1]).iterdir()):
        started, refusal = time.monotonic(), None
        try:
            (sandbox.form if path.suffix in (".yaml", ".json") else sandbox.file)(path.name, path.read_bytes())
        except SourceError as error:
            refusal = str(error)
        found.append([path.name, refusal, time.monotonic() - started])
print(json.dumps([found, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


@pytest.mark.shared
def test_the_maintainers_hostile_files_are_read_or_refused(shared):
    # In a program of its own: the system counts the memory of every process that this one has ever started.
    folder = shared / "cases" / "hostile-files"
    ran = subprocess.run(
        [sys.executable, "-c", _READS_ALL, str(folder)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    found, peak_bytes = json.loads(ran.stdout)
    assert len(found) == len(list(folder.iterdir()))
    for name, refusal, seconds in found:
        assert seconds < 25, name
        assert refusal is None or ("\n" not in refusal and len(refusal) < 400), name
    assert peak_bytes < 800 * 2**20
