"""The stores' own tests on PostgreSQL: a real server for the run, and a database of its own for each test.

They run as an account that row-level security holds for, with the policies that tables have where there are several
networks. Every statement that a test ran is tried once more from another network: see `other_network`.
"""

import itertools

import pytest
from pydantic import SecretStr

from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.settings import Settings, Switch
from tests import postgres_server
from tests.contract import other_network
from tests.fakes import WordEmbedder

_TEMPLATE = "template_of_tests"
_ACCOUNT = "assistant"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a server, and a database in it with the schema that every other one is copied from."""
    folder = postgres_server.programs()
    if folder is None:
        pytest.skip("no PostgreSQL that can be started: the dev extra brings one, where others may read its folder")
    from knowledge.storage.postgres.database import admit_networks, open_postgres

    with postgres_server.running(folder) as address:
        postgres_server.run(address, f"CREATE ROLE {_ACCOUNT} LOGIN")
        postgres_server.run(address, f"CREATE DATABASE {_TEMPLATE} OWNER {_ACCOUNT}")
        postgres_server.run(_at(address, _TEMPLATE, "haln"), "CREATE EXTENSION vector")
        path = tmp_path_factory.mktemp("template") / "haln.db"
        admit_networks(_at(address, _TEMPLATE), path)
        made = open_postgres(_at(address, _TEMPLATE), path)
        with made.write() as connection:
            connection.execute("DELETE FROM hash_keys")
        made.close()
        yield address


@pytest.fixture(scope="session")
def prober(server, tmp_path_factory):
    """Tries statements on a database where another network has a row in every table."""
    postgres_server.run(server, f"CREATE DATABASE protected TEMPLATE {_TEMPLATE} OWNER {_ACCOUNT}")
    path = tmp_path_factory.mktemp("protected") / "haln.db"
    with other_network.prober(_at(server, "protected"), _at(server, "protected", "haln"), path) as made:
        yield made
    postgres_server.run(server, "DROP DATABASE protected WITH (FORCE)")


@pytest.fixture(autouse=True)
def tried_from_elsewhere(request, monkeypatch):
    """Whatever a test asks of the database, nobody of another network gets an answer to."""
    if "new_address" not in request.fixturenames:
        yield
        return
    statements = other_network.recorded(monkeypatch)
    prober = request.getfixturevalue("prober")
    yield
    assert [fault for one in statements.items() for fault in prober.faults(*one)] == []


@pytest.fixture(scope="session")
def numbers():
    return itertools.count(1)


@pytest.fixture
def new_address(server, numbers):
    """Makes databases, and returns their addresses."""
    made = []

    def make():
        made.append(f"test_{next(numbers)}")
        postgres_server.run(server, f"CREATE DATABASE {made[-1]} TEMPLATE {_TEMPLATE} OWNER {_ACCOUNT}")
        return _at(server, made[-1])

    yield make
    for name in made:
        postgres_server.run(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def settings(tmp_path, new_address):
    chosen = Settings(
        data_dir=tmp_path / "data",
        starter_library=Switch.OFF,
        chunk_tokens=60,
        database_url=SecretStr(new_address()),
    )
    SimilarityScales(chosen.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    return chosen


@pytest.fixture
def connections(settings):
    from knowledge.storage.postgres.database import open_postgres

    opened = open_postgres(settings.database_url.get_secret_value(), settings.database_path)
    yield opened
    opened.close()


def pytest_collection_modifyitems(items):
    for item in items:
        if "contract" in item.path.parts:
            item.add_marker("postgres")


def _at(address, database, account=_ACCOUNT):
    return address.replace("//haln@", f"//{account}@").replace("/postgres?", f"/{database}?")
