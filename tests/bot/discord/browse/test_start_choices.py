"""What /start gives from the starter library, for every choice that can be made."""

import pytest

from bot.discord.browse import library_queries, texts
from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.domain.vocabulary import Nation, Pillar, Sector, Stage
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("start"), starter_library=Switch.ON)
    library = Library.open(settings, WordEmbedder)
    Indexer(library).ensure_starter_library()
    yield library
    library.close()


def given(library, *choices):
    """Return the three documents and the one that did not go to plan."""
    chosen = library_queries.Start(*choices)
    found = library_queries.to_begin_with(
        Assistant(library, log_questions=False), library, chosen, texts.STAGES[chosen.stage][1], 3
    )
    lesson = library_queries.not_to_plan(library, chosen.pillar, chosen.nation, found, chosen.stage)
    return found, lesson


@pytest.mark.parametrize("pillar", list(Pillar))
@pytest.mark.parametrize("nation", [Nation.ENGLAND, Nation.SCOTLAND])
def test_each_stage_is_given_something_of_its_own(starter, pillar, nation):
    by_stage = {stage: given(starter, stage, pillar, nation, Sector.NHS_TRUST) for stage in Stage}
    for stage, (found, lesson) in by_stage.items():
        assert len({document.id for document in (*found, lesson)}) == 4, stage
        assert {document.metadata.stage for document in (*found, lesson)} <= {stage, None}, stage
        assert stage in {document.metadata.stage for document in found}, stage
    shown = [frozenset(document.id for document in found) for found, _ in by_stage.values()]
    assert len(set(shown)) == len(Stage)


@pytest.mark.parametrize("pillar", [Pillar.EMPLOYMENT, Pillar.PROCUREMENT, Pillar.PARTNERSHIP])
def test_what_did_not_go_to_plan_differs_where_the_library_has_some_for_each_stage(starter, pillar):
    lessons = {
        library_queries.not_to_plan(starter, pillar, nation, [], stage).id
        for stage in (Stage.STARTING, Stage.ESTABLISHED)
        for nation in (Nation.ENGLAND, Nation.SCOTLAND)
    }
    assert len(lessons) >= 2
