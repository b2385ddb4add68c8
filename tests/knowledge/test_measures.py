"""How work was measured: read from front matter and cells, kept, found by, and told of documents and examples."""

import json

import pytest

from bot.cli import run_command
from indexer.pipeline import Indexer
from indexer.sources.metadata import metadata_from, usable
from knowledge.domain.examples import MEASURE_FIELDS
from knowledge.domain.library import Filters, Measure
from knowledge.domain.vocabulary import Measured
from knowledge.examples.document import as_document
from knowledge.examples.export import rows
from knowledge.examples.form import read_form
from knowledge.retrieval.search import Mode
from tests.fakes import WordEmbedder
from tests.knowledge.examples.conftest import AUTHOR, clock, content, examples  # noqa: F401 - fixtures

FULL = Measure(indicator="share of local suppliers", baseline="35% in 2020", period="2020 to 2022")


@pytest.mark.parametrize(
    ("written", "measures"),
    [
        ([{"indicator": "share of local suppliers", "baseline": "35% in 2020", "period": "2020 to 2022"}], (FULL,)),
        ({"Indicator": " share of local suppliers ", "Baseline": "35% in 2020", "Period": "2020 to 2022"}, (FULL,)),
        ("share of local suppliers | 35% in 2020 | 2020 to 2022", (FULL,)),
        ("jobs; apprentices||2023;", (Measure(indicator="jobs"), Measure(indicator="apprentices", period="2023"))),
        (["jobs"], (Measure(indicator="jobs"),)),
        (
            [{"indicator": "jobs", "baseline": 12, "period": 2023}],
            (Measure(indicator="jobs", baseline="12", period="2023"),),
        ),
        ([{"indicator": "jobs", "baseline": "", "period": None}], (Measure(indicator="jobs"),)),
    ],
)
def test_measures_as_editors_write_them(written, measures):
    assert metadata_from("Sample", {"measured": written}).measured == measures


@pytest.mark.parametrize(
    "written", [[{"baseline": "35%"}], [{"indicator": "jobs", "unit": "people"}], [["jobs"]], 7, "|35%", [{1: []}]]
)
def test_a_slip_costs_that_field_only_and_says_how_it_is_written(written):
    fields, problem = usable({"measured": written, "kind": "report"})
    assert fields == {"kind": "report"}
    assert "write a list with indicator, baseline and period" in problem


@pytest.fixture
def shelves(library, tmp_path):
    for name, measured in (
        ("with-baseline", "measured:\n  - indicator: share of local suppliers\n    baseline: 35%\n"),
        ("without-baseline", "measured: local apprentices\n"),
        ("not-measured", ""),
    ):
        text = f"---\ntitle: {name}\nkind: case_study\n{measured}---\n\nThe council bought from local suppliers.\n"
        (tmp_path / f"{name}.md").write_text(text)
    Indexer(library).add([str(tmp_path)])
    return library


@pytest.mark.parametrize(
    ("measured", "names"),
    [
        (None, {"with-baseline", "without-baseline", "not-measured"}),
        (Measured.INDICATOR, {"with-baseline", "without-baseline"}),
        (Measured.BASELINE, {"with-baseline"}),
    ],
)
def test_a_search_is_restricted_to_what_was_measured(shelves, measured, names):
    for mode in Mode:
        found = shelves.searcher.search("local suppliers", 9, Filters(measured=measured), mode=mode).results
        assert {result.document_id for result in found} == names, mode


def test_the_command_line_restricts_and_shows_it(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    (tmp_path / "bought.md").write_text(
        "---\ntitle: Bought\nmeasured: share of local suppliers|35%|2020\n---\n\nThe council bought locally.\n"
    )
    (tmp_path / "sold.md").write_text("# Sold\n\nThe council sold locally.\n")
    assert run_command(["index", "add", str(tmp_path / "bought.md"), str(tmp_path / "sold.md")]) == 0
    capsys.readouterr()
    assert run_command(["search", "council locally", "--measured", "baseline", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["results"]
    assert [result["document_id"] for result in found] == ["bought"]
    assert run_command(["index", "show", "bought"]) == 0
    assert "measured: share of local suppliers (before: 35%; period: 2020)" in capsys.readouterr().out


def test_an_examples_measure_is_a_field_and_words_of_its_document(examples):  # noqa: F811 - the fixture
    told = content(indicator="repairs a month", baseline="none", measured_period="April to June 2025")
    document = as_document(examples.draft(AUTHOR, told))
    assert document.metadata.measured == (
        Measure(indicator="repairs a month", baseline="none", period="April to June 2025"),
    )
    measured = next(s.text for s in document.sections if s.heading_path == ("How it was measured",))
    assert measured.splitlines()[-3:] == [
        "- What was measured: repairs a month",
        "- What it was before: none",
        "- Measured over: April to June 2025",
    ]
    untold = as_document(examples.draft(AUTHOR, content(baseline="none")))
    assert untold.metadata.measured == ()


def test_it_is_read_from_forms_handed_on_and_searched_for_personal_data(examples):  # noqa: F811 - the fixture
    told = {"what": "We repaired.", "what_happened": "They ride.", "indicator": "repairs", "measured_period": "2025"}
    form = read_form(told)
    assert (form.content.indicator, form.content.measured_period) == ("repairs", "2025")
    submission = examples.draft(AUTHOR, content(indicator="calls to 07700 900123"))
    view = examples.show(AUTHOR, submission.id)
    assert view.indicator == "calls to 07700 900123"
    assert set(MEASURE_FIELDS) <= set(rows([view])[0])
