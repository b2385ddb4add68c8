"""The removal of a network: what is cut off at any step is gone on with, and nothing is lost that was not kept."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from knowledge.domain.networks import Share
from knowledge.errors import QuestionError, SettingsError, StorageBusyError, StorageError
from knowledge.networks import removal
from knowledge.networks.directory import add_network, allow_server, require_known
from knowledge.networks.removal import remove_network
from knowledge.storage.engines import open_connections
from knowledge.storage.library_protocols import Erased
from knowledge.storage.networks import NetworkRegister
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, erasures, note
from knowledge.storage.sqlite.hash_key import HashKey, key_beside
from tests.fakes import Clock

NOW = Clock()()


@pytest.fixture
def wales(settings):
    """The settings of a second network, with a server, which shows the first one everything."""
    own = begun(settings)
    allow_server(own, 42, NOW)
    with NetworkRegister.opened(settings) as register:
        register.share(Share(network="wales", pattern="*", shared_with="main"))
    return own


def begun(settings):
    assert add_network(settings, "wales", "Anchors Wales", NOW)
    return settings.for_network("wales")


def remove(own, unshare=lambda _: None, **more):
    return remove_network(own.installation, own.network, NOW, with_servers=True, unshare=unshare, **more)


def held(own):
    """The names of the networks, the servers of those beside the first one, and what is shown."""
    with NetworkRegister.opened(own.installation) as register:
        return [one.name for one in register.all()], register.servers(), len(register.shares())


def flags_in(file):
    with closing(sqlite3.connect(file)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM flags")}


def write_flag(own, name):
    connections = open_connections(own)
    with connections.write() as connection:
        connection.execute("INSERT INTO flags (name, value) VALUES (?, '')", [name])
    connections.close()


def fail(_):
    raise StorageBusyError("busy")


def test_what_could_not_be_unshared_is_tried_again(wales):
    told = []
    with pytest.raises(StorageBusyError):
        remove(wales, fail)
    assert wales.data_dir.is_dir()
    assert held(wales) == (["main"], {}, 1)
    done = remove(wales, lambda other: told.append(other.network))
    assert (told, done.shown_to, done.servers) == (["main"], ("main",), (42,))
    assert not wales.data_dir.exists()
    assert held(wales) == (["main"], {}, 0)


def test_who_was_removed_as_well_is_not_begun_anew_to_be_shown_nothing(wales):
    add_network(wales, "scotland", "Anchors Scotland", NOW)
    with NetworkRegister.opened(wales.installation) as register:
        register.share(Share(network="wales", pattern="*", shared_with="scotland"))
        register.share(Share(network="scotland", pattern="*", shared_with="main"))
    with pytest.raises(StorageBusyError):
        remove(wales.for_network("scotland"), fail)
    assert remove(wales).shown_to == ("main",)


def test_a_removal_that_was_cut_off_among_the_files_is_finished_with_its_first_backup(wales, monkeypatch):
    def cut(folder):
        (folder / "haln.key").unlink()
        raise PermissionError(13, "Permission denied", str(folder / "haln.db"))

    write_flag(wales, "before")
    with monkeypatch.context() as patched:
        patched.setattr(removal.shutil, "rmtree", cut)
        with pytest.raises(StorageError, match="network remove wales"):
            remove(wales)
    before = {path.name: path.stat().st_mtime_ns for path in kept_of(wales).iterdir()}
    done = remove(wales)
    assert not wales.data_dir.exists()
    assert {path.name: path.stat().st_mtime_ns for path in kept_of(wales).iterdir()} == before
    assert Path(done.backup).parent == kept_of(wales)
    assert "before" in flags_in(done.backup)


def kept_of(own):
    return own.installation.data_dir / "removed" / own.network


def test_a_second_network_of_that_name_replaces_no_backup_of_the_first(settings):
    backups = []
    for name in ("first", "second"):
        own = begun(settings)
        write_flag(own, name)
        backups.append(remove(own).backup)
    assert [flags_in(file) & {"first", "second"} for file in backups] == [{"first"}, {"second"}]


def test_what_is_written_and_erased_during_a_removal_is_kept(wales):
    """A running bot takes what it read of the register to hold for some seconds."""
    bot = open_connections(wales)
    key, journal = key_beside(wales.database_path), wales.data_dir / JOURNAL_FILE

    def lets_go(_):
        with pytest.raises(SettingsError, match="no network wales"):
            require_known(wales)
        with bot.write() as connection:
            connection.execute("INSERT INTO flags (name, value) VALUES ('meanwhile', '')")
        note(journal, key, Erased.MEMBER, "ann")
        bot.close()

    done = remove(wales, lambda _: note(journal, key, Erased.MEMBER, "bob"), wait=lets_go)
    assert "meanwhile" in flags_in(done.backup)
    kept = HashKey(bytes.fromhex(Path(f"{done.backup}.key").read_text().strip()))
    found, closed = erasures([Path(done.kept) / JOURNAL_FILE], kept)
    assert ([one.subject for one in found], closed) == (["ann", "bob"], set())


def test_a_network_in_which_somebody_goes_on_working_stays_as_it_was(wales):
    before, waited = held(wales), []
    connections = open_connections(wales)
    with pytest.raises(StorageBusyError, match="Stop its web page"):
        remove(wales, wait=waited.append)
    assert sum(waited) == 60
    connections.close()
    assert held(wales) == before
    assert remove(wales).servers == (42,)


def test_a_network_that_cannot_be_backed_up_stays_as_it_was(wales):
    before = held(wales)
    (wales.installation.data_dir / "removed").write_text("a file where the folder would be")
    with pytest.raises(StorageError, match="HALN_BACKUP_FOLDER"):
        remove(wales)
    assert held(wales) == before
    require_known(wales)
    write_flag(wales, "still there")
    (wales.installation.data_dir / "removed").unlink()
    assert "still there" in flags_in(remove(wales).backup)


def test_the_name_of_a_network_is_free_only_when_its_removal_is_finished(wales):
    with pytest.raises(StorageBusyError):
        remove(wales, fail)
    with pytest.raises(QuestionError, match="haln network remove wales"):
        add_network(wales.installation, "wales", "Anchors Wales", NOW)
    remove(wales)
    begun(wales.installation)


@pytest.mark.parametrize("several", [True, False])
def test_a_folder_that_was_never_a_network_stays(settings, several):
    if several:
        begun(settings)
    folder = settings.data_dir / "networks" / "plans"
    folder.mkdir(parents=True)
    (folder / "notes.txt").write_text("not ours")
    with pytest.raises(SettingsError, match=r"no network plans here.*none of theirs and stays"):
        remove(settings.for_network("plans"))
    assert (folder / "notes.txt").read_text() == "not ours"
    assert (settings.data_dir / "networks" / "register").exists() is several


def test_a_register_that_was_made_before_removals_were_noted_notes_them(wales):
    register = wales.for_network("register").database_path
    with closing(sqlite3.connect(register)) as connection:
        connection.execute("DROP TABLE IF EXISTS network_removals")
    remove(wales)
    assert held(wales) == (["main"], {}, 0)
    assert not wales.data_dir.exists()
