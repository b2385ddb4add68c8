"""The assistant's answers over the small sample library."""

import pytest

from indexer.pipeline import Indexer
from knowledge.assistant import Assistant
from knowledge.errors import QuestionError


@pytest.fixture
def assistant(filled):
    return Assistant(filled)


def test_an_answer_quotes_and_cites_its_evidence(assistant, filled):
    answer = assistant.ask("How many entry jobs did the Sample Hospital Trust keep for local residents?")
    assert answer.answered
    assert answer.sentences[0].text == "The Sample Hospital Trust kept 40 entry jobs for local residents in 2022."
    assert answer.text.startswith("**The Sample Hospital Trust kept 40 entry jobs for local residents in 2022.** [1]")
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == {c.n for c in answer.citations}
    chunks = filled.store.chunks([int(c.chunk_id) for c in answer.citations])
    assert all(c.quote in chunks[int(c.chunk_id)].text for c in answer.citations)
    assert answer.citations[0].organisation == "Sample Hospital Trust"
    strong = answer.sentences[0]
    assert strong.text[slice(*strong.span)] == "40"
    assert (answer.shape, answer.closest, answer.reason, answer.note) == ("passage", False, None, None)
    assert answer.confidence >= 0.5
    assert {citation.chunk_id for citation in answer.citations} <= set(answer.admitted)
    assert set(answer.timings_ms) == {"embed", "search", "answer", "total"}


def test_a_question_outside_the_library_is_refused_and_pointed_on(assistant):
    answer = assistant.ask("Which football club won yesterday?")
    assert not answer.answered
    assert answer.citations == ()
    assert answer.reason in answer.text
    assert answer.text.startswith("The library does not say. Nothing in the library is close enough")
    assert len(answer.nearest) == 3
    assert answer.nearest[0].title in answer.text


def test_a_name_that_the_evidence_lacks_is_refused_by_name(assistant):
    answer = assistant.ask("How many entry jobs did Nowhere Hospital keep for local residents?")
    assert not answer.answered
    assert "Nowhere Hospital" in answer.reason


def test_a_figure_that_the_evidence_lacks_is_refused(assistant):
    answer = assistant.ask("How much did planting roofs on the buildings of Sample University cost?")
    assert not answer.answered
    assert "figure" in answer.reason


def test_a_removed_document_is_in_no_answer(assistant, filled, sources):
    question = "How many entry jobs were kept for local residents?"
    assert assistant.ask(question).answered
    (sources / "jobs.md").unlink()
    Indexer(filled).add([str(sources)])
    answer = assistant.ask(question)
    assert not answer.answered
    assert "jobs" not in {near.document_id for near in answer.nearest}


def test_a_list_item_is_shown_with_its_introduction(library, tmp_path):
    path = tmp_path / "aims.txt"
    path.write_text("Our aims\n\nThe bakery's aims include:\n- paying bakers the living wage\n- lending ovens out\n")
    Indexer(library).add([str(path)])
    answer = Assistant(library).ask("does the bakery pay bakers a living wage?")
    assert [(s.text, s.strong, s.item) for s in answer.sentences[:2]] == [
        ("The bakery's aims include:", False, False),
        ("paying bakers the living wage", True, True),
    ]
    assert answer.citations[0].quote.startswith("The bakery's aims include:\n- paying bakers the living wage")
    assert answer.text.startswith("The bakery's aims include:\n- **paying bakers the living wage**")


def test_an_empty_library_refuses(library):
    answer = Assistant(library).ask("How do we get started?")
    assert not answer.answered
    assert answer.nearest == ()


@pytest.mark.parametrize("text", ["", "   ", "\0\n", "?", "..."])
def test_an_empty_question_says_what_to_do(assistant, text):
    with pytest.raises(QuestionError, match="empty"):
        assistant.ask(text)


def test_small_talk_is_answered_without_citations(assistant, reader):
    answer = assistant.ask("Thanks so much")
    assert answer.answered
    assert answer.text
    assert (answer.citations, reader.passages) == ((), [])


def test_pictures_alone_are_answered_in_words(assistant):
    assert "words" in assistant.ask("👍🏽❤️").text


def test_what_is_said_of_one_place_is_not_said_of_another(library, tmp_path):
    (tmp_path / "a.md").write_text(
        "---\norganisation: Apple Trust\nkind: case_study\n---\n# Carbon\n\n"
        "Apple Trust cut the carbon of its buildings by 60% in a year."
    )
    (tmp_path / "b.md").write_text("# Pears\n\nPear Trust has a plan for its buildings and for homes nearby.")
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("By how much did Pear Trust cut the carbon of its buildings in a year?")
    assert not answer.answered
    assert answer.reason == "The library has nothing on this for Pear Trust. The nearest is about Apple Trust."
    assert {near.document_id for near in answer.nearest} == {"a", "b"}


def test_both_dates_are_given_where_sources_disagree(library, tmp_path):
    (tmp_path / "a.md").write_text("# Talks\n\nBetween August and November 2020 Sample Trust held talks about bread.")
    (tmp_path / "b.md").write_text("# News\n\nBetween August and September 2020 Sample Trust held talks about bread.")
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("When did Sample Trust hold the talks about bread?")
    assert answer.answered
    assert "November 2020" in answer.text
    assert "September 2020" in answer.text
    assert answer.note == "These sources do not agree on the date."
    assert answer.text.endswith(answer.note)
    assert [sentence.strong for sentence in answer.sentences] == [True, True]
    assert {citation.document_id for citation in answer.citations} == {"a", "b"}


def test_who_has_done_something_is_answered_with_several_organisations(library, tmp_path):
    for name in ("Apple", "Pear", "Plum"):
        (tmp_path / f"{name}.md").write_text(
            f"---\norganisation: {name} Trust\n---\n# {name}\n\n{name} Trust buys bread from local bakers every day. "
            f"Local bakers bring bread to {name} Trust by bicycle and by van."
        )
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("Who has bought bread from local bakers?")
    assert {citation.organisation for citation in answer.citations} == {"Apple Trust", "Pear Trust", "Plum Trust"}
    assert answer.shape == "list"
    assert {sentence.title for sentence in answer.sentences} == {"Apple", "Pear", "Plum"}
    assert len(answer.text.split("\n\n")) == 3


def test_each_part_of_a_question_is_answered_and_an_open_one_is_named(library, tmp_path):
    (tmp_path / "bread.md").write_text("# Bread\n\nSample Trust bought bread from nine village bakers in spring.")
    (tmp_path / "roof.md").write_text(
        "# Roofs\n\nThe green roofs of the library building were planted by Sample Green Trust."
    )
    Indexer(library).add([str(tmp_path)])
    assistant = Assistant(library)
    answer = assistant.ask("Who planted the green roofs of the library, and how many village bakers sold bread?")
    assert {citation.document_id for citation in answer.citations} == {"bread", "roof"}
    assert answer.note is None
    answer = assistant.ask("how many village bakers sold bread, and what did the captain think of jazz music?")
    assert {citation.document_id for citation in answer.citations} == {"bread"}
    assert answer.note == "The library does not say: “what did the captain think of jazz music?”"
    assert answer.text.endswith(answer.note)


def test_what_comes_near_is_shown_as_the_closest(assistant):
    answer = assistant.ask("How much did planting roofs on the buildings cost?")
    assert (answer.answered, answer.closest) == (False, True)
    assert answer.reason == "The library touches on this, but does not give the figure, date or name you ask for."
    assert answer.sentences[0].text == "Sample University planted roofs on six buildings."
    assert "Closest:" in answer.text
    assert answer.citations[0].document_id == "green"


def test_what_failed_is_found_first_where_that_is_asked(library, tmp_path):
    for name, outcome in (("Apple", "worked"), ("Pear", "did_not_work"), ("Plum", "partly"), ("Fig", "worked")):
        (tmp_path / f"{name}.md").write_text(
            f"---\ntitle: {name}\norganisation: {name} Trust\noutcome: {outcome}\n---\n\n"
            f"{name} Trust planted green roofs on its {name.lower()} buildings."
        )
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("What went wrong with green roofs?")
    assert answer.sentences[0].title == "Pear"
    assert {sentence.title for sentence in answer.sentences[:2]} == {"Pear", "Plum"}


def test_an_answer_by_words_alone_says_so(filled, reader):
    reader.problem = "the weights are missing"
    answer = Assistant(filled).ask("How many entry jobs did the Sample Hospital Trust keep for local residents?")
    assert answer.answered
    assert "may be weaker" in answer.note
    assert answer.text.endswith(answer.note)
