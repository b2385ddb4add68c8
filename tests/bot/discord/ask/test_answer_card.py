"""Discord cards stay within Discord's limits and carry nothing of a document into formatting, links or mentions."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.ask.answer_card import MOST_TEXT, REFUSED, answer_card, is_long, point_card
from bot.discord.runtime.markdown import link, safe
from bot.texts.sources import is_old
from knowledge.answering.wording import EMERGENCY, NEXT_STEP
from knowledge.domain.library import Answer, Citation, NearDocument, Sentence
from knowledge.domain.vocabulary import EvidenceKind, Kind
from tests.bot.answers import answer as spoken
from tests.bot.answers import citation, said
from tests.bot.discord_rules.components import component_faults

TODAY = date(2026, 6, 1)
text = st.text(max_size=900)
optional = st.one_of(st.none(), text)
urls = st.one_of(st.none(), st.just("https://example.org/a"), st.just("https://example.org/a)b"))


@st.composite
def answers(draw):
    count = draw(st.integers(0, 8))
    citations = tuple(
        Citation(
            n=n,
            document_id="d",
            chunk_id=draw(st.sampled_from("12")),
            title=draw(text),
            section=draw(optional),
            organisation=draw(optional),
            url=draw(urls),
            kind=Kind.REPORT,
            evidence=EvidenceKind.REPORT,
            published=None,
            quote="q",
        )
        for n in range(1, count + 1)
    )
    near = [NearDocument(document_id="d", title=draw(text), url=draw(urls), quote=draw(optional)) for _ in range(3)]
    return Answer(
        question=draw(st.text(max_size=1000)),
        answered=draw(st.booleans()),
        text=draw(text),
        sentences=tuple(
            Sentence(
                text=draw(text),
                citations=(citation.n,),
                strong=draw(st.booleans()),
                span=draw(st.one_of(st.none(), st.tuples(st.integers(0, 900), st.integers(0, 900)))),
                item=draw(st.booleans()),
                title=draw(optional),
            )
            for citation in citations
        ),
        citations=citations,
        nearest=tuple(near),
        reason=draw(text),
        note=draw(optional),
        closest=draw(st.booleans()),
        missing=draw(st.sampled_from([None, "name"])),
        shape=draw(st.sampled_from(["passage", "list"])),
    )


def parts(view):
    """The texts of a card, one after the other."""
    return [item.content for item in view.walk_children() if hasattr(item, "content")]


@given(answers())
def test_every_card_is_within_the_limits(answer):
    for card in (answer_card(answer, TODAY, heading="A member asked", note="Ask on."), point_card(answer)):
        assert component_faults(card.to_components(), modern=True) == []
        assert sum(len(part) for part in parts(card)) <= MOST_TEXT


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
        evidence=EvidenceKind.CASE_STUDY,
        published="2020",
        quote="It worked.",
    )
    sentences = (Sentence(text=fields.pop("sentence", "It worked."), citations=(1,)),)
    return Answer(
        question="Did it?", answered=True, text="It worked. [1]", sentences=sentences, citations=(citation,), **fields
    )


def test_an_answer_shows_the_point_and_its_sources():
    assert parts(answer_card(answer(), TODAY)) == [
        "> Did it?",
        "**It worked.**\u00a0`[1]`",
        "**Sources**\n`[1]` [A title › Lesson 6](<https://example.org/a>)\n"
        "-# Sample Trust · case study · 2020, more than 5 years ago",
        "-# Quoted from the network's library. Nothing is made up; follow a source to read on.",
    ]


@pytest.mark.parametrize("nasty", ["@everyone", "<@123>", "[click](https://evil.example)", "**bold** `code`"])
def test_text_of_a_document_stays_text(nasty):
    shown = parts(answer_card(answer(sentence=f"So {nasty} it was"), TODAY))[1]
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
    refused = Answer(question="Q", answered=False, text="t", reason="Nothing fits.", nearest=(near, near))
    assert parts(answer_card(refused, TODAY)) == [
        "> Q",
        "**The library does not say.** Nothing fits.\n"
        "Nearest in the library: [Near](<https://example.org/n>) · [Near](<https://example.org/n>)",
        f"-# {NEXT_STEP}",
    ]


def test_a_refusal_does_not_say_twice_that_there_is_no_answer():
    refused = Answer(question="Q", answered=False, text="t", reason="The library has nothing on this for Leeds.")
    assert parts(answer_card(refused, TODAY))[1] == "**The library has nothing on this for Leeds.**"


def test_the_closest_passage_is_quoted_below_what_is_missing():
    closest = answer().model_copy(update={"answered": False, "closest": True, "reason": "The library touches on this."})
    title = "**The library does not answer this directly. Closest:**"
    card = answer_card(closest, TODAY)
    assert parts(card)[1] == f"{title}\n> It worked.\u00a0`[1]`"
    assert parts(card)[2].startswith("**Sources**\n`[1]` [A title › Lesson 6]")
    assert parts(card)[3].startswith(f"-# {NEXT_STEP}\n")
    assert card.children[0].accent_colour == REFUSED
    kind = closest.model_copy(update={"missing": "kind"})
    title = "**The library does not answer this directly. The library touches on this. Closest:**"
    assert parts(answer_card(kind, TODAY))[1].startswith(title)


def test_a_closest_passage_of_several_paragraphs_is_quoted_line_by_line():
    sentences = (Sentence(text="Aims:", citations=(1,)), Sentence(text="bread", citations=(1,), item=True))
    fields = {"answered": False, "closest": True, "sentences": sentences}
    assert parts(answer_card(answer().model_copy(update=fields), TODAY))[1].endswith("\n> Aims:\n> - bread\u00a0`[1]`")


def test_whom_to_call_stands_alone():
    danger = Answer(question="I think he is having a heart attack", answered=True, text=EMERGENCY)
    assert parts(answer_card(danger, TODAY, heading="A member asked", note="3 members work on this")) == [EMERGENCY]


def test_what_an_answer_leaves_open_and_what_is_said_instead_is_shown():
    assert parts(answer_card(answer(note="No date is given."), TODAY))[1].endswith("\n\nNo date is given.")
    near = NearDocument(document_id="d", title="Near", url=None, quote="It is so *there*.")
    refused = Answer(question="Q", answered=False, text="t", reason="Nothing fits.", nearest=(near,))
    assert parts(answer_card(refused, TODAY))[1].endswith("\nNearest in the library: Near (“It is so \\*there\\*.”)")


def test_a_follow_up_says_how_it_was_understood():
    card = answer_card(answer(understood="Did it work in Wales?"), TODAY)
    assert parts(card)[0] == "> Did it?\n-# Understood as: Did it work in Wales?"


def test_who_asks_for_people_is_told_how_to_find_them():
    assert "`/peers`" in parts(answer_card(answer(asks_for_people=True), TODAY))[-1]
    refused = Answer(question="Q", answered=False, text="t", reason="Nothing fits.", asks_for_people=True)
    assert "`/peers`" in parts(answer_card(refused, TODAY))[-1]
    assert not any("/peers" in part for part in parts(answer_card(answer(), TODAY)))


@pytest.mark.parametrize(
    ("published", "old"),
    [
        ("2020", True),
        ("2021", False),
        ("2021-05", True),
        ("2021-06", False),
        ("2021-05-31", True),
        ("2021-06-01", False),
        ("2026", False),
    ],
)
def test_what_is_certainly_older_than_five_years_says_so(published, old):
    assert is_old(published, TODAY) is old


def test_a_link_is_the_sources_own_or_none():
    assert link("A title", "https://example.org/a") == "[A title](<https://example.org/a>)"
    assert link("A title", None) == "A title"
    title = safe("[x](https://evil.example)")
    assert link("[x](https://evil.example)", "https://example.org/a>)") == f"[{title}](<https://example.org/a%3E%29>)"


def test_an_address_in_a_text_is_no_link():
    assert "https://" not in safe("see https://evil.example and HTTP://evil.example")


@pytest.mark.parametrize("before", ["see", "2020", "_", "é", "中", ".", "(", "x-"])
@pytest.mark.parametrize("scheme", ["https", "http", "HTTPS", "discord", "steam", "ftp"])
def test_an_address_glued_to_a_word_is_no_link_either(before, scheme):
    assert "://" not in safe(f"{before}{scheme}://evil.example/login").replace("\u2060://", "")


def test_a_long_answer_is_one_that_fills_a_screen():
    assert not is_long(answer())
    assert is_long(answer().model_copy(update={"text": "x" * 2000}))
    assert not is_long(Answer(question="Q", answered=True, text="x" * 2000))
    assert not is_long(answer().model_copy(update={"text": "x" * 2000, "answered": False, "closest": True}))


@pytest.mark.parametrize("length", [40, 400, 1000, 3000])
@pytest.mark.parametrize("count", [1, 3, 5])
def test_every_source_that_is_cited_is_listed_however_long_its_address(length, count):
    url = "https://example.org/" + "a" * length
    sentences = [said(f"Sentence {n}. " * 15, n) for n in range(1, count + 1)]
    cited = [citation(n, str(n), title=f"Title {n}", url=f"{url}{n}") for n in range(1, count + 1)]
    view = answer_card(spoken(*sentences, citations=cited), TODAY)
    text = "\n".join(parts(view))
    assert len(text) <= MOST_TEXT
    for n in range(1, count + 1):
        assert f"`[{n}]` " in text.split("**Sources**")[1]
        if count * length <= 2000:
            assert f"[Title {n}](<{url}{n}>)" in text
        else:
            assert f"Title {n}" in text


def test_a_link_that_has_no_room_in_the_text_is_a_button():
    url = "https://example.org/" + "a" * 440
    cited = [citation(n, str(n), title=f"A_title {n}", url=f"{url}{n}") for n in range(1, 10)]
    sentences = [said(f"Sentence {n}. " * 15, n) for n in range(1, 10)]
    view = answer_card(spoken(*sentences, citations=cited), TODAY)
    assert component_faults(view.to_components(), modern=True) == []
    text = "\n".join(parts(view))
    buttons = {item.url: item.label for item in view.walk_children() if getattr(item, "url", None)}
    assert buttons
    for n in range(1, 10):
        assert f"(<{url}{n}>)" in text or buttons[f"{url}{n}"] == f"A_title {n}"


def test_the_nearest_documents_keep_their_links():
    url = "https://example.org/" + "a" * 900
    near = [NearDocument(document_id="d", title=f"Title {n}", url=f"{url}{n}") for n in range(3)]
    view = answer_card(Answer(question="Q?", answered=False, text="t", reason="Why.", nearest=tuple(near)), TODAY)
    text = "\n".join(parts(view))
    assert all(f"[Title {n}](<{url}{n}>)" in text for n in range(3))
