"""What is deleted is found by nothing, and its words are in no file."""

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.retrieval.search import Mode
from tests.fakes import expire_questions

SECRET = "Quetzalcoatlus"
OTHER = "Pachycephalosaurus"


@pytest.fixture
def secretive(library, sources):
    """A library with a document that holds a word that nothing else has, in text, heading, title and acronym."""
    (sources / "secret.md").write_text(
        f"---\ntitle: The {SECRET} note\norganisation: {SECRET} Trust\n---\n\n"
        f"The {SECRET} Garden Trust (QGT) planted a {SECRET.lower()} bed.\n\n## On {SECRET}\n\nMore of the same.\n"
    )
    Indexer(library).add([str(sources)])
    return library


def held_in_files(library, word):
    """The files of the data directory that hold a word, as written or as the full text writes it."""
    forms = {word.encode(), word.lower().encode(), word.lower()[1:].encode()}
    files = [path for path in library.settings.data_dir.iterdir() if path.is_file()]
    return {path.name for path in files if any(form in path.read_bytes() for form in forms)}


def found(library, word):
    return {
        (mode, chunk.document_id)
        for mode in Mode
        for _, chunk in library.searcher.found(
            library.searcher.read(word), library.embedder.embed_queries([word])[0], 50, mode=mode
        )
    }


def test_a_removed_document_is_found_in_no_mode_and_its_words_are_in_no_file(secretive):
    assert held_in_files(secretive, SECRET)
    assert (Mode.LEXICAL, "secret") in found(secretive, SECRET)
    Indexer(secretive).remove(["secret"])
    assert "secret" not in {document_id for _, document_id in found(secretive, SECRET)}
    assert held_in_files(secretive, SECRET) == set()
    assert secretive.store.problems() == secretive.index.problems() == []


def test_a_deleted_file_leaves_nothing_behind(secretive, sources):
    (sources / "secret.md").unlink()
    assert Indexer(secretive).refresh().removed_ids == ("secret",)
    # Its name stays: that an id was given out once is kept, so that it is never given out again.
    assert held_in_files(secretive, SECRET) == set()


def test_what_is_edited_out_of_a_file_leaves_nothing_behind(secretive, sources):
    text = (sources / "secret.md").read_text()
    (sources / "secret.md").write_text(text.replace(SECRET, OTHER).replace(SECRET.lower(), OTHER.lower()))
    assert Indexer(secretive).refresh().updated == 1
    assert held_in_files(secretive, SECRET) == set()
    assert held_in_files(secretive, OTHER)


def test_answers_given_before_quote_it_no_more(secretive, sources):
    assistant = Assistant(secretive)
    answer = assistant.ask(f"What did the {SECRET} Garden Trust plant?")
    assert SECRET in answer.sentences[0].text
    (sources / "secret.md").unlink()
    Indexer(secretive).refresh()
    # The question is the asker's own words; nothing of the document is left beside it.
    kept = secretive.questions.logged(answer.question_id).answer
    assert (kept.answered, kept.sentences, kept.citations) == (False, (), ())
    expire_questions(secretive.settings)
    secretive.store.scrub()
    assert held_in_files(secretive, SECRET) == set()


def test_a_source_is_removed_with_all_it_gave(secretive, sources):
    removal = Indexer(secretive).remove([str(sources)])
    assert len(removal.removed) == 4
    assert held_in_files(secretive, SECRET) == set()


def test_a_reader_in_the_middle_of_reading_delays_the_overwriting_and_is_told(secretive):
    """What another connection still reads cannot be overwritten; the next time it is."""
    import sqlite3

    reader = sqlite3.connect(secretive.settings.database_path, isolation_level=None)
    secretive.store._connections.get().execute("PRAGMA busy_timeout = 10")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM chunks").fetchone()
    secretive.store.remove_document("secret")
    assert secretive.store.scrub() is False
    reader.execute("ROLLBACK")
    reader.close()
    assert secretive.store.scrub() is True
    assert held_in_files(secretive, SECRET) == set()
