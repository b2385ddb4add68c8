import json

import pytest

from indexer.pipeline import Indexer
from knowledge.library import Library
from tests.bot.postbox import free_port
from tests.fakes import WordEmbedder


@pytest.fixture
def data(settings, sources, monkeypatch):
    library = Library.open(settings, lambda _: WordEmbedder())
    Indexer(library).add([str(sources)])
    library.close()
    monkeypatch.setenv("HALN_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    return settings.data_dir


@pytest.fixture
def with_mail(monkeypatch):
    def at(port):
        monkeypatch.setenv("HALN_MAIL_SERVER", f"127.0.0.1:{port}")
        monkeypatch.setenv("HALN_MAIL_FROM", "haln@example.org")
        monkeypatch.setenv("HALN_MAIL_SECURITY", "none")

    return at


@pytest.mark.parametrize(
    ("ending", "shown"),
    [(".html", "Jobs for local people<br"), (".txt", "* Jobs for local people"), (".md", "- Jobs")],
)
def test_the_digest_is_written_as_its_ending_says(data, run, tmp_path, ending, shown):
    file = tmp_path / f"digest{ending}"
    status, out, _ = run("digest", "--preview", file, "--json")
    assert (status, json.loads(out)["lines"]) == (0, 3)
    text = file.read_text(encoding="utf-8")
    assert shown in text
    assert "Sample Hospital Trust · case study · Wales" in text
    assert "unsubscribe" not in text.lower()


def test_the_digest_is_for_a_pillar(data, run, tmp_path):
    file = tmp_path / "digest.txt"
    run("digest", "--preview", file, "--pillar", "estates")
    assert "Jobs for local people" not in file.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_is_one_line(data, run, tmp_path):
    status, _, errors = run("digest", "--preview", tmp_path / "digest.docx")
    assert status == 2
    assert "ends in none of .html, .txt, .md" in errors
    status, _, errors = run("digest", "--preview", tmp_path / "no" / "digest.md")
    assert status == 1
    assert "cannot be written" in errors


def test_the_mail_server_is_checked(data, run, with_mail, postbox, caplog):
    with_mail(postbox.port)
    assert run("mail", "check")[:2] == (0, "The mail server answers.\n")
    assert run("mail", "check", "--to", "sam@example.org")[0] == 0
    assert [to for to, _ in postbox.mails] == [["sam@example.org"]]
    with_mail(free_port())
    assert run("mail", "check")[0] == 1
    assert "cannot be reached: check HALN_MAIL_SERVER" in caplog.text


def test_mail_that_is_no_report_changes_nothing(data, run, tmp_path):
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"Subject: I am away\n\nUntil Monday.\n")
    status, out, _ = run("mail", "bounces", mail, "--json")
    assert (status, json.loads(out)) == (0, {"switched_off": 0, "counted": 0, "ignored": 1})
    status, _, errors = run("mail", "bounces", tmp_path / "none.eml")
    assert status == 1
    assert "cannot be read" in errors
