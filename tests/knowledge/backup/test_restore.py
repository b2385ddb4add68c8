"""The restore drill: what was backed up is there, what was erased since is not, and nothing is lost on the way."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap

import pytest

from indexer.pipeline import Indexer
from indexer.removal import remove
from knowledge.assistant import Assistant
from knowledge.backup.backup import make_backup
from knowledge.domain.examples import Actor, Role
from knowledge.errors import StorageBusyError, StorageError
from knowledge.library import Library
from knowledge.storage.sqlite import migrations, open_database
from tests.conftest import ROOT
from tests.knowledge.backup.conftest import doors
from tests.knowledge.examples.conftest import AUTHOR, MODERATOR, content
from tests.knowledge.matching.people import GARDEN, RememberingEmbedder, add

PERSON, OTHER = "123456789012345678", "223456789012345678"
QUESTION = "How many entry jobs for local residents did the Sample Hospital Trust keep in 2022?"


def opened(settings):
    return Library.open(settings, RememberingEmbedder)


def test_what_came_after_the_backup_is_gone_and_the_old_database_is_kept(filled, settings, tmp_path, restore, sources):
    asked = Assistant(filled).of_member(PERSON).ask(QUESTION).question_id
    make_backup(settings, tmp_path / "b.db")
    (sources / "late.md").write_text("# Late\n\nThe late garden was planted after the backup.\n")
    Indexer(filled).add([str(sources)])
    filled.close()
    done = restore(tmp_path / "b.db")
    assert (done.documents, done.questions, done.erased, done.closed) == (3, 1, 0, 0)
    library = opened(settings)
    assert library.questions.logged(asked).answer.question == QUESTION
    assert {result.title for result in library.searcher.search("roofs", 5).results} == {
        "Green roofs",
        "Jobs for local people",
        "Buying food nearby",
    }
    assert library.store.problems() == library.index.problems() == []
    assert doors(library)[2].export(PERSON)["library_questions"]
    library.close()
    kept = sqlite3.connect(done.kept)
    assert kept.execute("SELECT count(*) FROM documents").fetchone()[0] == 4
    kept.close()
    assert not list(settings.data_dir.glob(".restore-*"))


def test_who_was_forgotten_after_the_backup_stays_forgotten(filled, settings, tmp_path, restore):
    """Also whose hash alone is in it: who only ever asked questions, and who voted."""
    peers, _, personal = doors(filled)
    add(peers, PERSON, GARDEN, working_on="Zanzibar gardens")
    add(peers, OTHER, GARDEN)
    answer = Assistant(filled).of_member(PERSON).ask(QUESTION)
    Assistant(filled).feedback(answer.question_id, f"discord:{PERSON}", helpful=True)
    only_asked = "323456789012345678"
    Assistant(filled).of_member(only_asked).ask("What of green roofs?")
    make_backup(settings, tmp_path / "b.db")
    personal.forget(PERSON)
    personal.forget(only_asked)
    held = (settings.data_dir / "erasures.jsonl").read_bytes()
    assert PERSON.encode() not in held
    assert only_asked.encode() not in held
    filled.close()
    done = restore(tmp_path / "b.db")
    assert done.erased == 2
    library = opened(settings)
    personal = doors(library)[2]
    for person in (PERSON, only_asked):
        assert not personal.holds(person)
        assert personal.traces(person) == {}
    assert personal.holds(OTHER)
    assert library.questions.logged(answer.question_id) is None
    library.close()
    for file in (settings.database_path, *settings.data_dir.glob("haln.db-*")):
        assert b"Zanzibar" not in file.read_bytes()
        assert PERSON.encode() not in file.read_bytes()


def test_who_was_forgotten_after_their_accounts_were_joined_is_forgotten_under_both_names(
    filled, settings, tmp_path, restore
):
    peers, _, personal = doors(filled)
    former = filled.accounts.account_for("sam@example.org", "web-aaaaaaaaaaaaa", "2026-03-02").member_id
    add(peers, former, GARDEN, working_on="Zanzibar gardens", display_name="Sam")
    make_backup(settings, tmp_path / "b.db")
    filled.accounts.account_of_discord(PERSON, "2026-03-02")
    personal.join(former, PERSON)
    personal.forget(PERSON)
    filled.close()
    assert restore(tmp_path / "b.db").erased == 1
    library = opened(settings)
    assert doors(library)[2].traces(former) == {}
    assert library.accounts.account_with("sam@example.org") is None
    library.close()


def test_who_came_back_before_the_backup_was_made_is_in_it(filled, settings, tmp_path, restore):
    peers, _, personal = doors(filled)
    add(peers, PERSON, GARDEN)
    personal.forget(PERSON)
    add(peers, PERSON, GARDEN)
    make_backup(settings, tmp_path / "b.db")
    filled.close()
    assert restore(tmp_path / "b.db").erased == 0
    library = opened(settings)
    assert doors(library)[2].holds(PERSON)
    library.close()


def test_examples_withdrawn_and_documents_removed_after_the_backup_stay_away(
    filled, settings, tmp_path, restore, sources
):
    _, examples, _ = doors(filled)
    given = examples.share(AUTHOR, content(what="We did word1 there."), request_id="r").id
    examples.review(MODERATOR, given, "approve")
    make_backup(settings, tmp_path / "b.db")
    examples.withdraw(Actor(AUTHOR.id, Role.MEMBER), given)
    green = filled.store.document_at(str(sources / "green.md"))
    assert remove(filled.store, [green.id]).removed == (green.id,)
    filled.close()
    assert restore(tmp_path / "b.db").erased == 2
    library = opened(settings)
    assert library.examples.find(given).state == "withdrawn"
    locations = {document.location for document in library.store.documents()}
    assert locations == {str(sources / "food.txt"), str(sources / "jobs.md")}
    Indexer(library).add([str(sources)])
    assert library.store.document_at(str(sources / "green.md")) is None
    library.close()


def test_a_new_machine_takes_the_key_of_the_backup_and_the_notes_beside_it(filled, settings, tmp_path, restore):
    backups = tmp_path / "backups"
    backups.mkdir()
    personal = doors(filled)[2]
    asked = Assistant(filled).of_member(OTHER).ask(QUESTION).question_id
    Assistant(filled).of_member(PERSON).ask("What of green roofs?")
    make_backup(settings, backups / "b.db")
    personal.forget(PERSON)
    shutil.copy(settings.data_dir / "erasures.jsonl", backups)
    filled.close()
    elsewhere = settings.model_copy(update={"data_dir": tmp_path / "new"})
    open_database(elsewhere.database_path).close()  # a first start there, with a key of its own
    done = restore(backups / "b.db", elsewhere)
    assert (done.erased, done.closed) == (1, 0)
    library = opened(elsewhere)
    assert len(doors(library)[2].export(OTHER)["library_questions"]) == 1
    assert library.questions.logged(asked) is not None
    library.close()
    assert (tmp_path / "new" / "haln.key.before-restore").exists()


def test_notes_that_no_key_opens_are_counted(filled, settings, tmp_path, restore):
    make_backup(settings, tmp_path / "b.db")
    (tmp_path / "erasures.jsonl").write_text(json.dumps({"erasure": "aa", "sealed": "gAAAAAB"}) + "\nhalf a li")
    filled.close()
    assert restore(tmp_path / "b.db").closed == 1


@pytest.mark.parametrize("damage", ["cut", "scribbled", "empty", "another", "newer", "begun", "missing"])
def test_a_backup_that_is_none_changes_nothing(filled, settings, tmp_path, restore, damage):
    file = tmp_path / "b.db"
    make_backup(settings, file)
    content_ = file.read_bytes()
    if damage == "cut":
        file.write_bytes(content_[: len(content_) // 2])
    elif damage == "scribbled":
        middle = len(content_) // 2
        file.write_bytes(content_[:middle] + b"\xff" * 9000 + content_[middle + 9000 :])
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "missing":
        file.unlink()
    elif damage == "begun":  # copied by hand while a first run was open
        file.unlink()
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA application_id = 1212238926")
        connection.close()
    else:
        connection = sqlite3.connect(file)
        if damage == "another":
            connection.execute("DELETE FROM _sqlite_migrations")
        else:
            connection.execute(
                "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, 'm999_later', '2030')",
                [migrations.MIGRATION_SET],
            )
        connection.commit()
        connection.close()
    filled.close()
    before = settings.database_path.read_bytes()
    with pytest.raises(StorageError, match=r"cannot be restored|There is no backup"):
        restore(file)
    assert settings.database_path.read_bytes() == before
    assert not list(settings.data_dir.glob("haln-before-restore-*"))


def test_a_copy_in_which_something_disagrees_is_not_put_in_place(filled, settings, tmp_path, restore):
    make_backup(settings, tmp_path / "b.db")
    add(doors(filled)[0], PERSON, GARDEN)
    filled.close()
    with pytest.raises(StorageError, match="chunk 3 has no embedding"):
        restore(tmp_path / "b.db", erase=lambda settings, erasures: (0, ["chunk 3 has no embedding"]))
    library = opened(settings)
    assert len(library.members.members()) == 1
    library.close()


def test_a_database_that_is_in_use_is_not_replaced(filled, settings, tmp_path, restore):
    make_backup(settings, tmp_path / "b.db")
    with pytest.raises(StorageBusyError, match="Stop the assistant"):
        restore(tmp_path / "b.db")
    assert filled.store.problems() == []


@pytest.mark.parametrize("content_", [None, b"", b"SQLite format 3\0" + b"torn" * 5000])
def test_a_database_that_is_lost_or_damaged_is_replaced(filled, settings, tmp_path, restore, content_):
    make_backup(settings, tmp_path / "b.db")
    filled.close()
    for file in settings.data_dir.glob("haln.db*"):
        file.unlink()
    if content_ is not None:
        settings.database_path.write_bytes(content_)
        settings.database_path.with_name("haln.db-wal").write_bytes(b"what a dead process left")
    done = restore(tmp_path / "b.db")
    assert done.documents == 3
    assert (done.kept is None) == (content_ is None)
    library = opened(settings)
    assert library.store.problems() == []
    library.close()


def test_a_backup_of_an_earlier_schema_is_brought_up_to_date(settings, tmp_path, restore, monkeypatch):
    file = tmp_path / "earlier" / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", migrations.STEPS[:16])
        open_database(file).close()
    assert restore(file).documents == 0
    library = opened(settings)
    assert library.store.problems() == []
    library.close()


KILLED = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    import knowledge.backup.restore as restoring
    from knowledge.settings import Settings, Switch
    from tests.knowledge.backup.conftest import NOW, erase

    def told(name):
        work = getattr(restoring, name)
        def telling(*arguments, **named):
            print("before", name, flush=True)
            result = work(*arguments, **named)
            print("after", name, flush=True)
            return result
        setattr(restoring, name, telling)

    for name in ("_choose_key", "settle", "_keep", "_put_in_place", "sync_file"):
        told(name)
    settings = Settings(data_dir=Path(sys.argv[1]), starter_library=Switch.OFF, chunk_tokens=60)
    restoring.restore(settings, Path(sys.argv[2]), erase, NOW)
    """
)


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_database_or_the_new_one(filled, settings, tmp_path):
    make_backup(settings, tmp_path / "b.db")
    add(doors(filled)[0], PERSON, GARDEN)
    filled.close()
    original = settings.data_dir
    arguments, choose = [sys.executable, "-c", KILLED], random.Random(4)
    found = set()
    for number in range(6):
        data = tmp_path / f"data{number}"
        shutil.copytree(original, data)
        stop_after = 10 if number == 0 else choose.randrange(1, 10)
        with subprocess.Popen(
            [*arguments, data, tmp_path / "b.db"], stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as run:
            for seen, _ in enumerate(run.stdout, start=1):
                if seen == stop_after:
                    run.send_signal(signal.SIGKILL)
        library = opened(settings.model_copy(update={"data_dir": data}))
        assert library.store.problems() == library.index.problems() == []
        assert library.store.counts().documents == 3
        found.add(len(library.members.members()))
        library.close()
    assert found == {0, 1}, "killed before and after the new one was in place"
