"""What others measured: only what is in the library, by pillar, each idea with where it is said."""

import pytest

from indexer.pipeline import Indexer
from knowledge.domain.vocabulary import Pillar
from knowledge.guidance import indicators
from knowledge.guidance.indicators import indicator_ideas

JOBS = "---\ntitle: Entry jobs\nkind: case_study\norganisation: Sample Trust\npillars: [employment, procurement]\n"
MEASURED = (
    "measured:\n  - indicator: 'value of contracts with small firms'\n"
    "  - indicator: 'local people recruited'\n    baseline: '10 in 2020'\n    period: 'two years'\n---\n\n"
    "The trust offered entry jobs to local people and bought from small firms.\n\n"
    "## How it was measured\n\nThe trust counted the local people whom it recruited. It went on for two years.\n"
)
PROJECT = "We offer entry jobs to local people and buy from small firms"


@pytest.fixture
def measured(library, sources):
    (sources / "entry.md").write_text(JOBS + MEASURED)
    (sources / "plain.md").write_text("# Plain\n\nWe offer entry jobs to local people and buy from small firms.\n")
    Indexer(library).add([str(sources)])
    return library


def test_each_idea_stands_under_its_own_pillar_with_where_it_is_said(measured):
    found = indicator_ideas(measured, PROJECT)
    ideas = {group.pillar: [idea.measure.words for idea in group.ideas] for group in found.pillars}
    assert ideas == {
        Pillar.EMPLOYMENT: ["local people recruited (before: 10 in 2020; period: two years)"],
        Pillar.PROCUREMENT: ["value of contracts with small firms"],
    }
    (citation,) = found.citations
    assert citation.title == "Entry jobs"
    assert citation.quote == "The trust counted the local people whom it recruited."
    assert {idea.citation for group in found.pillars for idea in group.ideas} == {citation.n}


def test_what_nobody_measured_is_said_so(measured):
    assert indicator_ideas(measured, "Zebra crossings before polar stations").reason == indicators.NOBODY_MEASURED
    none = indicator_ideas(measured, PROJECT, Pillar.ESTATES)
    assert none.reason == indicators.NOBODY_ON_PILLAR.format(pillar="estates")
    assert none.pillars == none.citations == ()


def test_a_pillar_alone_will_do_and_nothing_at_all_will_not(measured):
    found = indicator_ideas(measured, "", Pillar.PROCUREMENT)
    assert [idea.title for group in found.pillars for idea in group.ideas] == ["Entry jobs"]
    assert indicator_ideas(measured, " ").reason == indicators.TOO_LITTLE
