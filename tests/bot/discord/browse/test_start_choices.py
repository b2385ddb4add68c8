"""What /start gives from the starter library, for every choice that can be made."""

import itertools

import pytest

from bot.discord.browse import texts
from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.domain.vocabulary import Nation, Pillar, Sector, Stage
from knowledge.guidance.first_steps import Start, StepKind, first_steps, not_to_plan
from knowledge.library import Library
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder, WordReader

NATIONS = (Nation.ENGLAND, Nation.SCOTLAND, Nation.WALES, Nation.NORTHERN_IRELAND, Nation.UK)


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("start"), starter_library=Switch.ON)
    library = Library.open(settings, WordEmbedder)
    library.reader = WordReader()
    Indexer(library).ensure_starter_library()
    yield library
    library.close()


@pytest.fixture(scope="module")
def given(starter):
    """The steps and the one that did not go to plan, for each stage, pillar and nation."""
    assistant, found = Assistant(starter, log_questions=False), {}
    for stage, pillar, nation in itertools.product(Stage, Pillar, NATIONS):
        chosen = Start(stage, pillar, nation, Sector.NHS_TRUST)
        steps = first_steps(assistant, starter, chosen, texts.STAGES[stage][1])
        lesson = not_to_plan(starter, pillar, nation, [step.document for step in steps], stage)
        found[stage, pillar, nation] = steps, lesson
    return found


@pytest.mark.parametrize("pillar", list(Pillar))
@pytest.mark.parametrize("nation", NATIONS)
def test_two_stages_never_get_the_same_list_and_each_something_of_its_own(given, pillar, nation):
    shown = []
    for stage in Stage:
        steps, lesson = given[stage, pillar, nation]
        documents = [*(step.document for step in steps), lesson]
        assert len({document.id for document in documents}) == 4, stage
        assert {document.metadata.stage for document in documents} <= {stage, None}, stage
        assert stage in {document.metadata.stage for document in documents[:3]}, stage
        shown.append(frozenset(document.id for document in documents[:3]))
    assert len(set(shown)) == len(Stage)


@pytest.mark.parametrize("pillar", list(Pillar))
@pytest.mark.parametrize("nation", NATIONS)
def test_each_stage_gets_what_it_needs(given, pillar, nation):
    kinds = {stage: [step.kind for step in given[stage, pillar, nation][0]] for stage in Stage}
    example = {StepKind.NEAR_EXAMPLE, StepKind.EXAMPLE}
    assert kinds[Stage.STARTING][:2] == [StepKind.WHAT_AN_ANCHOR_IS, StepKind.HOW_TO_START]
    assert kinds[Stage.STARTING][2] in example
    assert kinds[Stage.EARLY][0] is StepKind.HOW_TO_GO_ON
    assert kinds[Stage.ESTABLISHED] == [StepKind.PEERS_WORK, StepKind.NATIONAL_BODY, StepKind.MEASUREMENT]


def test_an_example_is_called_near_only_where_it_is(given):
    for (_, _, nation), (steps, _) in given.items():
        for step in steps:
            if step.kind is StepKind.NEAR_EXAMPLE:
                assert step.document.metadata.nation is nation


def test_a_step_that_the_library_holds_nothing_for_is_left_to_what_else_it_holds(filled):
    chosen = Start(Stage.STARTING, Pillar.EMPLOYMENT, Nation.WALES, Sector.COUNCIL)
    steps = first_steps(Assistant(filled), filled, chosen, texts.STAGES[Stage.STARTING][1])
    assert [step.kind for step in steps] == [StepKind.NEAR_EXAMPLE]


@pytest.mark.parametrize("pillar", [Pillar.EMPLOYMENT, Pillar.PROCUREMENT, Pillar.PARTNERSHIP])
def test_what_did_not_go_to_plan_differs_where_the_library_has_some_for_each_stage(starter, pillar):
    lessons = {
        not_to_plan(starter, pillar, nation, [], stage).id
        for stage in (Stage.STARTING, Stage.ESTABLISHED)
        for nation in (Nation.ENGLAND, Nation.SCOTLAND)
    }
    assert len(lessons) >= 2
