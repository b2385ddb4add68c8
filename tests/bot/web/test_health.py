"""The page says whether it is well to whatever spreads visitors over several of them."""

import asyncio
import json

import pytest

from bot.cli import run_command
from bot.web import health
from bot.web.app import create_app
from bot.web.health import DatabaseCheck
from bot.web.listening import serving_beside
from knowledge.errors import StorageError
from tests.bot.web.conftest import ADDRESS, Browser


def test_a_page_that_reaches_its_database_is_well_by_any_name_and_as_often_as_it_is_asked(site, monkeypatch):
    monkeypatch.setattr(site.limits, "count", lambda *_: pytest.fail("a probe is not counted"))
    browser = Browser(create_app(site), base_url=ADDRESS)
    for name in ("10.0.0.7:8017", "web-1", "127.0.0.1"):
        answer = browser.get("/healthz", headers={"Host": name})
        assert (answer.status_code, answer.json()) == (200, {"healthy": True, "problems": []})
    assert not answer.cookies


def test_a_page_that_cannot_read_its_database_is_not(site, monkeypatch):
    def broken(**_):
        raise StorageError("secret details")

    browser = Browser(create_app(site), base_url=ADDRESS)
    monkeypatch.setattr(site.backend.library.store, "version", broken)
    answer = browser.get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["the database cannot be read"])


async def test_a_silent_database_is_asked_once_however_many_want_to_know(monkeypatch):
    monkeypatch.setattr(health, "_SECONDS", 0.05)
    asked, answered = [], asyncio.Event()

    async def ask():
        asked.append(1)
        await answered.wait()

    check = DatabaseCheck(ask)
    assert await asyncio.gather(*[check.problems() for _ in range(5)]) == [["the database does not answer"]] * 5
    assert len(asked) == 1
    answered.set()
    assert await check.problems() == []


def test_the_command_asks_the_page_that_is_served(filled, capsys, monkeypatch):
    settings, said = filled.settings.model_copy(update={"web_port": 0}), []
    with serving_beside(settings, lambda: filled, said.append):
        monkeypatch.setenv("HALN_WEB_PORT", said[0].rpartition(":")[2])
        assert run_command(["health", "--web"]) == 0
        assert run_command(["health", "--web", "--json"]) == 0
    well, as_json = capsys.readouterr().out.splitlines()
    assert (well, json.loads(as_json)) == ("The page is well.", {"healthy": True, "problems": []})
    assert run_command(["health", "--web"]) == 1
    assert "The page is not well: the page does not answer on 127.0.0.1" in capsys.readouterr().out
    assert run_command(["health"]) == 2
    assert "HALN_HEALTH_PORT is not set" in capsys.readouterr().err
