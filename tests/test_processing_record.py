"""Every column that holds personal data is in the operator's record, and every purpose in it is in members' notice."""

import re
import sqlite3

import pytest

from tests.conftest import ROOT

RECORD = (ROOT / "docs" / "processing-record.md").read_text(encoding="utf-8")
# Tables without anything about a person: the library's content, settings, and what keeps things in order.
ABOUT_NOBODY = {
    "_sqlite_migrations",
    "acronyms",
    "changed_chunks",
    "chunks",
    "claimed_threads",
    "coffee_rounds",
    "curated_vectors",
    "decisions",
    "digests",
    "document_arrivals",
    "document_ids",
    "embeddings",
    "example_places",
    "flags",
    "forums",
    "hash_keys",
    "learning_set_dates",
    "library",
    "library_states",
    "member_changes",
    "next_embeddings",
    "origins",
    "proposals",
    "question_salt",
    "registered_servers",
    "review_cards",
    "seen_interactions",
    "servers",
    "sketches",
    "source_documents",
    "sources",
    "spending",
    "sqlite_sequence",
    "text_coverage",
    "topic_embeddings",
    "vocabulary",
    "withdrawn",
}
# Columns of tables about people that say nothing of a person by themselves.
SAYS_NOTHING = {
    "cards": {"id", "question_id", "server_id", "shared"},
    "curated_answers": {"id", "question", "wordings", "text", "sources", "checked_on", "review_by", "updated_at"},
    "documents": {"*"},  # published; its author is in the record
    "example_requests": {"id", "server_id"},
    "introduction_places": {"server_id", "channel_id"},
    "learning_set_votes": {"set_id"},
    "learning_sets": {"id", "server_id", "channel_id", "poll_id", "made_at", "started_at", "asked_at", "closed_at"},
    "member_embeddings": {"model"},
    "member_offers": {"made_by", "change"},
    "members": {"change"},
    "outbox": {"id", "kind", "attempts", "lease", "leased_until"},
    "peer_question_routes": {"question_id"},
    "peer_questions": {"id"},
    "peer_searches": {"id"},
    "posts": {"server_id", "forum_id", "model", "solved_message_id"},
    "feedback_cards": {"channel_id", "message_id"},
    "question_vectors": {"model"},
    "questions": {"id", "answered", "reason", "withdrawn"},
    "review_events": {"id", "submission_id", "from_state", "to_state", "version", "request_id"},
    "submission_vectors": {"model"},
    "submissions": {
        *("id", "state", "version", "pillars", "outcome", "level", "nation", "region", "credit", "clearance", "origin"),
        *("created_at", "updated_at", "state_since", "published", "review_on", "merged_into", "happened_from"),
        *("happened_to", "corrects", "indicator", "baseline", "measured_period"),
    },
    "settled_feedback": {"settled_at"},
    "turns": {"id", "answered", "documents", "shown"},
}


@pytest.fixture
def columns(library):
    connection = sqlite3.connect(library.settings.database_path)
    tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = {
        (table, row[1])
        for table in tables
        if not table.startswith(("chunks_fts", "chunk_words"))
        for row in connection.execute("SELECT * FROM pragma_table_info(?)", [table])
    }
    connection.close()
    return found


def recorded():
    return {tuple(name.split(".")) for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", RECORD) if name != "erasures.jsonl"}


def test_every_column_is_in_the_record_or_says_nothing_of_a_person(columns):
    missing = [
        f"{table}.{column}"
        for table, column in sorted(columns - recorded())
        if table not in ABOUT_NOBODY and not SAYS_NOTHING.get(table, set()) & {column, "*"}
    ]
    assert missing == [], "name these in docs/processing-record.md and PRIVACY.md, or here, if they say nothing"


def test_the_record_names_no_column_that_does_not_exist(columns):
    files = {("haln", "key"), ("haln", "db")}
    assert recorded() - columns - files == set()


def test_every_purpose_in_the_record_is_in_the_notice_and_the_other_way_round():
    notice = set(re.findall(r'<a id="([a-z]+)">', (ROOT / "PRIVACY.md").read_text(encoding="utf-8")))
    assert set(re.findall(r"PRIVACY\.md#([a-z]+)", RECORD)) == notice


def test_no_table_about_people_is_taken_for_one_about_nobody(columns):
    people = re.compile(r"member|person|user|author|asker|voter|email|recipient")
    told = {f"{table}.{column}" for table, column in columns if table in ABOUT_NOBODY and people.search(column)}
    assert told <= {"servers.moderator_role"}
