"""What questions say of the documents that may answer them."""

import pytest

from knowledge.answering.constraints import outcomes_of, read_constraints
from knowledge.domain.library import Filters
from knowledge.domain.vocabulary import Kind, Level, Nation, Outcome, Pillar


@pytest.mark.parametrize(
    "question",
    [
        "Who has worked with housing associations?",
        "who else does this?",
        "and who is buying food locally?",
        "which trusts have signed the charter?",
        "what other councils did this?",
        "has anyone tried green roofs?",
        "have any hospitals set up a bakery?",
        "where has this been done?",
        "any examples of local hiring?",
        "show me case studies on procurement",
        "give me some toolkits",
        "examples from Wales",
        "what went wrong?",
    ],
)
def test_a_question_for_documents(question):
    assert read_constraints(question).asks_for_documents


@pytest.mark.parametrize(
    "question",
    [
        "who led the Humber scheme?",
        "Who runs the toy library?",
        "who funded it?",
        "who wrote the report?",
        "Who is paying for the evaluation, and who evaluated it?",
        "where is the toy library?",
        "how do we get started?",
        "what did the trust spend in Wales?",
        "when did it begin?",
        "which year was it?",
        "how did the case go?",
    ],
)
def test_a_question_for_a_fact_sets_no_filter(question):
    constraints = read_constraints(question)
    assert not constraints.asks_for_documents
    assert constraints.filters.empty
    assert not constraints.went_wrong


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("who has done this in Wales?", Filters(nation=Nation.WALES)),
        ("which Scottish trusts have done this?", Filters(nation=Nation.SCOTLAND)),
        ("who has done this in Wales or Scotland?", Filters()),
        ("case studies on procurement", Filters(kind=Kind.CASE_STUDY, pillar=Pillar.PROCUREMENT)),
        ("any examples of toolkits", Filters(kind=Kind.TOOLKIT)),
        ("show me the reports", Filters(kind=Kind.REPORT)),
        ("examples of recruitment", Filters(pillar=Pillar.EMPLOYMENT)),
        ("any examples of jobs in green spaces?", Filters()),
        ("examples in Northern Ireland", Filters(nation=Nation.NORTHERN_IRELAND)),
        ("who has done this at neighbourhood level?", Filters(level=Level.HYPER_LOCAL)),
        ("examples of system-wide work", Filters(level=Level.SYSTEM)),
        ("has anyone done this regionally or region-wide?", Filters(level=Level.REGIONAL)),
        # "Housing" is the topic of the question here, not what the documents are filed under.
        ("Who has worked with housing associations?", Filters()),
    ],
)
def test_what_documents_have_to_be(question, filters):
    assert read_constraints(question).filters == filters


@pytest.mark.parametrize(
    "question",
    [
        "what went wrong?",
        "what goes wrong with local hiring?",
        "what has not worked?",
        "what didn’t work with green roofs?",
        "has anybody failed with green roofs?",
        "common pitfalls of social value",
        "which mistakes were made?",
        "lessons from failure",
    ],
)
def test_work_that_failed_is_asked_for(question):
    constraints = read_constraints(question)
    assert constraints.went_wrong
    assert outcomes_of(constraints) == (Outcome.DID_NOT_WORK, Outcome.PARTLY)


def test_any_outcome_will_do_elsewhere():
    assert outcomes_of(read_constraints("what worked well?")) == ()
    assert outcomes_of(read_constraints("who has done this?")) == ()


@pytest.mark.parametrize(
    ("question", "filters"),
    [
        ("which examples are there in Wales?", Filters(nation=Nation.WALES)),
        ("any hyper-local examples?", Filters(level=Level.HYPER_LOCAL)),
        ("who works on net zero in Scotland?", Filters(nation=Nation.SCOTLAND, pillar=Pillar.ENVIRONMENT)),
        ("examples of procurement that went wrong", Filters(pillar=Pillar.PROCUREMENT)),
        ("what went wrong?", Filters()),
        ("where did it not work?", Filters()),
    ],
)
def test_a_question_may_ask_for_nothing_but_what_documents_are(question, filters):
    constraints = read_constraints(question)
    assert constraints.filters == filters
    assert constraints.restrict
    assert not constraints.has_topic


@pytest.mark.parametrize("question", ["who has done green roofs in Wales?", "what went wrong with local food?"])
def test_or_for_a_topic_beyond_it(question):
    assert read_constraints(question).has_topic
