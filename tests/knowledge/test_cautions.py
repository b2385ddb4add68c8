"""Questions about what to watch out for: told from others, and answered from what did not work."""

import pytest

from indexer.sources.examples import publisher
from knowledge.answering.candidates import Candidate, CandidateFinder
from knowledge.answering.cautions import caution_evidence, caution_topic, failures_first
from knowledge.answering.conversation.understanding import Reading
from knowledge.answering.evidence import Verdict
from knowledge.answering.extractive import answer_from
from knowledge.assistant import Assistant
from knowledge.examples.examples import Examples
from knowledge.examples.types import Action, Actor, Content, Role
from knowledge.language.sentences import split_units
from knowledge.types import Chunk, Metadata
from knowledge.vocabulary import Outcome
from tests.fakes import Clock, WordCheck


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What should I watch out for when recruiting local people?", "recruiting local people"),
        ("what are the pitfalls of a living wage scheme", "a living wage scheme"),
        ("What went wrong with the bicycle workshop?", "the bicycle workshop"),
        ("What didn't work in Leeds?", "Leeds"),
        ("What should we avoid when buying locally?", "buying locally"),
        ("What can go wrong with apprenticeships?", "apprenticeships"),
        ("Has anybody failed with green roofs?", "green roofs"),
        ("What should I watch out for?", None),
        ("How many jobs were kept?", None),
        ("What are the nine lessons?", None),
        ("How do we avoid waste?", None),
        ("How did the trust avoid redundancies?", None),
    ],
)
def test_what_a_question_wants_to_be_warned_about(question, topic):
    assert caution_topic(question) == topic


def share(examples, **given):
    content = Content.model_validate(
        {"outcome": "worked", "credit": "anonymous", "clearance": True, "what_happened": "It runs."} | given
    )
    receipt = examples.share(Actor("sample-author", Role.MEMBER), content)
    examples.review(Actor("sample-moderator", Role.MODERATOR), receipt.id, Action.APPROVE)
    return receipt.id


@pytest.fixture
def shared(library):
    examples = Examples(library, publisher(library), WordCheck(), Clock())
    worked = share(
        examples,
        title="Bicycle workshop at Sample A",
        what="The bicycle workshop opened on the ward and the bicycle workshop is liked.",
        differently="Order more bicycle tubes for the workshop.",
    )
    failed = share(
        examples,
        title="Bicycle workshop at Sample B",
        what="A bicycle workshop was planned beside the canteen.",
        what_happened="The bicycle workshop closed in winter because nobody repaired bicycles there.",
        outcome="did_not_work",
    )
    return worked, failed


def ask(library, question):
    evidence = caution_evidence(library, CandidateFinder(library.embedder), Reading(question))
    return evidence and answer_from(question, [evidence])


def test_what_did_not_work_comes_first(library, shared):
    worked, failed = shared
    answer = ask(library, "What should I watch out for when opening a bicycle workshop?")
    cited = [citation.document_id for citation in answer.citations]
    assert cited[0] == failed
    assert answer.sentences[0].text.startswith("The bicycle workshop closed in winter")
    quotes = {citation.quote for citation in answer.citations if citation.document_id == worked}
    assert quotes <= {"Order more bicycle tubes for the workshop."}


def test_without_a_warning_the_question_is_like_any_other(library, shared):
    assert ask(library, "What should I watch out for when planting roofs?") is None
    assert ask(library, "Who opened a bicycle workshop?") is None


def test_the_assistant_prefers_what_did_not_work(library, shared):
    answer = Assistant(library).ask("What should I watch out for when opening a bicycle workshop?")
    assert answer.citations[0].document_id == shared[1]


def warning(document, text, heading=None, outcome=None):
    """A candidate of a document; all speak to the topic alike."""
    metadata = Metadata(title=document, outcome=outcome)
    path = (heading,) if heading else ()
    chunk = Chunk(id=1, document_id=document, ordinal=0, heading_path=path, text=text, metadata=metadata)
    return Candidate(chunk, 0, split_units(text)[0], cosine=0.5, overlap=0.5, fits_type=True)


def test_of_a_failure_what_went_wrong_is_quoted_and_not_what_leads_up_to_it():
    wrong = warning("kitchen", "Deliveries were late in winter.", outcome=Outcome.DID_NOT_WORK)
    leads_up = warning("kitchen", "The hospital serves 900 meals a day.", outcome=Outcome.DID_NOT_WORK)
    assert failures_first(Verdict((leads_up, wrong))).eligible == (wrong,)
    assert failures_first(Verdict((leads_up,))).eligible == (leads_up,)


def test_a_part_about_what_did_not_work_speaks_before_a_word_elsewhere():
    word = warning("toys", "It lends toys to families who could not otherwise buy them.")
    part = warning("toys", "A deposit kept the poorest families away.", "What did not work")
    other = warning("bikes", "However, helmets were forgotten.")
    assert failures_first(Verdict((word, other, part))).eligible == (part, other)


def test_whose_work_is_asked_about_is_part_of_the_topic():
    assert "Sample Coast Hospital" in caution_topic("what would Sample Coast Hospital do differently?")
