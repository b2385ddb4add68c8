"""What stands before and after a quote in its document."""

import pytest

from indexer.pipeline import Indexer
from knowledge.answering.citations import cited_as
from knowledge.answering.in_document import lead_citation, passage_around
from knowledge.assistant import Assistant
from knowledge.domain.library import Answer, Sentence

TEXT = """# Sample gardens

Opening words stand here. They go on for a while.

## The beginning

The gardens began small. Forty families came. Nobody had thought of water.

What helped:

- A tap. It came late.
- A shed.
- A rota.

## The end

All went home. They came again.
"""


@pytest.fixture
def gardens(library, sources):
    (sources / "gardens.md").write_text(TEXT)
    Indexer(library).add([str(sources / "gardens.md")])
    return library


def cite(library, quote):
    chunks = library.store.document_chunks("gardens")
    return cited_as(1, next(chunk for chunk in chunks if quote in chunk.text), quote)


def around(library, quote, most=1500):
    return passage_around(cite(library, quote), library.store, most)


def marked(passage):
    return "".join(
        f"[{part.text}]" if part.quoted else f"<{part.text}>" if part.heading else part.text for part in passage
    )


def test_the_quote_stands_in_the_whole_of_a_short_document_with_its_headings(gardens):
    passage = around(gardens, "Forty families came.")
    assert marked(passage.parts) == (
        "Opening words stand here. They go on for a while.<The beginning>The gardens began small. "
        "[Forty families came.] Nobody had thought of water.\n\nWhat helped:\n- A tap. It came late.\n- A shed.\n"
        "- A rota.<The end>All went home. They came again."
    )
    assert (passage.begins_inside, passage.ends_inside) == (False, False)


def test_as_much_is_shown_on_either_side_in_whole_sentences(gardens):
    passage = around(gardens, "Forty families came.", 75)
    assert marked(passage.parts) == "The gardens began small. [Forty families came.] Nobody had thought of water."
    assert (passage.begins_inside, passage.ends_inside) == (False, True)


def test_where_one_side_is_short_the_other_has_its_room(gardens):
    passage = around(gardens, "They came again.", 120)
    assert marked(passage.parts).endswith("- A shed.\n- A rota.<The end>All went home. [They came again.]")
    assert passage.begins_inside


def test_an_item_keeps_its_mark(gardens):
    assert marked(around(gardens, "A shed.", 30).parts) == "It came late.\n- [A shed.]\n- A rota."
    assert marked(around(gardens, "A tap. It came late.\n- A shed.", 40).parts).startswith("- [A tap.")


def test_headings_are_not_said_again_where_only_the_quotes_own_section_is_shown(gardens):
    assert not any(part.heading for part in around(gardens, "Nobody had thought of water.", 60).parts)


def test_no_more_is_shown_than_asked_for(gardens):
    for most in range(10, 400, 10):
        passage = around(gardens, "Forty families came.", most)
        if passage is not None:
            texts = [part.text for part in passage.parts if not part.heading]
            assert sum(len(text.strip()) for text in texts) <= most + len(texts) + len("\n\n- \n- \n- ")


def test_a_quote_that_is_all_or_is_gone_has_nothing_around_it(gardens, sources):
    citation = cite(gardens, "Forty families came.")
    (sources / "gardens.md").write_text("# Sample gardens\n\nOnly this.\n")
    Indexer(gardens).add([str(sources / "gardens.md")])
    assert passage_around(citation, gardens.store) is None
    assert around(gardens, "Only this.") is None
    gardens.store.remove_document("gardens")
    assert Assistant(gardens).passage_in_document(citation) is None


def test_a_quote_is_found_again_where_its_chunk_is_another_now(gardens):
    citation = cite(gardens, "Forty families came.").model_copy(update={"chunk_id": "999"})
    assert "[Forty families came.]" in marked(passage_around(citation, gardens.store).parts)


def test_a_long_section_is_read_around_the_quote_only(library, sources):
    lines = [f"Line {number} tells of plot {number}." for number in range(3000)]
    (sources / "gardens.md").write_text("# Long\n\n" + "\n\n".join(lines) + "\n")
    Indexer(library).add([str(sources / "gardens.md")])
    passage = around(library, lines[1500], 200)
    shown = marked(passage.parts)
    assert f"{lines[1499]}\n\n[{lines[1500]}]\n\n{lines[1501]}" in shown
    assert len(shown) < 220
    assert passage.begins_inside
    assert passage.ends_inside


def test_the_lead_is_what_the_sentence_that_answers_cites(gardens):
    first, second = cite(gardens, "A rota."), cite(gardens, "A shed.").model_copy(update={"n": 2})
    sentences = (Sentence(text="A rota.", citations=(1,)), Sentence(text="A shed.", citations=(2,), strong=True))
    answer = Answer(question="Q", answered=True, text="t", sentences=sentences, citations=(first, second))
    assert lead_citation(answer) == second
    assert lead_citation(answer.model_copy(update={"sentences": sentences[:1]})) == first
    assert lead_citation(answer.model_copy(update={"sentences": ()})) == first
    assert lead_citation(Answer(question="Q", answered=True, text="t")) is None
