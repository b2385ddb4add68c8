"""Where sentences stand in a text, and what of the sentence that answers is marked."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.layout import Opens, begins_item, marked_span, placed
from knowledge.domain.library import Citation, Sentence


def said(text, n=1, **marks):
    return Sentence(text=text, citations=(n,), **marks)


def cited(n, chunk="1", quote="Q."):
    unknown = {"section": None, "organisation": None, "url": None, "evidence": None, "published": None}
    return Citation(n=n, document_id="d", chunk_id=chunk, title="D", kind="report", quote=quote, **unknown)


def opened(*sentences, citations=()):
    return [one.opens for one in placed(sentences, citations)]


def test_each_run_has_its_mark_at_its_end():
    sentences = [said("a"), said("b"), said("c", 2), said("d", 2, title="D"), said("e")]
    assert [one.marks for one in placed(sentences)] == [(), (1,), (2,), (2,), (1,)]


def test_what_stands_in_one_chunk_goes_on_with_its_paragraph_where_the_citations_tell():
    sentences = [said("a"), said("b", 2), said("c", 3)]
    assert opened(*sentences) == [Opens.PARAGRAPH] * 3
    citations = [cited(1), cited(2), cited(3, "9")]
    assert opened(*sentences, citations=citations) == [Opens.PARAGRAPH, Opens.NOTHING, Opens.PARAGRAPH]


def test_sentences_of_a_language_model_go_on_while_they_share_a_passage():
    sentences = [Sentence(text=text, citations=numbers) for text, numbers in (("a", (1,)), ("b", (1, 2)), ("c", (2,)))]
    citations = [cited(1), cited(2, "2")]
    assert opened(*sentences, citations=citations) == [Opens.PARAGRAPH, Opens.NOTHING, Opens.NOTHING]


def test_items_begin_lines_and_what_follows_a_list_a_paragraph():
    sentences = [said("Aims:"), said("a", item=True), said("b", item=True), said("So.")]
    assert opened(*sentences) == [Opens.PARAGRAPH, Opens.LINE, Opens.LINE, Opens.PARAGRAPH]


def test_an_item_of_two_sentences_is_one_item():
    sentences = [said("a.", item=True), said("b.", item=True), said("c.", item=True)]
    places = placed(sentences, [cited(1, quote="a. b.\n- c.")])
    assert [begins_item(one) for one in places] == [True, False, True]


def test_documents_in_a_list_are_entries():
    sentences = [said("x"), said("a", 2, title="A"), said("b", 3, item=True), said("c", 4, title="B"), said("y", 5)]
    citations = [cited(1), cited(2, "2"), cited(3, "2"), cited(4, "4"), cited(5, "5")]
    places = placed(sentences, citations)
    assert [one.listed for one in places] == [False, True, True, True, False]
    assert [one.opens for one in places][1::2] == [Opens.PARAGRAPH, Opens.ENTRY]


@given(st.text(max_size=20), st.tuples(st.integers(-5, 30), st.integers(-5, 30)))
def test_what_is_marked_is_a_part_of_the_sentence_with_no_space_around(text, span):
    found = marked_span(said(text, strong=True, span=span))
    if found is not None:
        inside = text[slice(*found)]
        assert 0 <= found[0] < found[1] <= len(text)
        assert inside == inside.strip()
        assert inside in text[max(0, span[0]) : span[1]]
        assert len(inside) < 0.6 * len(text)


def test_only_the_answer_is_marked():
    assert marked_span(said("kept 40 jobs", strong=True, span=(5, 7))) == (5, 7)
    assert marked_span(said("kept 40 jobs", strong=True, span=(4, 8))) == (5, 7)
    assert marked_span(said("kept 40 jobs", span=(5, 7))) is None
    assert marked_span(said("kept 40 jobs", strong=True)) is None
    assert marked_span(said("kept 40 jobs", strong=True, span=(0, 11))) is None
