import json

import pytest

from tests.fakes import WordCheck, WordEmbedder

FORM = {
    "title": "Bicycle repair (sample)",
    "what": "We opened a bicycle workshop next to the canteen.",
    "for_whom": "Night staff",
    "what_happened": "Forty colleagues cycle now.",
    "differently": "Order tyres earlier.",
    "measured": "Repairs a month.",
    "pillars": ["environment"],
    "outcome": "did_not_work",
    "level": "local",
    "nation": "wales",
    "organisation": "Sample Trust",
    "credit": "organisation",
    "clearance": True,
    "author": "sample-author",
}


@pytest.fixture(autouse=True)
def _own_models(monkeypatch):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setattr("knowledge.examples.context.PresidioCheck", lambda _settings: WordCheck())
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")


@pytest.fixture
def form(tmp_path):
    def write(name="form.json", **changes):
        path = tmp_path / name
        path.write_text(json.dumps(FORM | changes))
        return path

    return write


@pytest.fixture
def submitted(run, form):
    def submit(**changes):
        status, out, _ = run("examples", "submit", form(**changes))
        assert status == 0
        return json.loads(out)["id"]

    return submit


@pytest.fixture
def published(run, submitted):
    def publish(**changes):
        given = submitted(**changes)
        assert run("examples", "review", given, "approve", "--moderator", "sample-m")[0] == 0
        return given

    return publish
