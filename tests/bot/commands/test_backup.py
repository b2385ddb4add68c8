"""`haln backup`, `haln restore` and `haln doctor` as operators and programs use them."""

import json

import pytest


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
