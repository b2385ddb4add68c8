"""All that is held about a person in one place, and that nothing is left; of whom only operators know, too."""

import sqlite3

import pytest

from indexer.pipeline import Indexer
from knowledge.accounts.storage.sqlite.accounts import SQLiteAccountStore
from knowledge.assistant import Assistant
from knowledge.errors import MemberError
from knowledge.examples.examples import Examples
from knowledge.library import open_stores
from knowledge.matching.peers import Peers
from knowledge.privacy.member_data import PersonalData
from knowledge.servers.storage.sqlite import open_servers
from knowledge.storage.sqlite import migrations, open_database
from knowledge.storage.sqlite.maintenance import columns_of_people
from tests.knowledge.matching.people import GARDEN, RememberingEmbedder, add

QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"


@pytest.fixture
def embedder():
    return RememberingEmbedder()


@pytest.fixture
def personal(filled):
    return PersonalData(filled, Peers(filled), Examples(filled))


def ask(filled, person, conversation, question=QUESTION):
    assistant = Assistant(filled)
    assistant.takes_part(conversation, f"discord:{person}")
    return assistant.of_member(str(person)).ask(question, conversation)


def test_an_operators_id_that_is_a_word_is_no_trace_within_other_words(personal, filled):
    add(Peers(filled), "ann", GARDEN, working_on="Planning and channels")
    add(Peers(filled), "bea", GARDEN, nation="wales", working_on="Annual planning")
    assert personal.export("ann")["profile"]["working_on"] == "Planning and channels"
    assert personal.forget("ann").left == 0
    assert personal.export("bea")["profile"]


def test_nothing_is_held_about_a_stranger(personal):
    assert not personal.holds("4711")
    with pytest.raises(MemberError, match="Nothing is held"):
        personal.forget("4711")


def test_what_is_remembered_of_a_conversation_is_ones_own(personal, filled):
    ask(filled, 1, "discord:dm")
    ask(filled, 1, "discord:thread")
    ask(filled, 2, "discord:thread", "What of green roofs?")
    # A thread that several take part in is nobody's file; it is forgotten with any of them.
    assert [turn["question"] for turn in personal.export("1")["conversation"]] == [QUESTION]
    personal.forget("1")
    assert filled.questions.turns("discord:dm") == filled.questions.turns("discord:thread") == []
    assert personal.export("1")["conversation"] == []


def test_votes_are_exported_and_forgotten(personal, filled):
    answer = Assistant(filled).ask(QUESTION)
    Assistant(filled).feedback(answer.question_id, "discord:3", helpful=True)
    assert [vote["helpful"] for vote in personal.export("3")["feedback"]] == [True]
    assert personal.forget("3").removed == {"feedback": 1}
    assert filled.questions.feedback(answer.question_id).helpful == 0


def test_a_long_id_is_found_anywhere_in_any_text(personal, filled):
    person = "123456789012345678"
    add(Peers(filled), "bea", GARDEN, working_on=f"With <@{person}> on roofs")
    assert personal.traces(person) == {"members": 1}
    assert personal.traces("12345") == {}


def test_a_short_id_is_no_trace_in_counts_and_is_found_wherever_people_are_named(personal, filled):
    add(Peers(filled), "2", GARDEN)
    assert not personal.holds("1")
    assert personal.traces("1") == {}
    assert personal.forget("2").left == 0
    with pytest.raises(MemberError, match="Nothing is held"):
        personal.forget("1")


def test_every_column_that_holds_people_is_looked_at(filled):
    with filled.store._connections.read() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        looked_at = {f"{table}.{column}" for table in tables for column in columns_of_people(connection, table)}
    # A card holds a hash of who asked.
    assert looked_at - {"cards.asker", "question_askers.asker"} == {
        "members.id",
        "member_embeddings.member_id",
        "member_offers.member_id",
        "introductions.seeker",
        "introductions.other",
        "introduction_answers.member_id",
        "member_notices.member_id",
        "member_blocks.member_id",
        "member_blocks.blocked_id",
        "peer_questions.asker",
        "peer_question_routes.member_id",
        "peer_searches.member_id",
        "example_people.member",
        "posts.author_id",
        "follow_requests.recipient",
        "follow_addresses.recipient",
        "learning_set_members.member_id",
        "learning_set_votes.member_id",
        "coffee_members.member_id",
        "curated_answers.member_id",
        "digest_choices.member_id",
        "coffee_pairs.member_id",
        "coffee_pairs.other",
        "outbox.recipient",
        "form_drafts.member",
        "example_requests.author_id",
        "shared_answers.user_id",
        "accounts.member_id",
        "web_sessions.member_id",
        "sign_in_links.member_id",
        "former_accounts.member_id",
    }


def test_who_left_their_posts_out_before_is_still_left_out_and_named_no_more(tmp_path, monkeypatch):
    path = tmp_path / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m010"))
        connections = open_database(path)
        with connections.write() as connection:
            connection.execute("INSERT INTO post_opt_outs (user_id) VALUES (7)")
        connections.close()
    connections = open_database(path)
    posts = open_servers(connections).posts
    assert posts.opted_out(7)
    assert not posts.opted_out(8)
    with connections.read() as connection:
        assert len(connection.execute("SELECT person FROM post_opt_outs").fetchone()[0]) == 64
    posts.opt_in(7)
    assert not posts.opted_out(7)
    connections.close()


def test_a_question_is_its_askers_until_it_is_erased(personal, filled):
    """Whatever becomes of the message with the answer: only the question itself, or its age, ends that."""
    member, other = "123456789012345678", "223456789012345678"
    assistant = Assistant(filled)
    mine = assistant.of_member(member).ask(QUESTION).question_id
    assistant.of_member(other).ask("What of green roofs?")
    assert [one["question"] for one in personal.export(member)["library_questions"]] == [QUESTION]
    assert personal.traces(member) == {"questions": 1}
    forgotten = personal.forget(member)
    assert (forgotten.removed["questions"], forgotten.left, forgotten.pending) == (1, 0, False)
    assert filled.questions.logged(mine) is None
    assert [one["question"] for one in personal.export(other)["library_questions"]] == ["What of green roofs?"]


def test_what_others_wrote_of_somebody_names_them_no_more(personal, filled):
    person = "123456789012345678"
    add(Peers(filled), "bea", GARDEN, working_on=f"With <@{person}> on roofs, and {person}")
    forgotten = personal.forget(person)
    assert (forgotten.removed, forgotten.left) == ({"mentions": 1}, 0)
    assert personal.export("bea")["profile"]["working_on"] == "With a member on roofs, and a member"


def test_what_is_left_of_somebody_in_published_documents_is_counted(personal, filled, sources):
    person = "123456789012345678"
    (sources / "named.md").write_text(f"# A garden\n\nAsk <@{person}> for the key of the garden.\n")
    Indexer(filled).add([str(sources)])
    assert personal.forget(person).left == sum(personal.traces(person).values()) > 0


def test_files_are_cleaned_by_whoever_looks_next_and_not_read_again_while_nothing_changes(personal, filled, sources):
    """A bot for hundreds of networks looks at each every minute, and has room for the indexes of few."""
    indexes = (filled.index, filled.lexical)

    def looked_at():
        for index in indexes:
            index.unload()
        assert personal.finish_erasure()
        return [index.is_loaded for index in indexes]

    assert looked_at() == [True, True]
    assert looked_at() == [False, False]
    (sources / "allotment.md").write_text("# Plots\n\nThe Sample Trust lends twelve plots on its quincunx allotment.\n")
    (added,) = Indexer(filled).add([str(sources)]).added_ids
    held = filled.settings.lexical_index_path.read_bytes()
    assert looked_at() == [True, True]
    assert looked_at() == [False, False]
    assert filled.settings.lexical_index_path.read_bytes() == held
    assert filled.store.remove_document(added)  # as another process does
    assert looked_at() == [True, True]
    assert filled.settings.lexical_index_path.read_bytes() != held
    assert looked_at() == [False, False]


def test_an_erasure_that_a_reader_delays_is_finished_later_and_says_so(personal, filled):
    ask(filled, 1, "discord:dm", "Zanzibar gardens?")
    reader = sqlite3.connect(filled.settings.database_path, isolation_level=None)
    filled.store._connections.get().execute("PRAGMA busy_timeout = 10")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM chunks").fetchone()
    assert personal.forget("1").pending
    assert not personal.finish_erasure()
    assert any(b"Zanzibar" in file.read_bytes() for file in filled.settings.data_dir.glob("haln.db*"))
    reader.execute("ROLLBACK")
    reader.close()
    assert personal.finish_erasure()
    assert personal.finish_erasure()
    assert not any(b"Zanzibar" in file.read_bytes() for file in filled.settings.data_dir.glob("haln.db*"))


def test_an_erasure_that_was_killed_before_it_overwrote_is_finished_at_the_next_start(personal, filled, monkeypatch):
    ask(filled, 1, "discord:dm", "Zanzibar gardens?")
    monkeypatch.setattr(personal, "_clean", lambda _: True)  # the process ends here
    personal.forget("1")
    path = filled.settings.database_path
    held = path.with_name("haln.db-wal").read_bytes()
    assert b"Zanzibar" in held
    filled.close()
    monkeypatch.undo()
    path.with_name("haln.db-wal").write_bytes(held)  # closing would have emptied it
    open_stores(filled.settings).library.close()
    assert not any(b"Zanzibar" in file.read_bytes() for file in filled.settings.data_dir.glob("haln.db*"))


def test_an_erasure_is_noted_anew_with_what_it_deletes(personal, filled, monkeypatch):
    """Another process may overwrite what is there, and take the note, before the deletion; and this one then end."""
    ask(filled, 1, "discord:dm", "Zanzibar gardens?")
    forget = personal._examples.forget

    def meanwhile(*arguments, **options):
        assert filled.store.finish_scrub()
        return forget(*arguments, **options)

    monkeypatch.setattr(personal._examples, "forget", meanwhile)
    monkeypatch.setattr(personal, "_clean", lambda _: True)
    personal.forget("1")
    with filled.store._connections.read() as connection:
        assert connection.execute("SELECT count(*) FROM flags WHERE name = 'scrub_due'").fetchone()[0] == 1


def test_answers_call_an_edited_document_and_its_author_as_they_are_called_now(filled, sources):
    kept = Assistant(filled).ask(QUESTION).question_id
    text = (sources / "jobs.md").read_text()
    text = text.replace("title: Jobs for local people", "title: Jobs nearby")
    (sources / "jobs.md").write_text(text.replace("organisation: Sample Hospital Trust", "organisation: Sample Anchor"))
    Indexer(filled).refresh()
    logged = filled.questions.logged(kept)
    assert not logged.withdrawn
    assert {citation.title for citation in logged.answer.citations} == {"Jobs nearby"}
    with filled.store._connections.read() as connection:
        stored = connection.execute("SELECT answer FROM questions").fetchone()[0]
    assert "Jobs for local people" not in stored
    assert '"organisation":"Sample Hospital Trust"' not in stored


def test_who_is_signed_in_stays_so_when_accounts_change_their_form(tmp_path, monkeypatch):
    path = tmp_path / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m023"))
        connections = open_database(path)
        with connections.write() as connection:
            connection.execute("INSERT INTO accounts VALUES ('web-a', 'sam@example.org', '2026-03-01', '2026-03-01')")
            connection.execute("INSERT INTO web_sessions VALUES ('hash', 'web-a', '2026-03-01', '2026-04-01')")
        connections.close()
    connections = open_database(path)
    session = SQLiteAccountStore(connections).session("hash", "2026-03-02")
    assert (session.account.email, session.by_discord, session.moderates_until) == ("sam@example.org", False, None)
    with connections.write() as connection:
        connection.execute("DELETE FROM accounts")
        assert connection.execute("SELECT count(*) FROM web_sessions").fetchone()[0] == 0
    connections.close()
