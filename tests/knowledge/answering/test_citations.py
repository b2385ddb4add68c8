"""Runs of sentences are verbatim slices of their chunk with one citation each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.citations import Quote, cited, cited_as
from tests.knowledge.answering.makers import chunk, read

TEXT = "One is first. Two is second. Three is third.\n\nFour is fourth."


def quote(passage, *places, **options):
    return Quote(passage.chunk, tuple(passage.sentences[place] for place in places), **options)


def test_sentences_without_a_gap_have_one_citation():
    passage = read(TEXT)
    sentences, citations = cited([quote(passage, 1, 0)])
    assert [citation.quote for citation in citations] == ["One is first. Two is second."]
    assert [(s.text, s.citations) for s in sentences] == [("One is first.", (1,)), ("Two is second.", (1,))]


def test_a_gap_begins_a_new_citation():
    sentences, citations = cited([quote(read(TEXT), 0, 2)])
    assert [citation.quote for citation in citations] == ["One is first.", "Three is third."]
    assert [s.citations for s in sentences] == [(1,), (2,)]


def test_paragraphs_and_items_that_follow_one_another_are_one_run():
    assert [c.quote for c in cited([quote(read(TEXT), 2, 3)])[1]] == ["Three is third.\n\nFour is fourth."]
    passage = read("Aims:\n- bread\n- cake")
    sentences, citations = cited([quote(passage, 0, 1, 2)])
    assert [citation.quote for citation in citations] == ["Aims:\n- bread\n- cake"]
    assert [sentence.item for sentence in sentences] == [False, True, True]


def test_numbers_go_on_over_quotes_and_the_same_run_is_cited_once():
    passage, other = read(chunk(TEXT, 1)), read(chunk("Else.", 2, "b"))
    sentences, citations = cited([quote(passage, 0), quote(other, 0), quote(passage, 0)])
    assert [citation.n for citation in citations] == [1, 2]
    assert [sentence.citations for sentence in sentences] == [(1,), (2,), (1,)]


def test_the_sentence_that_answers_is_marked_with_its_span():
    passage = read(TEXT, spans=[(0, 3), (14, 17)])
    sentences, _ = cited([quote(passage, 0, 1, strong=passage.sentences[1])])
    assert [(s.strong, s.span) for s in sentences] == [(False, None), (True, (0, 3))]
    assert sentences[1].text[slice(*sentences[1].span)] == "Two"


def test_a_title_stands_with_the_first_sentence_of_a_run():
    sentences, _ = cited([quote(read(TEXT), 0, 1, title="A title")])
    assert [sentence.title for sentence in sentences] == ["A title", None]


def test_a_documents_title_stands_once_however_many_runs_are_quoted():
    sentences, _ = cited([quote(read(TEXT), 0, 2, title="A title")])
    assert [sentence.title for sentence in sentences] == ["A title", None]


def test_a_citation_describes_its_source():
    described = chunk(
        "Said so.", 5, "b", ["Part", "Section"], organisation="Apple Trust", published="2021", kind="report"
    )
    citation = cited_as(3, described, "Said")
    assert (citation.n, citation.chunk_id, citation.document_id) == (3, "5", "b")
    assert (citation.title, citation.section, citation.organisation) == ("B", "Part › Section", "Apple Trust")
    assert (citation.published, citation.kind) == ("2021", "report")


def test_what_is_not_in_the_chunk_cannot_be_cited():
    with pytest.raises(ValueError, match="not part of chunk 1"):
        cited_as(1, chunk("Said so."), "Never said.")


SENTENCES = st.lists(
    st.tuples(
        st.sampled_from(["", "- "]),
        st.lists(st.sampled_from(["bread", "£3m", "Café’s", "🌳", "שלום", "e.g. no.", "(UK)"]), min_size=1, max_size=4),
        st.sampled_from([".", "?", ":", ""]),
        st.sampled_from([" ", "\n", "\n\n"]),
    ),
    min_size=1,
    max_size=8,
)


@given(SENTENCES, st.data())
def test_whatever_is_chosen_is_quoted_verbatim(parts, data):
    passage = read("".join(f"{mark}{' '.join(words)}{stop}{end}" for mark, words, stop, end in parts).strip())
    chosen = data.draw(st.lists(st.sampled_from(passage.sentences), min_size=1, unique_by=id))
    strong = data.draw(st.sampled_from(chosen))
    sentences, citations = cited([Quote(passage.chunk, tuple(chosen), strong=strong)])
    assert all(citation.quote in passage.chunk.text for citation in citations)
    assert [citation.n for citation in citations] == list(range(1, len(citations) + 1))
    quotes = {citation.n: citation.quote for citation in citations}
    assert all(sentence.text in quotes[n] for sentence in sentences for n in sentence.citations)
    assert sorted(s.text for s in sentences) == sorted(s.unit.text for s in chosen)
    assert {n for sentence in sentences for n in sentence.citations} == set(quotes)
    assert sum(sentence.strong for sentence in sentences) == 1
