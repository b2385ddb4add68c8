"""Files damaged at random: each is read or refused with a reason, and nothing else ever happens."""

import io
import random
import zipfile
from datetime import UTC, datetime

import pytest

from indexer.parsing import parse_file
from indexer.sources.calendar import calendar_documents
from knowledge.errors import SourceError
from tests.indexer.makers import pdf, slides, word, workbook
from tests.indexer.office_makers import opendocument
from tests.indexer.parsing.test_html import page
from tests.indexer.parsing.test_office import VTT, deck
from tests.indexer.sources.test_calendars import calendar

ROUNDS = 25


def document(made):
    made.add_heading("A heading", 1)
    made.add_paragraph("Some text here.")
    made.add_table(rows=1, cols=2).cell(0, 0).text = "x"


SHEET = (
    "<table:table><table:table-row><table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell>"
    "<text:p>1</text:p></table:table-cell></table:table-row></table:table>"
)
OFFICE = (".docx", ".pptx", ".xlsx", ".odt", ".ods", ".odp")

WHOLE = {
    "a.pdf": lambda: pdf([[("heading", "H"), ("text", "Some words to read here. " * 30)]] * 3),
    "a.docx": lambda: word(document),
    "a.pptx": lambda: slides(deck),
    "a.xlsx": lambda: workbook({"a": [["n", "v"], ["x", 1], ["y", 2.5]]}),
    "a.odt": lambda: opendocument("text", "<text:h>H</text:h><text:p>Some text here.</text:p>"),
    "a.ods": lambda: opendocument("spreadsheet", SHEET),
    "a.odp": lambda: opendocument(
        "presentation", "<draw:page><draw:g><text:p>On a slide.</text:p></draw:g></draw:page>"
    ),
    "a.eml": lambda: b"Subject: Hub\nFrom: Sample Trust <news@x.org>\n\nThe hub opened in May.\n\n> Old.\n",
    "a.html": lambda: page().encode(),
    "a.vtt": lambda: VTT.format(words="hello there").encode(),
    "a.md": lambda: b"---\ntitle: x\nkind: report\n---\n# H\n\ntext\n\n- a\n\n| a | b |\n|--|--|\n| 1 | 2 |\n",
    "a.ics": lambda: calendar().encode(),
}


def damaged(chance, content):
    """Some bytes changed, dropped, put in or doubled."""
    content = bytearray(content)
    for _ in range(chance.choice([1, 3, 10, 40])):
        kind, place = chance.randrange(4), chance.randrange(len(content))
        if kind == 0:
            content[place] = chance.randrange(256)
        elif kind == 1 and len(content) > 40:
            del content[place : place + chance.randrange(1, 30)]
        elif kind == 2:
            content[place:place] = chance.randbytes(4)
        else:
            other = chance.randrange(len(content))
            content[place:place] = content[other : other + 50]
    return bytes(content)


def damaged_part(chance, content):
    """An Office file that is whole, with one damaged part in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = chance.choice([part.filename for part in old.infolist() if part.filename.endswith((".xml", ".rels"))])
        for part in old.infolist():
            inner = old.read(part)
            new.writestr(part.filename, damaged(chance, inner) if part.filename == chosen else inner)
    return buffer.getvalue()


@pytest.mark.parametrize("name", WHOLE)
def test_a_damaged_file_is_read_or_refused_with_a_reason(name):
    chance, whole = random.Random(5), WHOLE[name]()
    reasons = []
    for _ in range(ROUNDS):
        office = name.endswith(OFFICE) and chance.random() < 0.7
        content = damaged_part(chance, whole) if office else damaged(chance, whole)
        try:
            if name.endswith(".ics"):
                list(calendar_documents(content, name, datetime(2026, 5, 1, tzinfo=UTC)))
            else:
                assert parse_file(name, content).sections
        except SourceError as error:
            reasons.append(str(error))
    assert all(len(reason) > 10 for reason in reasons)
    assert len(reasons) < ROUNDS or name.endswith(OFFICE)
