"""Networks in one PostgreSQL database: row-level security on every table, which holds for whoever has the address."""

from pathlib import Path

import psycopg
import pytest
from pydantic import SecretStr

from bot.cli import run_command
from indexer.pipeline import Indexer
from indexer.shared_documents import follow_shares
from knowledge.assistant import Assistant
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.diagnostics.contents import check_networks
from knowledge.diagnostics.finding import Level
from knowledge.domain.networks import Share
from knowledge.errors import QuestionError, SettingsError, StorageBusyError, StorageError
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.networks.directory import add_network, allow_server, carry_networks, servers_of, share
from knowledge.networks.removal import remove_network
from knowledge.settings import Settings
from knowledge.storage.engines import bypasses_row_security, open_connections, with_database
from knowledge.storage.library_protocols import Erased
from knowledge.storage.networks import NetworkRegister
from knowledge.storage.postgres.errors import in_words
from knowledge.storage.postgres.row_security import schema_of
from knowledge.storage.postgres.schema import STEPS
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE, erasures, note
from knowledge.storage.sqlite.hash_key import KEY_FILE, key_beside
from tests import postgres_server
from tests.contract.other_network import MARK, NUMBER
from tests.fakes import Clock, WordEmbedder
from tests.knowledge.matching.people import GARDEN, WANTS_GARDEN, add

_TABLES = """
    SELECT nspname, relname, relrowsecurity AND relforcerowsecurity, count(polname)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace LEFT JOIN pg_policy ON polrelid = pg_class.oid
    WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg%' AND nspname <> 'information_schema'
    GROUP BY 1, 2, 3
"""


@pytest.fixture
def several(settings):
    """An installation with a second network, whose settings these are."""
    add_network(settings, "wales", "Anchors Wales", Clock()())
    return settings.for_network("wales")


def address_of(settings):
    return settings.database_url.get_secret_value()


def test_every_table_has_a_policy_that_holds_for_its_owner_too(several):
    with psycopg.connect(address_of(several)) as connection:
        tables = connection.execute(_TABLES).fetchall()
    assert {row[0] for row in tables} == {"public", schema_of("wales"), schema_of("register")}
    assert len(tables) > 100
    assert [row for row in tables if row[2:] != (True, 1)] == []


def test_a_table_of_a_later_version_is_protected_with_the_version(several, monkeypatch):
    monkeypatch.setitem(STEPS, "m999", ("CREATE TABLE later_one (id TEXT PRIMARY KEY)",))
    for one in (several.installation, several):
        open_connections(one).close()
    with psycopg.connect(address_of(several)) as connection:
        tables = connection.execute(_TABLES).fetchall()
    assert {row[0] for row in tables if row[1] == "later_one"} == {"public", schema_of("wales")}
    assert [row for row in tables if row[2:] != (True, 1)] == []


def test_who_adds_a_network_is_told_that_dumps_are_made_otherwise(settings, monkeypatch, capsys):
    monkeypatch.setenv("HALN_DATABASE_URL", address_of(settings))
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    assert run_command(["network", "add", "wales", "--title", "Anchors Wales", "--json"]) == 0
    captured = capsys.readouterr()
    assert captured.out.count("\n") == 1
    assert "pg_dump" in captured.err


def test_a_connection_without_a_network_sees_and_writes_nothing(several):
    with Library.open(several.installation, WordEmbedder).store._connections.write() as connection:
        connection.execute("INSERT INTO flags (name, value) VALUES ('one', 'two')")
    with psycopg.connect(address_of(several), autocommit=True) as connection:
        for table in ("public.flags", "public.library", f"{schema_of('wales')}.library"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO public.flags (name, value) VALUES ('three', 'four')")


def test_what_the_prober_looks_at_is_there_for_its_own_network(prober):
    """Otherwise every statement would pass."""
    statement, names = "SELECT count(*) FROM members WHERE id = ?", [MARK]
    assert prober.faults(statement, names) == []
    raw = prober._connection.raw
    raw.execute("SELECT set_config('haln.network', 'full', false)")
    try:
        assert prober.outcome(statement, names, "full") == ["(1,)"]
        assert prober.outcome("SELECT author_id FROM posts", [], "full") == [f"({NUMBER},)"]
    finally:
        raw.execute("SELECT set_config('haln.network', 'main', false)")


def test_an_account_that_bypasses_row_security_is_refused(several, server):
    address = address_of(several).replace("//assistant@", "//haln@")
    administrator = several.installation.model_copy(update={"database_url": SecretStr(address)})
    assert (bypasses_row_security(administrator), bypasses_row_security(several)) == (True, False)
    for chosen in (administrator, administrator.for_network("wales")):
        with pytest.raises(StorageError, match="BYPASSRLS"):
            Library.open(chosen, WordEmbedder)
    with pytest.raises(StorageError, match="BYPASSRLS"):
        add_network(administrator, "scotland", "Anchors Scotland", Clock()())


def test_an_account_that_is_refused_owns_no_table_afterwards(server, tmp_path):
    """Otherwise the right account could not use the database any more."""
    postgres_server.run(server, "CREATE DATABASE fresh OWNER assistant")
    address = server.replace("/postgres?", "/fresh?")
    administrator = Settings(data_dir=tmp_path, database_url=SecretStr(address))
    try:
        with pytest.raises(StorageError, match="BYPASSRLS"):
            add_network(administrator, "wales", "Anchors Wales", Clock()())
        with psycopg.connect(address) as connection:
            assert connection.execute(_TABLES).fetchall() == []
            connection.execute("CREATE TABLE another (text TEXT)")
        with (
            psycopg.connect(address.replace("//haln@", "//assistant@")) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege) as refused,
        ):
            connection.execute("SELECT 1 FROM another")
        assert "another account made them" in str(in_words(refused.value))
    finally:
        postgres_server.run(server, "DROP DATABASE fresh WITH (FORCE)")


def test_networks_write_side_by_side_and_count_for_themselves(several):
    first, second = (Library.open(one, WordEmbedder) for one in (several.installation, several))
    try:
        with first.members.atomically(), second.members.atomically():  # each holds its own lock
            pass
        assert first.store.counts().documents == second.store.counts().documents == 0
        assert first.store.identity() == second.store.identity()
    finally:
        first.close()
        second.close()


def test_the_register_is_read_by_all_and_a_server_is_one_networks(several, settings):
    assert allow_server(several, 1, Clock()())
    with NetworkRegister.opened(settings) as register:
        assert [one.name for one in register.all()] == ["main", "wales"]
        assert register.servers() == {1: "wales"}


def test_the_same_document_and_member_in_two_networks_and_a_set_that_is_shown(several, tmp_path):
    SimilarityScales(several.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    libraries = [Library.open(one, lambda _: WordEmbedder()) for one in (several.installation, several)]
    try:
        for library, count, member in zip(libraries, (40, 70), (GARDEN, WANTS_GARDEN), strict=True):
            folder = tmp_path / library.settings.network
            folder.mkdir()
            (folder / "jobs.md").write_text(
                f"# Jobs\n\nThe Sample Trust kept {count} entry jobs for local residents.\n"
            )
            Indexer(library).add([str(folder)])
            add(Peers(library, Clock()), "7", member)
        for library, count, member in zip(libraries, (40, 70), (GARDEN, WANTS_GARDEN), strict=True):
            answer = Assistant(library).ask("How many entry jobs were kept for local residents?")
            assert [f"kept {count} entry jobs" in one.quote for one in answer.citations] == [True]
            assert library.store.lexical_search([str(110 - count)], 5).found == []
            assert library.store.holds_word(str(count))
            assert Peers(library, Clock()).profile("7").profile.working_on == member["working_on"]
        first, second = libraries
        shown = Share(network="wales", pattern="*/jobs.md", shared_with="main")
        assert share(several, shown, add=True)
        assert follow_shares(first).added == ("wales-jobs",)
        assert first.store.document("wales-jobs").metadata.shared_by == "Anchors Wales"
        assert [one.id for one in second.store.documents()] == ["jobs"]
        assert share(several, shown, add=False)
        assert follow_shares(first).removed == ("wales-jobs",)
    finally:
        for library in libraries:
            library.close()


def test_the_networks_of_a_file_are_known_on_the_server_they_move_to(settings):
    file = settings.model_copy(update={"database_url": None, "data_dir": settings.data_dir / "file"})
    add_network(file, "wales", "Anchors Wales", Clock()())
    allow_server(file.for_network("wales"), 1, Clock()())
    assert carry_networks(file, settings, Clock()()) == ["wales"]
    with NetworkRegister.opened(settings) as register:
        assert [(one.name, one.title) for one in register.all()][1:] == [("wales", "Anchors Wales")]
        assert register.servers() == {1: "wales"}


def test_a_removed_network_takes_its_schema_with_it_and_leaves_the_others_alone(several):
    first = several.installation
    library = Library.open(several, WordEmbedder)
    add(Peers(library, Clock()), "ann", GARDEN)
    library.close()
    allow_server(several, 42, Clock()())
    with pytest.raises(QuestionError, match="42"):
        remove_network(first, "wales", Clock()(), with_servers=False, unshare=print)
    done = remove_network(first, "wales", Clock()(), with_servers=True, unshare=print)
    assert (done.servers, done.backup) == ((42,), None)
    assert done.kept is not None
    assert [file.suffix for file in Path(done.kept).iterdir()] == [".key"]
    assert not several.data_dir.exists()
    with psycopg.connect(address_of(several)) as connection:
        tables = connection.execute(_TABLES).fetchall()
    assert {row[0] for row in tables} == {"public", schema_of("register")}
    with NetworkRegister.opened(first) as register:
        assert [one.name for one in register.all()] == ["main"]
    with pytest.raises(SettingsError, match="no network wales"):
        remove_network(first, "wales", Clock()(), with_servers=True, unshare=print)
    assert add_network(first, "wales", "Anchors Wales", Clock()())
    library = Library.open(several, WordEmbedder)
    assert library.members.member_ids() == set()
    library.close()


def test_the_key_of_an_earlier_removal_stays_beside_that_of_a_later_one(several):
    keys = []
    for _ in range(2):
        add_network(several.installation, "wales", "Anchors Wales", Clock()())
        keys.append((several.data_dir / KEY_FILE).read_bytes())
        done = remove_network(several.installation, "wales", Clock()(), with_servers=True, unshare=print)
    assert keys[0] != keys[1]
    assert sorted(file.read_bytes() for file in Path(done.kept).glob("*.key")) == sorted(keys)


def test_a_removal_that_was_cut_off_on_a_server_is_gone_on_with(several):
    first, told = several.installation, []
    share(first, Share(network="wales", pattern="*", shared_with="main"), add=True)
    journal, key = several.data_dir / JOURNAL_FILE, key_beside(several.database_path)

    def fail(_):
        note(journal, key, Erased.MEMBER, "ann")
        raise StorageBusyError("busy")

    with pytest.raises(StorageBusyError):
        remove_network(first, "wales", Clock()(), with_servers=True, unshare=fail)
    with NetworkRegister.opened(first) as register:
        assert [one.name for one in register.all()] == ["main"]
    (found,) = check_networks(first)
    assert found[0] is Level.PROBLEM
    assert "`haln network remove wales` goes on with it" in found[1]
    done = remove_network(first, "wales", Clock()(), with_servers=True, unshare=told.append)
    assert list(check_networks(first)) == []
    assert done.shown_to == ("main",)
    assert [one.network for one in told] == ["main"]
    kept = sorted(Path(done.kept).iterdir())
    assert [file.suffix for file in kept] == [".jsonl", ".key"]
    assert [one.subject for one in erasures([kept[0]], key)[0]] == ["ann"]
    with NetworkRegister.opened(first) as register:
        assert register.shares() == []


def test_a_network_whose_schema_is_gone_is_told_and_not_begun_anew(several):
    first = several.installation
    assert servers_of(first, ["main", "wales"]) == {"main": [], "wales": []}
    with psycopg.connect(address_of(several), autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {schema_of('wales')} CASCADE")
    (found,) = check_networks(first)
    assert "network wales is gone. Bring its schema back from a dump" in found[1]
    assert servers_of(first, ["main", "wales"]) == {"main": []}
    assert with_database(first, ["main", "wales"]) == {"main"}


def test_a_schema_without_a_network_of_that_name_stays(several):
    """Somebody else may have made it."""
    with psycopg.connect(address_of(several), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema_of('plans')}")
        with pytest.raises(SettingsError, match="no network plans"):
            remove_network(several.installation, "plans", Clock()(), with_servers=True, unshare=print)
        assert connection.execute("SELECT to_regnamespace(%s)", [schema_of("plans")]).fetchone()[0] is not None
