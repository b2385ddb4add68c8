"""The assistant's answers over the small sample library."""

import pytest
from knowledge.answering.answer_type import fits_answer_type

from indexer.pipeline import Indexer
from knowledge.answering.smalltalk import small_talk
from knowledge.assistant import Assistant
from knowledge.errors import QuestionError


@pytest.fixture
def assistant(filled):
    return Assistant(filled)


def test_an_answer_quotes_and_cites_its_evidence(assistant, filled):
    answer = assistant.ask("How many entry jobs did the Sample Hospital Trust keep for local residents?")
    assert answer.answered
    assert answer.sentences[0].text == "The Sample Hospital Trust kept 40 entry jobs for local residents in 2022."
    assert answer.text.startswith("The Sample Hospital Trust kept 40 entry jobs for local residents in 2022. [1]")
    assert [citation.n for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert {n for sentence in answer.sentences for n in sentence.citations} == {c.n for c in answer.citations}
    chunks = filled.store.chunks([int(c.chunk_id) for c in answer.citations])
    assert all(c.quote in chunks[int(c.chunk_id)].text for c in answer.citations)
    assert answer.citations[0].organisation == "Sample Hospital Trust"


def test_a_question_outside_the_library_is_refused_and_pointed_on(assistant):
    answer = assistant.ask("Which football club won yesterday?")
    assert not answer.answered
    assert answer.citations == ()
    assert answer.reason in answer.text
    assert len(answer.nearest) == 3
    assert answer.nearest[0].title in answer.text


def test_a_name_alone_is_no_evidence(assistant):
    assert not assistant.ask("What's the weather at Sample University today?").answered


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
    assert answer.sentences[0].text == "The bakery's aims include: paying bakers the living wage"
    assert answer.citations[0].quote == "paying bakers the living wage"


def test_an_empty_library_refuses(library):
    answer = Assistant(library).ask("How do we get started?")
    assert not answer.answered
    assert answer.nearest == ()


@pytest.mark.parametrize("text", ["", "   ", "\0\n", "?", "..."])
def test_an_empty_question_says_what_to_do(assistant, text):
    with pytest.raises(QuestionError, match="empty"):
        assistant.ask(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hello!",
        "hiya",
        "Thanks so much",
        "Thank you 🙂",
        "what can you do?",
        "who are you",
        "bye",
        "Bore da",
        "good morning, can you help me?",
        "cheers, bye",
    ],
)
def test_small_talk_is_answered_without_citations(assistant, text):
    answer = assistant.ask(text)
    assert answer.answered
    assert answer.text
    assert answer.citations == ()


@pytest.mark.parametrize(
    "text",
    [
        "hiya, does signing up cost anything?",
        "thanks - and who led the Humber scheme?",
        "what can trusts do?",
        "help us buy",
    ],
)
def test_a_question_with_a_greeting_is_a_question(text):
    assert small_talk(text) is None


@pytest.mark.parametrize(
    ("question", "fitting", "unfitting"),
    [
        ("How many joined?", "six teams joined", "several joined"),
        ("when did it begin?", "It began in March.", "It began early."),
        ("how much did it cost?", "It cost £3m.", "It cost 40 people their sleep."),
        ("what did they spend on it?", "They spent £1.8m.", "They spent 3 years."),
        ("what % of it was local?", "48% was local", "48 were local"),
        ("how much smaller was it?", "It was 9% smaller.", "It was smaller."),
        ("Who ran it?", "It was run by Sample Trust", "it was run well"),
        ("is there a phone number i can ring", "Ring 020 7946 0000.", "Ring us."),
    ],
)
def test_the_sort_of_thing_asked_for(question, fitting, unfitting):
    assert fits_answer_type(question, fitting)
    assert not fits_answer_type(question, unfitting)
    assert fits_answer_type("why did it begin?", unfitting)


def test_what_is_said_of_one_place_is_not_said_of_another(library, tmp_path):
    (tmp_path / "a.md").write_text(
        "---\norganisation: Apple Trust\n---\n# Carbon\n\nApple Trust cut the carbon of its buildings by 60% in a year."
    )
    (tmp_path / "b.md").write_text("# Pears\n\nPear Trust has a plan for its buildings and for homes nearby.")
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("By how much did Pear Trust cut the carbon of its buildings in a year?")
    assert not answer.answered
    assert answer.reason == "The library gives this for Apple Trust, not for Pear Trust."
    assert answer.citations == ()
    assert answer.nearest[0].quote == "Apple Trust cut the carbon of its buildings by 60% in a year."
    assert answer.nearest[0].quote in answer.text


def test_a_question_about_two_places_is_answered_from_both(library, tmp_path):
    (tmp_path / "a.md").write_text("# Apples\n\nApple Trust grows food for its kitchens on the hospital roof.")
    (tmp_path / "b.md").write_text("# Pears\n\nPear Council grows food for its kitchens in the town park.")
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("where do Apple Trust and Pear Council grow food for their kitchens?")
    assert {citation.document_id for citation in answer.citations} == {"a", "b"}


def test_both_dates_are_given_where_sources_disagree(library, tmp_path):
    (tmp_path / "a.md").write_text("# Talks\n\nBetween August and November 2020 Sample Trust held talks about bread.")
    (tmp_path / "b.md").write_text("# News\n\nBetween August and September 2020 Sample Trust held talks about bread.")
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("When did Sample Trust hold the talks about bread?")
    assert answer.answered
    assert "November 2020" in answer.text
    assert "September 2020" in answer.text
    assert answer.sentences[-1].text == "These sources do not agree on the date."
    assert len(answer.sentences[-1].citations) == 2


def test_who_has_done_something_is_answered_with_several_organisations(library, tmp_path):
    for name in ("Apple", "Pear", "Plum"):
        (tmp_path / f"{name}.md").write_text(
            f"---\norganisation: {name} Trust\n---\n# {name}\n\n{name} Trust buys bread from local bakers every day. "
            f"Local bakers bring bread to {name} Trust by bicycle and by van."
        )
    Indexer(library).add([str(tmp_path)])
    answer = Assistant(library).ask("Who has bought bread from local bakers?")
    assert {citation.organisation for citation in answer.citations} == {"Apple Trust", "Pear Trust", "Plum Trust"}


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


def test_a_refusal_says_what_was_looked_for_in_two_lines(assistant):
    answer = assistant.ask("Which football club won yesterday?")
    assert "Looked for: football club won yesterday." in answer.text
    assert len(answer.text.split("\n\n")) == 2


def test_a_figure_of_another_year_is_no_answer(library, tmp_path):
    (tmp_path / "a.md").write_text(
        "# Spend\n\nIn September 2020 Sample Trust spent 48% of its money with local suppliers.\n\n"
        "In 2022 Sample Trust moved its offices."
    )
    Indexer(library).add([str(tmp_path)])
    assistant = Assistant(library)
    assert assistant.ask("What percentage did Sample Trust spend with local suppliers in 2020?").answered
    assert not assistant.ask("What percentage did Sample Trust spend with local suppliers in 2022?").answered


def test_a_name_in_a_list_is_no_answer(library, tmp_path):
    (tmp_path / "a.txt").write_text("Members\n\nThese include:\n- Apple Hospital Trust\n- Pear Hospital Trust\n")
    Indexer(library).add([str(tmp_path)])
    assert not Assistant(library).ask("What does Apple Hospital Trust do?").answered
