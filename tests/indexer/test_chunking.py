from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from indexer.chunking import chunk_document
from knowledge.domain.library import Document, Metadata, Section
from tests.fakes import WordEmbedder


def document(*sections, title="A title"):
    return Document(
        location="x",
        suggested_id="x",
        metadata=Metadata(title=title),
        sections=tuple(Section(heading_path=(f"Heading {i}",), text=text) for i, text in enumerate(sections)),
    )


def sentences(count, words=9):
    return " ".join(f"Sentence {i} has {'long ' * (words - 4)}words." for i in range(count))


def test_chunks_keep_to_the_budget_sections_and_sentences():
    chunks = chunk_document(document(sentences(12), "Short one here."), WordEmbedder(), 50)
    assert {chunk.heading_path for chunk in chunks} == {("Heading 0",), ("Heading 1",)}
    for chunk in chunks:
        assert len(chunk.embedded_text.split()) <= 50
        assert chunk.text.endswith(".")
        assert chunk.text.startswith(("Sentence", "Short"))
        assert chunk.embedded_text.startswith(f"A title\n{chunk.heading_path[0]}\n")
    assert [chunk.ordinal for chunk in chunks] == list(range(len(chunks)))
    sizes = [len(chunk.text.split()) for chunk in chunks if chunk.heading_path == ("Heading 0",)]
    assert max(sizes) - min(sizes) <= 9


def test_a_sentence_longer_than_a_chunk_is_cut_at_words():
    text = "word " * 200 + "end."
    chunks = chunk_document(document(text), WordEmbedder(), 50)
    assert len(chunks) > 4
    assert all(len(chunk.embedded_text.split()) <= 50 for chunk in chunks)
    assert " ".join(chunk.text for chunk in chunks).split() == text.split()


def test_the_models_window_is_never_exceeded():
    chunks = chunk_document(document(sentences(100)), WordEmbedder(), 2000)
    assert all(len(chunk.embedded_text.split()) <= 254 for chunk in chunks)


def test_a_title_longer_than_its_share_is_cut_and_the_text_keeps_its_room():
    for size in (60, 2000):
        chunks = chunk_document(document(sentences(40), title="very " * 59 + "long"), WordEmbedder(), size)
        assert all(len(chunk.text.split()) >= 9 for chunk in chunks)
        assert all(len(chunk.embedded_text.split()) <= min(size, 254) for chunk in chunks)


def test_an_edit_changes_the_chunks_of_its_section_only():
    before = {c.embedding_hash for c in chunk_document(document(sentences(20), sentences(20, 8)), WordEmbedder(), 50)}
    edited = sentences(20, 8).replace("Sentence 3", "Phrase 3")
    after = chunk_document(document(sentences(20), edited), WordEmbedder(), 50)
    assert len([c for c in after if c.embedding_hash not in before]) == 1


@given(st.text(alphabet=st.sampled_from("ab .\n-?é"), max_size=400))
@hypothesis_settings(deadline=None)
def test_no_word_is_lost_or_made_up(text):
    chunks = chunk_document(document(text), WordEmbedder(), 40)
    assert all(chunk.text in text for chunk in chunks)
    kept = "".join(chunk.text for chunk in chunks)
    assert [c for c in kept if c.isalnum()] == [c for c in text if c.isalnum()]
