"""Serving beside the chat or the bot, as people start it."""

import socket
import sys
import threading
from contextlib import contextmanager

import httpx2
import pytest

from bot.cli import run_command
from bot.commands import ask
from bot.discord import client
from bot.web.listening import listening_socket, own_address, serving_beside
from knowledge.errors import SettingsError


def test_it_says_where_it_is_and_ends_with_what_it_stands_beside(filled):
    settings, said = filled.settings.model_copy(update={"web_port": 0}), []
    with serving_beside(settings, lambda: filled, said.append):
        address = said[0].removeprefix("Web page: ")
        assert address.startswith("http://127.0.0.1:")
        assert "3 documents" in httpx2.get(f"{address}/browse", timeout=60).text
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(address)


def test_a_port_that_is_taken_is_said_and_stops_nothing(filled):
    said = []
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = filled.settings.model_copy(update={"web_port": taken.getsockname()[1]})
        with serving_beside(settings, lambda: filled, said.append):
            pass
        with pytest.raises(SettingsError, match="HALN_WEB_PORT"):
            listening_socket(settings)
    assert "cannot be served" in said[0]
    assert "HALN_WEB=off" in said[0]


def test_what_is_asked_stands_in_no_log(filled, capfd):
    settings, said = filled.settings.model_copy(update={"web_port": 0}), []
    with serving_beside(settings, lambda: filled, said.append):
        httpx2.get(said[0].removeprefix("Web page: ") + "/search?q=secretwords", timeout=60)
    assert "secretwords" not in "".join(capfd.readouterr())


def test_the_address_is_the_one_that_people_use(settings):
    with listening_socket(settings.model_copy(update={"web_port": 0})) as listening:
        assert own_address(settings, listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"
        public = settings.model_copy(update={"web_url": "https://assistant.example.org/"})
        assert own_address(public, listening) == "https://assistant.example.org"


@pytest.fixture
def served(monkeypatch):
    """What `haln run` serves beside what, without serving it."""
    beside = []

    @contextmanager
    def noted(_settings, library, _say):
        beside.append(library)
        yield

    monkeypatch.setattr("bot.web.listening.serving_beside", noted)
    return beside


def test_run_serves_beside_a_chat_in_a_terminal_and_not_when_questions_are_piped(monkeypatch, served, filled):
    def chat(settings, beside=None):
        if beside is not None:
            with beside(filled):
                pass

    monkeypatch.setattr(ask, "start_chat", chat)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    assert run_command(["run"]) == 0
    assert served == []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    assert run_command(["run"]) == 0
    assert served[0]() is filled
    monkeypatch.setenv("HALN_WEB", "off")
    assert run_command(["run"]) == 0
    assert len(served) == 1


def test_run_serves_beside_the_bot_over_the_same_library(monkeypatch, served, filled):
    opened = []
    monkeypatch.setattr(client, "run_bot", lambda settings, token, open_library: opened.append(open_library(settings)))
    monkeypatch.setenv("HALN_DISCORD_TOKEN", "a.b.c")
    monkeypatch.setenv("HALN_DATA_DIR", str(filled.settings.data_dir))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    assert run_command(["run"]) == 0
    assert served[0]() is opened[0]
    opened[0].close()


def test_threads_that_open_at_once_get_one_library(filled):
    from bot.commands.run import _opened_once

    library, found = _opened_once(filled.settings), []
    threads = [threading.Thread(target=lambda: found.append(library())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
    found[0].close()


def test_others_may_be_served_only_with_an_address(monkeypatch, capsys):
    monkeypatch.setenv("HALN_WEB_HOST", "0.0.0.0")
    assert run_command(["web"]) == 2
    assert "HALN_WEB_URL" in capsys.readouterr().err
