"""Which questions hang on earlier ones, and what they are then taken for. The library's own words tell names apart."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.conversation.reading import Understanding
from knowledge.domain.library import Answer
from knowledge.language.library_words import LibraryWords
from knowledge.library import Library
from knowledge.settings import Settings
from tests.fakes import WordEmbedder

LEEDS = "How did Leeds Teaching Hospitals recruit local people?"
FLATS = "Which trust turned staff flats into homes for apprentices?"
FLATS_TOPIC = "(about: trust turned staff flats into homes for apprentices)"
SCOTTISH = "Which Scottish boards have made anchor commitments?"
HORIZONS = "How does the Healthcare Horizons programme at Barts Health work?"
VALUE = "What is social value?"


@pytest.fixture(scope="module")
def starter(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("starter"))
    library = Library.open(settings, lambda _: WordEmbedder())
    Indexer(library).ensure_starter_library()
    yield library
    library.close()


@pytest.fixture(scope="module")
def understanding(starter):
    return Understanding(starter.store, LibraryWords(starter.store, lambda _: False))


@pytest.mark.parametrize("question", ["what should I watch out for?", "any pitfalls?", "What should we avoid"])
def test_a_warning_is_asked_for_about_what_was_spoken_of(understanding, question):
    assert "recruit local people" in (taken_for(understanding, LEEDS, question) or "")
    assert taken_for(understanding, LEEDS, "What should I watch out for when buying food locally?") is None


def taken_for(understanding, *questions):
    """The question that is searched with for the last of several; `None` where it stands alone."""
    reading = last_reading(understanding, *questions)
    return reading.text if reading.understood else None


def last_reading(understanding, *questions):
    """The first reading of the last of several questions."""
    turns, understood = [], None
    for question in questions:
        understood = understanding.understand(question, turns)
        reading = understood.readings[0]
        answer = Answer(question=question, answered=True, text="", understood=reading.understood)
        turns.append(understanding.turn(understood, answer))
    return reading


@pytest.mark.parametrize(
    ("dialogue", "said"),
    [
        ((FLATS, "what did it cost?"), f"What did it cost? Following on from “{FLATS}”"),
        ((FLATS, "who led it?", "and when did it start?"), f"When did it start? Following on from “{FLATS}”"),
        ((FLATS, "tell me more"), f"More on “{FLATS}”"),
        ((FLATS, "what about food?"), f"Food? Following on from “{FLATS}”"),
        ((LEEDS, "did Newcastle do that too?"), f"Did Newcastle do that too? Following on from “{LEEDS}”"),
        ((LEEDS, "and in Newcastle?"), "How did Newcastle recruit local people?"),
        (
            (LEEDS, "and in Newcastle?", "who led it?"),
            "Who led it? Following on from “How did Newcastle recruit local people?”",
        ),
        (
            (LEEDS, "who led it?", "and in Newcastle?"),
            "Who led it? Following on from “How did Newcastle recruit local people?”",
        ),
        (
            (LEEDS, "who led it?", "and in Newcastle?", "what did it cost?"),
            "What did it cost? Following on from “Newcastle recruit local people”",
        ),
        ((LEEDS, "tell me more", "what about Scotland?"), "How did Scotland recruit local people?"),
        ((FLATS, "tell me more", "who else?"), FLATS),
        ((FLATS, "who led it?", "who else?"), f"Who led it? Following on from “{FLATS}”"),
        ((FLATS, "What is an anchor institution?"), None),
    ],
)
def test_what_a_follow_up_was_taken_for_reads_as_people_write(understanding, dialogue, said):
    assert last_reading(understanding, *dialogue).understood == said


@pytest.mark.parametrize(
    ("dialogue", "understood"),
    [
        # another place, organisation, nation, programme or year takes the place of the earlier one
        ((LEEDS, "and in Newcastle?"), "How did Newcastle recruit local people?"),
        ((LEEDS, "what about newcastle"), "How did Newcastle recruit local people?"),
        ((LEEDS, "Newcastle?"), "How did Newcastle recruit local people?"),
        ((LEEDS, "thanks! and Preston?"), "How did Preston recruit local people?"),
        ((LEEDS, "how about at Barts Health?"), "How did Barts Health recruit local people?"),
        ((LEEDS, "same for ELFT?"), "How did ELFT recruit local people?"),
        ((LEEDS, "and in bolton?"), "How did Bolton recruit local people?"),
        ((LEEDS, "What about Scotland?"), "How did Scotland recruit local people?"),
        ((LEEDS, "any in Wales?"), "How did Wales recruit local people?"),
        ((LEEDS, "and Newcastle and Preston?"), "How did Newcastle and Preston recruit local people?"),
        ((LEEDS, "and in 2022?"), "How did Leeds Teaching Hospitals recruit local people in 2022?"),
        ((LEEDS, "and in 2022?", "and in 2023?"), "How did Leeds Teaching Hospitals recruit local people in 2023?"),
        (("how did leeds recruit local people?", "and in newcastle?"), "how did Newcastle recruit local people?"),
        (("How big is the Leeds Anchor Network?", "What about London?"), "How big is London?"),
        (("By how much did Barts Health grow?", "why?"), "Why? (about: Barts Health grow)"),
        (("What happened to jobs in Preston?", "why?"), "Why? (about: jobs in Preston)"),
        ((VALUE, "and in Wales?"), "What is social value in Wales?"),
        (("What is the Real Living Wage?", "and in Wales?"), "What is the Real Living Wage in Wales?"),
        ((SCOTTISH, "what about Welsh ones?"), "Which boards have made anchor commitments in Wales?"),
        ((HORIZONS, "and at ELFT?"), "How does the Healthcare Horizons programme at ELFT work?"),
        ((HORIZONS, "what about Live and Work?"), "How does the Live and Work programme work?"),
        # what was just spoken of
        ((FLATS, "who led it?"), f"Who led it? {FLATS_TOPIC}"),
        ((FLATS, "how did they measure that?"), f"How did they measure that? {FLATS_TOPIC}"),
        ((FLATS, "how many people did it help?"), f"How many people did it help? {FLATS_TOPIC}"),
        ((FLATS, "how much did the scheme cost?"), f"How much did the scheme cost? {FLATS_TOPIC}"),
        ((FLATS, "what happened there?"), f"What happened there? {FLATS_TOPIC}"),
        ((FLATS, "is there any evidence for that?"), f"Is there any evidence for that? {FLATS_TOPIC}"),
        ((FLATS, "what are the benefits of doing this?"), f"What are the benefits of doing this? {FLATS_TOPIC}"),
        ((FLATS, "which organisations took part in it?"), f"Which organisations took part in it? {FLATS_TOPIC}"),
        ((FLATS, "is it worth doing?"), f"Is it worth doing? {FLATS_TOPIC}"),
        ((FLATS, "did Newcastle do that too?"), f"Did Newcastle do that too? {FLATS_TOPIC}"),
        ((LEEDS, "did Newcastle do that too?"), "Did Newcastle do that too? (about: recruit local people)"),
        ((LEEDS, "and in Newcastle?", "who led it?"), "Who led it? (about: Newcastle recruit local people)"),
        ((FLATS, "who led it?", "and when did it start?"), f"When did it start? {FLATS_TOPIC}"),
        ((LEEDS, "who led it?", "and in Newcastle?"), "Who led it? (about: Newcastle recruit local people)"),
        ((FLATS, "who leads the scheme?"), f"Who leads the scheme? {FLATS_TOPIC}"),
        ((FLATS, "how long did the whole project last?"), f"How long did the whole project last? {FLATS_TOPIC}"),
        ((FLATS, "who was in the project team?"), f"Who was in the project team? {FLATS_TOPIC}"),
        ((FLATS, "what did the council promise?"), f"What did the council promise? {FLATS_TOPIC}"),
        ((FLATS, "did the scheme reduce sickness?"), f"Did the scheme reduce sickness? {FLATS_TOPIC}"),
        ((FLATS, "what happened when the scheme ended?"), f"What happened when the scheme ended? {FLATS_TOPIC}"),
        ((FLATS, "was the scheme extended to others?"), f"Was the scheme extended to others? {FLATS_TOPIC}"),
        ((FLATS, "who led that housing project?"), f"Who led that housing project? {FLATS_TOPIC}"),
        # "more" asks nothing new: the question behind it is asked of the other place
        ((LEEDS, "tell me more", "what about Scotland?"), "How did Scotland recruit local people?"),
        ((LEEDS, "and in Newcastle?", "go on", "and Preston?"), "How did Preston recruit local people?"),
        # questions of general words alone
        ((FLATS, "what about the cost?"), f"The cost? {FLATS_TOPIC}"),
        ((FLATS, "and failures?"), f"Failures? {FLATS_TOPIC}"),
        ((FLATS, "What were the main barriers?"), f"What were the main barriers? {FLATS_TOPIC}"),
        ((FLATS, "what did the evaluation find?"), f"What did the evaluation find? {FLATS_TOPIC}"),
        ((FLATS, "how many?"), f"How many? {FLATS_TOPIC}"),
        ((FLATS, "how many jobs?"), f"How many jobs? {FLATS_TOPIC}"),
        # more of the same
        ((FLATS, "tell me more"), f"More? {FLATS_TOPIC}"),
        ((FLATS, "Can you tell me a bit more about that please?"), f"More? {FLATS_TOPIC}"),
        ((FLATS, "why?"), f"Why? {FLATS_TOPIC}"),
        ((FLATS, "who else has done this?"), FLATS),
        ((FLATS, "any other examples?"), FLATS),
        # a side of the topic, if that finds nearer evidence
        ((FLATS, "what about food?"), f"Food? {FLATS_TOPIC}"),
        ((FLATS, "anything on apprenticeships?"), f"Apprenticeships? {FLATS_TOPIC}"),
    ],
)
def test_a_follow_up_is_taken_for_a_whole_question(understanding, dialogue, understood):
    assert taken_for(understanding, *dialogue) == understood


@pytest.mark.parametrize(
    "question",
    [
        "What share of spending stayed in Preston?",
        "and who led the Humber scheme?",
        "also, how do hospitals in Wales buy food?",
        "What is social value and how is it measured?",
        "How did East London NHS Foundation Trust measure their impact?",
        "do trusts pay their staff the living wage?",
        "Is it true that Preston kept its spending local?",
        "how much does it cost to join HALN?",
        "how long does it take to become a living wage employer?",
        "which organisations that pay the living wage are in London?",
        "how do we measure our impact?",
        "what can you tell me about green spaces?",
        "tell me more about the foundational economy",
        "procurement",
        "ICS??",
        "Preston",
        "who won the world cup?",
        "are there events this year on housing?",
        "What is an anchor institution?",
        "How can a trust with empty buildings use them?",
        # things of their own, in the library or not, though a word in them alone would point back
        "Who leads the pilot garden?",
        "who leads the hospital garden",
        "Who runs the gardening scheme?",
        "What did the pilot garden cost?",
        "what does the pilot garden grow?",
        "what did the pilot garden do?",
        "When does the council orchard open?",
        "what evidence is there that anchor work improves health",
        "is there evidence that work improves health?",
        "what evidence do we have that buying local creates jobs?",
        "where is the pilot kitchen?",
        "who is the hospital gardener?",
        "Who started the money advice service?",
        "where can I find the survey results on sickness absence?",
        "what is an evaluation?",
    ],
)
def test_a_question_with_a_topic_of_its_own_stands_alone(understanding, question):
    assert taken_for(understanding, LEEDS, question) is None
    assert taken_for(understanding, "who is Priya Nair", question) is None


@pytest.mark.parametrize("question", ["and in Newcastle?", "who led it?", "why?", "tell me more"])
def test_without_an_earlier_question_nothing_is_added(understanding, question):
    assert taken_for(understanding, question) is None


def test_a_reference_is_first_sought_in_the_documents_just_cited(understanding, starter):
    answer = Answer(question=FLATS, answered=True, text="")
    first = understanding.turn(understanding.understand(FLATS, []), answer)
    first = first.model_copy(update={"documents": ("sandwell-live-and-work",)})
    reading = understanding.understand("who led it?", [first]).readings[0]
    assert reading.chunks == {chunk.id for chunk in starter.store.document_chunks("sandwell-live-and-work")}


def test_what_one_case_does_not_say_is_not_sought_in_others(understanding):
    turn = understanding.turn(understanding.understand(FLATS, []), Answer(question=FLATS, answered=True, text=""))
    of_a_case = turn.model_copy(update={"documents": ("sandwell-live-and-work",)})
    assert len(understanding.understand("how much did it cost?", [of_a_case]).readings) == 1
    of_an_idea = turn.model_copy(update={"documents": ("glossary-social-value",)})
    assert understanding.understand("how is it measured?", [of_an_idea]).readings[-1].chunks is None


def test_a_removed_document_is_no_longer_preferred(understanding):
    turn = understanding.turn(understanding.understand(FLATS, []), Answer(question=FLATS, answered=True, text=""))
    turn = turn.model_copy(update={"documents": ("no-such-document",)})
    assert [r.chunks for r in understanding.understand("who led it?", [turn]).readings] == [None]


def test_a_nation_is_answered_from_its_own_documents(understanding, starter):
    turn = understanding.turn(understanding.understand(LEEDS, []), Answer(question=LEEDS, answered=True, text=""))
    chunks = understanding.understand("any in Wales?", [turn]).readings[0].chunks
    assert {chunk.metadata.nation for chunk in starter.store.chunks(chunks).values()} == {"wales"}
