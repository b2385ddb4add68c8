"""From a question to its answer: parts, readings, and how much is read."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.compose import Rule
from knowledge.answering.conversation.reading import Reading, quote_hash
from knowledge.answering.passage_reader import CHUNKS_READ, FIRST_READ
from knowledge.answering.pipeline import AnswerPipeline
from knowledge.assistant import Assistant
from knowledge.domain.library import Filters
from knowledge.errors import QuestionError
from tests.fakes import WORD_GATE

FOODS = [
    "bread",
    "cake",
    "soup",
    "rice",
    "plums",
    "honey",
    "beans",
    "leeks",
    "trout",
    "cider",
    "cheese",
    "butter",
    "oats",
    "ham",
    "jam",
    "figs",
    "kale",
    "mint",
    "dates",
    "barley",
    "cocoa",
    "thyme",
    "chard",
    "turnips",
]
BOTH = "Who planted the green roofs of the library, and how many village bakers sold bread?"


@pytest.fixture
def kitchens(library, tmp_path):
    """Two dozen documents of one chunk each, of which each answers something else."""
    folder = tmp_path / "kitchens"
    folder.mkdir()
    for number, food in enumerate(FOODS, start=1):
        (folder / f"{food}.md").write_text(f"# {food.title()}\n\nKitchen number {number} cooks {food} on Mondays.\n")
    Indexer(library).add([str(folder)])
    return library


@pytest.fixture
def village(library, tmp_path):
    (tmp_path / "bread.md").write_text(
        "# Bread\n\nSample Trust bought bread from nine village bakers in spring. The bakers came by bicycle."
    )
    (tmp_path / "roof.md").write_text(
        "# Roofs\n\nThe green roofs of the library building were planted by Sample Green Trust."
    )
    Indexer(library).add([str(tmp_path)])
    return library


def passages_read(reader, work):
    reader.passages.clear()
    work()
    return len(reader.passages)


def test_where_the_first_passages_answer_no_more_are_read(kitchens, reader):
    pipeline = AnswerPipeline(kitchens)
    answer = pipeline.answer(Reading("which kitchen cooks soup on Mondays?"))
    assert answer.citations[0].document_id == "soup"
    assert len(reader.passages) == FIRST_READ


def test_where_they_leave_doubt_more_are_read_but_not_all(kitchens, reader):
    pipeline = AnswerPipeline(kitchens)
    assert passages_read(reader, lambda: pipeline.answer(Reading("does anybody play jazz at night?"))) == CHUNKS_READ
    assert len({passage.text for passage in reader.passages}) == CHUNKS_READ < len(FOODS)


def test_all_are_read_where_measuring_wants_it(kitchens, reader):
    pipeline = AnswerPipeline(kitchens, without=[Rule.EARLY_STOP])
    assert passages_read(reader, lambda: pipeline.answer(Reading("which kitchen cooks soup?"))) == CHUNKS_READ
    assert passages_read(reader, lambda: pipeline.evidence(Reading("which kitchen cooks soup?"))) == CHUNKS_READ


def test_both_parts_of_a_question_are_answered_in_their_order(village):
    answer = AnswerPipeline(village).answer(Reading(BOTH))
    assert [s.text for s in answer.sentences if s.strong] == [
        "The green roofs of the library building were planted by Sample Green Trust.",
        "Sample Trust bought bread from nine village bakers in spring.",
    ]
    assert answer.note is None
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    admitted = village.store.chunks([int(chunk_id) for chunk_id in answer.admitted[:2]]).values()
    assert {chunk.document_id for chunk in admitted} == {"roof", "bread"}


def test_a_part_that_stays_open_is_named(village):
    answer = AnswerPipeline(village).answer(
        Reading("how many village bakers sold bread, and what did the captain think of jazz music?")
    )
    assert {citation.document_id for citation in answer.citations} == {"bread"}
    assert answer.note == "The library does not say: “what did the captain think of jazz music?”"
    assert answer.text.endswith(answer.note)


def test_where_no_part_is_answered_it_was_one_question(village, reader):
    answer = AnswerPipeline(village).answer(
        Reading("what did the captain think of jazz music, and why did the pilot leave town early?")
    )
    assert not answer.answered
    assert answer.note is None
    assert len(set(reader.asked)) == 3


def test_a_question_that_was_written_out_from_a_follow_up_is_not_taken_apart(village, reader):
    AnswerPipeline(village).answer(Reading(BOTH, understood=BOTH))
    assert len(set(reader.asked)) == 1


def test_a_reading_of_some_chunks_is_answered_from_these_alone(village):
    pipeline = AnswerPipeline(village)
    chunks = frozenset(chunk.id for chunk in village.store.document_chunks("roof"))
    question = "how many village bakers sold bread in spring?"
    assert pipeline.answer(Reading(question)).answered
    held = pipeline.answer(Reading(question, chunks=chunks))
    assert not held.answered
    assert {near.document_id for near in held.nearest} == {"roof"}
    roofs = pipeline.answer(Reading("who planted green roofs of the library?", chunks=chunks))
    assert {int(citation.chunk_id) for citation in roofs.citations} <= chunks


def test_a_reading_of_chunks_that_are_gone_is_a_refusal(village):
    pipeline = AnswerPipeline(village)
    for chunks in (frozenset(), frozenset({987_654})):
        answer = pipeline.answer(Reading("how many village bakers sold bread?", chunks=chunks))
        assert not answer.answered
        assert answer.nearest == ()


def test_what_was_shown_before_is_not_shown_again(village):
    pipeline = AnswerPipeline(village)
    question = "how did village bakers sell bread in spring?"
    first = pipeline.answer(Reading(question))
    shown = frozenset(quote_hash(sentence.text) for sentence in first.sentences)
    again = pipeline.answer(Reading(question, shown=shown))
    assert not {sentence.text for sentence in again.sentences} & {sentence.text for sentence in first.sentences}
    every = frozenset(quote_hash(text) for text in (
        "Sample Trust bought bread from nine village bakers in spring.",
        "The bakers came by bicycle.",
        "The green roofs of the library building were planted by Sample Green Trust.",
    ))  # fmt: skip
    nothing = pipeline.answer(Reading(question, shown=every))
    assert not nothing.answered
    assert nothing.sentences == ()


def test_a_question_of_4000_characters_is_answered(village):
    question = ("how many village bakers sold bread in spring? " * 100)[:4000]
    answer = Assistant(village).ask(question)
    assert answer.question == question
    assert answer.confidence is not None
    assert AnswerPipeline(village).search(question, 2).results[0].document_id == "bread"


@pytest.mark.parametrize(
    "text", ["שלום עולם", "\u202ebread\u202c", "bread\0cake", "🌳 bread", "¿¡—…", "a" * 4000, "%_'\"*x"]
)
def test_odd_questions_are_no_error(village, text):
    assert Assistant(village).ask(text).text


def test_an_empty_library_has_no_answer(library):
    answer = AnswerPipeline(library).answer(Reading("how many village bakers sold bread?"))
    assert not answer.answered
    assert answer.reason == "Nothing in the library is close enough to this question."
    assert AnswerPipeline(library).search("bread", 5).results == ()


def test_what_answers_twice_is_one_list_and_without_lists_a_passage(kitchens):
    question = Reading("which kitchens have cooked on Mondays? Any examples")
    listed = AnswerPipeline(kitchens).answer(question)
    assert listed.shape == "list"
    assert 2 <= len({citation.document_id for citation in listed.citations}) <= 5
    assert AnswerPipeline(kitchens, without=[Rule.LISTS]).answer(question).shape == "passage"


def test_search_orders_its_first_results_by_search_and_reader_and_keeps_the_scores(kitchens, reader):
    pipeline = AnswerPipeline(kitchens)
    found = pipeline.search("which kitchen cooks cheese on Mondays", 24)
    plain = kitchens.searcher.search("which kitchen cooks cheese on Mondays", 24)
    assert found.results[0].document_id == "cheese"
    assert [result.score for result in found.results] == pytest.approx([result.score for result in plain.results])
    assert {result.chunk_id for result in found.results} == {result.chunk_id for result in plain.results}
    assert [result.rank for result in found.results] == list(range(1, 25))
    assert len(reader.passages) == CHUNKS_READ
    assert set(found.timings_ms) == {"embed", "search", "total"}
    assert [r.chunk_id for r in pipeline.search("which kitchen cooks cheese on Mondays", 3).results] == [
        result.chunk_id for result in found.results[:3]
    ]


def test_documents_of_what_the_question_names_are_read_first(kitchens, reader, tmp_path):
    (tmp_path / "welsh.md").write_text("---\ntitle: Leeks\nnation: wales\n---\n\nA ward garden grows vegetables.\n")
    Indexer(kitchens).add([str(tmp_path / "welsh.md")])
    question = Reading("who has cooked on Mondays in Wales?")
    AnswerPipeline(kitchens).answer(question)
    assert reader.passages[0].text == "A ward garden grows vegetables."
    reader.passages.clear()
    AnswerPipeline(kitchens, without=[Rule.FILTERS]).answer(question)
    assert reader.passages[0].text != "A ward garden grows vegetables."


def test_search_keeps_to_its_filters_and_needs_words(kitchens):
    assert AnswerPipeline(kitchens).search("cheese", 5, Filters(kind="event")).results == ()
    with pytest.raises(QuestionError):
        AnswerPipeline(kitchens).search(" ", 5)


def test_the_same_question_has_the_same_answer(village):
    one, other = (AnswerPipeline(village, WORD_GATE).answer(Reading(BOTH)) for _ in range(2))
    assert one.model_dump(exclude={"timings_ms"}) == other.model_dump(exclude={"timings_ms"})
