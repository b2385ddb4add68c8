"""A stretch of a document around a quote, as Discord shows it under More."""

import pytest

from bot.discord.ask.more import passage_text
from knowledge.answering.in_document import DocumentPassage, PassagePart


def shown(*parts, begins=False, ends=False):
    return passage_text(DocumentPassage(parts, begins, ends))


def part(text, **kind):
    return PassagePart(text, **kind)


def test_what_was_quoted_is_in_bold_in_its_paragraph():
    parts = part("Before it. "), part("It *worked*.", quoted=True), part(" After it.\n\nNext.")
    assert shown(*parts) == "Before it. **It \\*worked\\*.** After it.\n\nNext."


def test_lists_stay_lists():
    parts = part("Aims:\n- "), part("bread\n- cake", quoted=True), part("\n- tea\n\nSo it was.")
    assert shown(*parts) == "Aims:\n- **bread**\n- **cake**\n- tea\n\nSo it was."


def test_a_new_section_shows_its_headings_in_small_print():
    parts = part("It worked.", quoted=True), part("Part › Next", heading=True), part("Then on.")
    assert shown(*parts) == "**It worked.**\n\n-# Part › Next\nThen on."
    assert shown(part("First", heading=True), *parts).startswith("-# First\n**It worked.**")


@pytest.mark.parametrize(("first", "expected"), [("Before. ", "… Before. **It.** …"), ("- ", "- … **It.** …")])
def test_an_ellipsis_says_that_there_is_more_of_a_section(first, expected):
    assert shown(part(first), part("It.", quoted=True), begins=True, ends=True) == expected


def test_text_of_a_document_begins_no_heading_and_no_list():
    assert shown(part("# a\n-# b\n1. c\n> d"), part("e", quoted=True)) == "\\# a\n\\-# b\n1\\. c\n\\> d**e**"
