"""Word files as people write them: forms, boxes, notes, tracked changes, hidden text, tables in tables."""

import pytest

from indexer.parsing import parse_file
from tests.indexer.makers import word
from tests.indexer.office_makers import heading, paragraph, word_xml

BOX = (
    "<w:p><w:r><w:t>Before.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wp:inline>"
    "<a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>{0}</w:txbxContent></wps:txbx></wps:wsp>"
    "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox><w:txbxContent>"
    "{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


def run(text, properties=""):
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def read(body, **parts):
    return parse_file("plan.docx", word_xml(body, **parts), "Plan")


def text_of(parsed):
    return "\n\n".join(section.text for section in parsed.sections)


def left(parsed):
    return [(each.reason, each.text) for each in parsed.left_out]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (f"<w:sdt><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>", "In a control."),
        (
            f"<w:sdt><w:sdtContent><w:sdt><w:sdtContent>{paragraph('Deep.')}</w:sdtContent></w:sdt>"
            "</w:sdtContent></w:sdt>",
            "Deep.",
        ),
        (
            f"<w:p>{run('Led by ')}<w:sdt><w:sdtContent>{run('Oakmere')}</w:sdtContent></w:sdt>{run('.')}</w:p>",
            "Led by Oakmere.",
        ),
        (
            f"<w:p>{run('At ')}<w:smartTag><w:smartTag>{run('Larkhaven')}</w:smartTag></w:smartTag></w:p>",
            "At Larkhaven",
        ),
        (f"<w:p>{run('See ')}<w:hyperlink>{run('our page')}</w:hyperlink></w:p>", "See our page"),
        (f"<w:p><w:customXml>{run('Marked.')}</w:customXml></w:p>", "Marked."),
        (f"<w:p>{run('Hire')}<w:r><w:noBreakHyphen/></w:r>{run('local')}</w:p>", "Hire-local"),
        (f"<w:p>{run('Name:')}<w:r><w:tab/></w:r>{run('Jo')}</w:p>", "Name: Jo"),
        (f"<w:p>{run('One line')}<w:r><w:br/></w:r>{run('Another line')}</w:p>", "One line\n\nAnother line"),
        (f"<w:p>{run('One line that')}<w:r><w:br/></w:r>{run('goes on')}</w:p>", "One line that goes on"),
        (BOX.format(paragraph("In a box.")), "Before.\n\nIn a box."),
        (BOX.format(BOX.format(paragraph("Inner."))), "Before.\n\nBefore.\n\nInner."),
        (
            "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>IF x</w:instrText></w:r>"
            f"{run('unseen')}<w:r><w:fldChar w:fldCharType='separate'/></w:r>{run('seen')}"
            "<w:r><w:fldChar w:fldCharType='end'/></w:r></w:p>",
            "seen",
        ),
        (
            "<w:p><w:r><w:fldChar w:fldCharType='begin'><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData>"
            f"</w:fldChar><w:fldChar w:fldCharType='end'/></w:r>{run(' Living wage paid')}</w:p>",
            "☒ Living wage paid",
        ),
    ],
)
def test_text_is_read_wherever_it_stands(body, text):
    assert text_of(read(body)) == text


@pytest.mark.parametrize(
    ("body", "text", "gone"),
    [
        (
            f"<w:p>{run('We hire ')}<w:del><w:r><w:delText>forty</w:delText></w:r></w:del>"
            f"<w:ins>{run('ninety')}</w:ins></w:p>",
            "We hire ninety",
            [("tracked deletions", "forty")],
        ),
        (
            f"<w:p><w:moveFrom>{run('Moved.')}</w:moveFrom></w:p><w:p>{run('First.')}</w:p><w:p>"
            f"<w:moveTo>{run('Moved.')}</w:moveTo></w:p>",
            "First.\n\nMoved.",
            [("tracked deletions", "Moved.")],
        ),
        (
            "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("We hire ") + "</w:p>" + paragraph("locally."),
            "We hire locally.",
            [],
        ),
        (f"<w:p>{run('Seen.')}{run('Unseen.', '<w:vanish/>')}</w:p>", "Seen.", [("hidden text", "Unseen.")]),
        (
            f"<w:p>{run('Seen.')}{run(' Too.', '<w:vanish w:val=' + chr(34) + '0' + chr(34) + '/>')}</w:p>",
            "Seen. Too.",
            [],
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + paragraph("Click here to enter text.")
            + "</w:sdtContent></w:sdt>"
            + paragraph("Kept."),
            "Kept.",
            [("prompts of empty form fields", "Click here to enter text.")],
        ),
    ],
)
def test_what_is_deleted_or_hidden_stays_out_and_is_named(body, text, gone):
    parsed = read(body)
    assert (text_of(parsed), left(parsed)) == (text, gone)


def test_notes_stand_after_the_paragraph_that_refers_to_them():
    def refers(text, kind, identity):
        return f"<w:p>{run(text)}<w:r><w:{kind}Reference w:id='{identity}'/></w:r></w:p>"

    parsed = read(
        refers("We hired 90", "footnote", 3) + refers("Costs fell.", "endnote", 2) + refers("And 12", "footnote", 7),
        footnotes="".join(f"<w:footnote w:id='{n}'>{paragraph(f'Payroll {n}.')}</w:footnote>" for n in (3, 7)),
        endnotes=f"<w:endnote w:id='2'>{paragraph('Accounts.')}</w:endnote>",
        comments=f"<w:comment w:id='1'>{paragraph('Is this right?')}</w:comment>",
        header=paragraph("Draft of May"),
    )
    assert text_of(parsed) == (
        "We hired 90\n\nNote 1: Payroll 3.\n\nCosts fell.\n\nEndnote 1: Accounts.\n\nAnd 12\n\nNote 2: Payroll 7."
    )
    assert sorted(left(parsed)) == [("comments", "Is this right?"), ("headers and footers", "Draft of May")]


def cell(text, properties=""):
    inner = text if text.startswith("<") else paragraph(text)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def table(*rows):
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


BOLD = "<w:b/>"


def bold(text):
    return f"<w:p>{run(text, BOLD)}</w:p>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            table(
                cell(bold("Year")) + cell(bold("Work")),
                cell("2024") + cell(paragraph("Hire locally") + paragraph("Buy")),
            ),
            "- Year: 2024; Work: Hire locally; Buy",
        ),
        (
            table(
                cell(bold("Site")) + cell(bold("Starters"), "<w:gridSpan w:val='2'/>"),
                cell(bold("")) + cell(bold("Women")) + cell(bold("Men")),
                cell("Ashcombe") + cell("11") + cell("7"),
            ),
            "- Site: Ashcombe; Starters, Women: 11; Starters, Men: 7",
        ),
        (
            table(
                cell("Site") + cell("Starters", "<w:gridSpan w:val='2'/>"),
                cell("") + cell("Women") + cell("Men"),
                cell("Ashcombe") + cell("11") + cell("7"),
            ),
            "- Site: Ashcombe; Starters, Women: 11; Starters, Men: 7",
        ),
        (
            table(cell(bold("Lead")) + cell("Sample Trust"), cell(bold("Cost")) + cell("£90")),
            "- Lead: Sample Trust\n- Cost: £90",
        ),
        (
            table(cell("Lead:") + cell("Jo") + cell("Cost:") + cell("£90"), cell("Aim:") + cell("Jobs")),
            "- Lead: Jo | Cost: £90\n- Aim: Jobs",
        ),
        (
            table(
                cell("Who") + cell("When"), cell(paragraph("Outer") + table(cell("Inner") + cell("7"))) + cell("May")
            ),
            "- Who | When\n- Outer | May\n- Inner | 7",
        ),
        (table(cell(heading("A box") + paragraph("Said in it."))), "Said in it."),
        (f"<w:tbl><w:sdt><w:sdtContent><w:tr>{cell('a')}{cell('b')}</w:tr></w:sdtContent></w:sdt></w:tbl>", "- a | b"),
        (
            f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell('gone')}{cell('x')}</w:tr>"
            f"<w:tr>{cell('a')}{cell('b')}</w:tr></w:tbl>",
            "- a | b",
        ),
        (
            table(
                cell(bold("Region")) + cell(bold("Trust")),
                cell("North", "<w:vMerge w:val='restart'/>") + cell("A"),
                cell("", "<w:vMerge/>") + cell("B"),
            ),
            "- Region: North; Trust: A\n- Region: North; Trust: B",
        ),
    ],
)
def test_tables_forms_and_boxes_read_row_by_row(body, text):
    assert text_of(read(body)) == text


def test_a_document_of_headings_only_is_read_and_one_with_text_keeps_its_title_once():
    only = parse_file("a.docx", word_xml(heading("Pay kept 212 cleaners") + heading("Bus passes brought 48 starters")))
    assert text_of(only) == "Pay kept 212 cleaners\n\nBus passes brought 48 starters"
    parsed = parse_file(
        "a.docx", word_xml(heading("Our plan") + heading("Aim") + paragraph("Jobs.") + heading("No text", 2))
    )
    assert parsed.title == "Our plan"
    assert [(section.heading_path, section.text) for section in parsed.sections] == [(("Aim",), "Jobs.\n\nNo text")]


def test_large_or_bold_short_lines_are_no_headings_and_contents_are_left_out():
    def build(document):
        document.add_paragraph().add_run("Partner organisation").bold = True
        document.add_paragraph("Sample Trust")
        style = document.styles.add_style("toc 1", 1)
        document.add_paragraph("Aims 3", style=style)

    parsed = parse_file("form.docx", word(build))
    assert [section.heading_path for section in parsed.sections] == [()]
    assert parsed.sections[0].text == "Partner organisation\n\nSample Trust"
    assert left(parsed) == [("tables of contents", "Aims 3")]


def test_a_style_of_ones_own_that_is_based_on_a_heading_makes_headings():
    def build(document):
        style = document.styles.add_style("House heading", 1)
        style.base_style = document.styles["Heading 2"]
        document.add_paragraph("Aims", style=style)
        document.add_paragraph("Jobs for all.")

    assert parse_file("a.docx", word(build), "T").sections[0].heading_path == ("Aims",)
