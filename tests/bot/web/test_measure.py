"""What others measured, on the web page and in the terminal."""

import json
from contextlib import nullcontext

from bot.cli import run_command
from bot.web.app import create_app
from knowledge.guidance import indicators
from tests.bot.web.conftest import ADDRESS, Browser
from tests.knowledge.guidance.test_indicators import JOBS, MEASURED, PROJECT


def test_the_command_and_the_page_show_the_same(make_site, sources, capsys, monkeypatch):
    (sources / "entry.md").write_text(JOBS + MEASURED)
    site = make_site()
    page = Browser(create_app(site), base_url=ADDRESS)
    text = page.get("/measure", params={"project": PROJECT}).text
    assert "local people recruited (before: 10 in 2020; period: two years)" in text
    assert "The trust counted the local people whom it recruited." in text
    assert "/documents/entry?chunk=" in text
    nothing = page.get("/measure", params={"project": "Zebra crossings before polar stations"})
    assert indicators.NOBODY_MEASURED in nothing.text
    assert page.get("/measure", params={"project": ""}).status_code == 400
    library = site.backend.library

    monkeypatch.setattr("bot.session.open_library", lambda *_, **__: nullcontext(library))
    assert run_command(["measure", PROJECT]) == 0
    assert (
        "- local people recruited (before: 10 in 2020; period: two years) [1] (Sample Trust)" in capsys.readouterr().out
    )
    assert run_command(["measure", "--pillar", "procurement", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["pillars"][0]["pillar"] == "procurement"
    assert run_command(["measure"]) == 2
