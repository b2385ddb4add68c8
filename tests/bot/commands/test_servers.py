"""`haln servers`: registering the servers that the bot works on."""

import json

import pytest

from knowledge.servers.storage.sqlite import open_servers
from knowledge.servers.types import Server
from knowledge.storage.sqlite import migrations, open_database


@pytest.fixture(autouse=True)
def _data(tmp_path, monkeypatch):
    monkeypatch.setenv("HALN_DATA_DIR", str(tmp_path / "data"))


def test_a_server_is_allowed_listed_and_removed(run):
    assert run("servers", "list")[1].startswith("No server is registered")
    assert run("servers", "allow", "123456789012345678")[1] == "Server 123456789012345678 is registered.\n"
    assert "registered already" in run("servers", "allow", "123456789012345678")[1]
    assert "123456789012345678  by `haln servers allow`" in run("servers", "list")[1]
    listed = json.loads(run("servers", "list", "--json")[1])["servers"]
    assert [(one["id"], one["registered_by"]) for one in listed] == [(123456789012345678, "command")]
    assert json.loads(run("servers", "remove", "123456789012345678", "--json")[1])["removed"] is True
    assert "was not registered" in run("servers", "remove", "123456789012345678")[1]


def test_what_is_no_id_is_refused_in_one_line(run):
    for wrong in ("0", "99999999999999999999"):
        status, out, err = run("servers", "allow", wrong)
        assert (status, out, err.count("\n")) == (2, "", 1)
    assert run("servers", "allow", "my-server")[0] == 2


def test_the_setting_is_listed_and_taken_back_where_it_is_made(run, monkeypatch):
    monkeypatch.setenv("HALN_DISCORD_SERVERS", "11, 12")
    assert "by HALN_DISCORD_SERVERS" in run("servers", "list")[1]
    status, _, err = run("servers", "remove", "11")
    assert (status, "HALN_DISCORD_SERVERS" in err) == (2, True)
    monkeypatch.setenv("HALN_DISCORD_SERVERS", "12")
    assert [one["id"] for one in json.loads(run("servers", "list", "--json")[1])["servers"]] == [12]
    monkeypatch.setenv("HALN_DISCORD_SERVERS", "twelve")
    assert run("servers", "list")[0] == 2


def test_servers_that_were_set_up_before_go_on_working(run, tmp_path, monkeypatch):
    path = tmp_path / "data" / "haln.db"
    with monkeypatch.context() as earlier:
        earlier.setattr(migrations, "STEPS", tuple(step for step in migrations.STEPS if step < "m016"))
        connections = open_database(path)
        open_servers(connections).settings.save_server(Server(id=7, language="cy"))
        with connections.write() as connection:
            connection.execute("INSERT INTO forums (channel_id, server_id, replies, searchable) VALUES (1, 8, 1, 0)")
        connections.close()
    listed = json.loads(run("servers", "list", "--json")[1])["servers"]
    assert [(one["id"], one["registered_by"]) for one in listed] == [(7, "earlier"), (8, "earlier")]
