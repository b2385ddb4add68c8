"""The maintainers' examples of files that lost words on their way in."""

import pytest

from indexer.parsing import parse_file


def read(folder, name):
    return parse_file(name, (folder / name).read_bytes())


CASES = [
    (
        "csv-semicolons-with-commas/semicolon.csv",
        ["Notes: Food, fuel, transport, and training, with partners; Year: 2024"],
        [],
    ),
    ("front-matter-colon/colon.md", ["We hired 62 people."], []),
    ("front-matter-colon/template-date.md", ["Text about Hollybank."], []),
    ("sheet-hidden-column/hidden-column.xlsx", ["Scheme: Hollybank; Outcome: 12 starters"], ["07700", "Old draft"]),
    ("sheet-merged-down/merged-down.xlsx", ["Region: North; Trust: Birchdale; Apprentices: 34"], []),
    ("sheet-title-in-a1/title-row.xlsx", ["Task: Design; Owner: Ana; Status: Done"], []),
    ("sheet-title-in-a1/title-and-date.xlsx", ["Supplier: Greenway Foods; Ward: Eastbrook; Amount: 12500"], []),
    (
        "sheet-two-row-header/two-row-header.xlsx",
        ["Site: Ashcombe; 2024, Women: 11; 2024, Men: 7; 2025, Women: 19; 2025, Men: 12"],
        ["contents: "],
    ),
    ("slides-hidden/deck.pptx", ["75% of our new porters"], ["Millbrook hub"]),
    ("slides-table-merged/deck.pptx", ["Year: 2024; Site: Millbrook; Starters: 31"], []),
    ("slides-titles-only/titles-only.pptx", ["Welcome", "What we heard: pay matters most", "Thank you"], []),
    ("word-cell-paragraphs-glued/cells.docx", ["Hire locally; Buy from social enterprises; Open gardens"], []),
    (
        "word-content-controls/controls.docx",
        [
            "The Oakmere clinic opened in May 2024",
            "Inline control: Thornfield Trust leads the work.",
            "Smart tag: Larkhaven hosts the hub.",
        ],
        [],
    ),
    ("word-headings-only/headings-only.docx", ["kept 212 cleaners in post", "brought 48 new starters"], []),
    (
        "word-tracked-insertions/tracked.docx",
        ["The trust will hire ninety apprentices from local postcodes in 2026.", "Brambleford hub was inserted"],
        ["forty"],
    ),
]


@pytest.mark.shared
@pytest.mark.parametrize(("name", "said", "unsaid"), CASES)
def test_a_case_reads_as_it_should(shared, name, said, unsaid):
    file = shared / "cases" / "sources" / name
    text = "\n".join(section.text for section in read(file.parent, file.name).sections)
    assert [words for words in said if words not in text] == []
    assert [words for words in unsaid if words in text] == []


@pytest.mark.shared
def test_a_deck_of_titles_names_each_slide(shared):
    parsed = read(shared / "cases" / "sources" / "slides-titles-only", "titles-only.pptx")
    assert [section.locator for section in parsed.sections] == ["slide 1", "slide 2", "slide 3"]
