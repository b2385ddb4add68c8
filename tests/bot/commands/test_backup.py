"""`haln backup`, `haln restore` and `haln doctor` as operators and programs use them."""

import json
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from knowledge.diagnostics.finding import Level
from knowledge.diagnostics.surroundings import check_backups


def test_a_backup_and_back(run, filled, tmp_path):
    status, out, _ = run("backup", tmp_path / "b.db", "--json")
    assert (status, json.loads(out)["documents"]) == (0, 3)
    filled.close()
    status, out, _ = run("restore", tmp_path / "b.db", "--yes", "--json")
    assert (status, json.loads(out)["documents"]) == (0, 3)
    assert json.loads(out)["kept"].startswith(str(filled.settings.data_dir))
    status, out, _ = run("restore", tmp_path / "b.db", "--yes")
    assert status == 0
    assert out.startswith("Restored 3 documents, 0 members and 0 questions.\n")


def test_nothing_is_replaced_without_a_word(run, filled, tmp_path):
    run("backup", tmp_path / "b.db")
    status, out, error = run("restore", tmp_path / "b.db")
    assert (status, out) == (2, "")
    assert "--yes" in error


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_what_cannot_be_is_one_line(run, filled, tmp_path, command):
    status, out, error = run(command, tmp_path)
    assert (status, out, error.count("\n")) == (1, "", 1)


@pytest.fixture
def doctor(run, filled, monkeypatch):
    """Runs `haln doctor --json`: its status, and the texts of its problems and of its advice."""
    monkeypatch.setenv("HALN_CHUNK_TOKENS", "60")

    def look(*arguments, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(f"HALN_{name}", str(value))
        status, out, _ = run("doctor", "--json", "--offline", *arguments)
        report = json.loads(out)
        assert report["fine"] == (status == 0)
        texts = {
            level: [f["text"] for f in report["findings"] if f["level"] == level] for level in ("problem", "advice")
        }
        assert all("\n" not in text for each in texts.values() for text in each)
        return status, "\n".join(texts["problem"]), "\n".join(texts["advice"])

    return look


def test_an_installation_without_a_fault_has_none(doctor):
    status, problems, advice = doctor()
    assert (status, problems) == (0, "")
    assert "HALN_BACKUP_FOLDER" in advice


def test_what_an_operator_can_get_wrong_is_named(doctor, filled, tmp_path):
    _, problems, advice = doctor(DISCORD_TOKEN="a.b.c", BACKUP_FOLDER=tmp_path / "backups", WEB_PRIVATE="on")
    for named in ("HALN_OPERATOR", "HALN_CONTACT", "no backup in", "No Discord server is registered"):
        assert named in problems
    assert "HALN_WEB_PRIVATE" in advice
    assert "no bot token" in doctor(DISCORD_TOKEN="token")[1]
    assert "HALN_WEB_URL begins with http://" in doctor(WEB_URL="http://haln.example.org")[1]
    assert "HALN_WEB_URL" not in doctor(WEB_URL="http://localhost:8017")[1]
    filled.settings.data_dir.chmod(0o755)
    assert "chmod 700" in doctor()[1]


def test_a_setting_that_cannot_be_is_a_finding(doctor):
    status, problems, _ = doctor(TOP_K="many")
    assert status == 1
    assert "HALN_TOP_K" in problems


def test_a_database_that_disagrees_or_is_damaged_is_a_finding(doctor, filled):
    with filled.store._connections.write() as connection:
        connection.execute("UPDATE chunks SET title = 'Another' WHERE id = 1")
    assert "chunk 1 has another title" in doctor()[1]
    filled.close()
    filled.settings.database_path.write_bytes(b"nothing like it")
    assert "is damaged" in doctor()[1]


def test_a_jump_of_the_clock_is_a_finding_until_it_is_confirmed(doctor, filled):
    assert not filled.members.clock_is_right(datetime(1990, 1, 1, tzinfo=UTC))
    assert "The clock jumped" in doctor()[1]
    assert doctor("--clock-is-right")[1] == ""
    assert doctor()[1] == ""


def test_whose_database_a_server_holds_is_told_what_to_keep_with_its_backups(settings):
    server = settings.model_copy(update={"database_url": SecretStr("postgresql://haln@127.0.0.1/haln")})
    [(level, text)] = check_backups(server, datetime.now(UTC))
    assert level is Level.ADVICE
    assert "Keep haln.key and erasures.jsonl" in text


def test_a_database_from_before_an_erasure_is_a_finding_until_it_is_made_again(run, doctor, filled, tmp_path):
    """As a server's is after `pg_restore`, and a copy of the file that was put back by hand."""
    profile = tmp_path / "ann.json"
    profile.write_text('{"id": "ann", "consent": true}')
    assert run("member", "set", profile)[0] == run("member", "delete", "ann", "--yes")[0] == 0
    assert doctor()[1] == ""
    run("member", "set", profile)
    with filled.store._connections.write() as connection:
        connection.execute("DELETE FROM flags WHERE name LIKE 'erased:%'")
    assert "haln restore --erasures" in doctor()[1]
    assert json.loads(run("restore", "--erasures", "--json")[1]) == {"erased": 1, "closed": 0}
    assert run("member", "show", "ann")[0] == 1
    assert doctor()[1] == ""
    elsewhere = tmp_path / "erasures.jsonl"
    elsewhere.write_text('{"erasure": "1", "sealed": "of another key"}\n')
    status, out, error = run("restore", elsewhere, "--erasures")
    assert (status, out) == (1, "Erased again what was erased after the backup was made: 0.\n")
    assert "another key" in error
    assert run("restore", tmp_path / "none", "--erasures")[0] == 1
    assert run("restore")[0] == 2


def test_a_server_says_first_that_it_restores_itself(run, filled, tmp_path, monkeypatch):
    monkeypatch.setenv("HALN_DATABASE_URL", "postgresql://haln@127.0.0.1/haln")
    assert "pg_restore" in run("restore", tmp_path / "none")[2]
