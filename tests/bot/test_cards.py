"""Discord cards stay within Discord's limits and carry nothing of a document into formatting, links or mentions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.cards import MOST_DESCRIPTION, MOST_TITLE, answer_card, safe
from knowledge.types import Answer, Citation, NearDocument, Sentence
from knowledge.vocabulary import Evidence, Kind

text = st.text(max_size=900)
urls = st.one_of(st.none(), st.just("https://example.org/a"), st.just("https://example.org/a)b"))


@st.composite
def answers(draw):
    count = draw(st.integers(0, 8))
    citations = tuple(
        Citation(
            n=n,
            document_id="d",
            chunk_id="1",
            title=draw(text),
            section=draw(st.one_of(st.none(), text)),
            organisation=draw(st.one_of(st.none(), text)),
            url=draw(urls),
            kind=Kind.REPORT,
            evidence=Evidence.REPORT,
            published=None,
            quote="q",
        )
        for n in range(1, count + 1)
    )
    return Answer(
        question=draw(st.text(max_size=1000)),
        answered=draw(st.booleans()),
        text=draw(text),
        sentences=tuple(Sentence(text=draw(text), citations=(c.n,)) for c in citations),
        citations=citations,
        nearest=(NearDocument(document_id="d", title=draw(text), url=draw(urls)),),
        reason=draw(text),
    )


@given(answers())
def test_every_card_is_within_the_limits(answer):
    card = answer_card(answer)
    assert len(card.title or "") <= MOST_TITLE
    assert len(card.description or "") <= MOST_DESCRIPTION
    assert len(card) <= 6000


def answer(**fields):
    citation = Citation(
        n=1,
        document_id="d",
        chunk_id="1",
        title="A title",
        section="Lesson 6",
        organisation="Sample Trust",
        url="https://example.org/a",
        kind=Kind.REPORT,
        evidence=Evidence.CASE_STUDY,
        published="2021",
        quote="It worked.",
    )
    sentences = (Sentence(text=fields.pop("sentence", "It worked."), citations=(1,)),)
    return Answer(
        question="Did it?", answered=True, text="It worked. [1]", sentences=sentences, citations=(citation,), **fields
    )


def test_an_answer_shows_the_point_and_its_sources():
    card = answer_card(answer())
    assert card.title == "Did it?"
    assert card.description.splitlines() == [
        "**It worked.** `[1]`",
        "",
        "**Sources**",
        "`[1]` [A title › Lesson 6](<https://example.org/a>)",
        "-# Sample Trust · case study · 2021",
    ]


@pytest.mark.parametrize("nasty", ["@everyone", "<@123>", "[click](https://evil.example)", "**bold** `code`"])
def test_text_of_a_document_stays_text(nasty):
    shown = answer_card(answer(sentence=f"So {nasty} it was")).description.splitlines()[0]
    assert not re.search(rf"(?<!\\){re.escape(nasty)}", shown)


@given(st.text(alphabet=st.sampled_from("[]()*_~`|<>\\\\a@# \n:/h.")))
def test_every_mark_is_escaped_exactly_once(text):
    for match in re.finditer(r"(\\\\*)([*_~`|\[\]<>])", safe(text)):
        assert len(match.group(1)) % 2 == 1


@pytest.mark.parametrize("start", ["# big", "-# small", "> quoted", "- item"])
def test_text_of_a_document_starts_no_block(start):
    assert safe(f"{start} text\n{start}").startswith("\\")
    assert "\n" not in safe(f"{start} text\n{start}")


def test_a_refusal_says_why_and_points_on():
    near = NearDocument(document_id="d", title="Near", url="https://example.org/n")
    card = answer_card(Answer(question="Q", answered=False, text="t", reason="Nothing fits.", nearest=(near,)))
    assert "The library does not say." in card.description
    assert "Nothing fits." in card.description
    assert "- [Near](<https://example.org/n>)" in card.description
