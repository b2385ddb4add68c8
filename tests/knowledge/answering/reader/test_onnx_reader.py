"""The packaged reader: what its card says it does, and texts that are long or odd."""

import pytest

from knowledge.answering.reader.onnx_reader import UNREAD, OnnxReader
from knowledge.answering.reader.scores import Passage
from tests.knowledge.answering.reader.passages import LAUNDRY, passage

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def reader():
    reader = OnnxReader()
    reader.load()
    return reader


def said(of, span):
    return of.text[slice(*span)]


@pytest.mark.parametrize(
    ("question", "best", "answerable", "span"),
    [
        ("how many apprentices were hired", 1, True, "twelve"),
        ("Why did some apprentices leave?", 2, True, "clashed with the bus timetable"),
        ("what did the linen service cost", None, False, None),
    ],
)
def test_it_reads_the_example_of_the_card(reader, question, best, answerable, span):
    scores = reader.read(question, [LAUNDRY])[0]
    assert (scores.answerable > 0) is answerable
    if best is None:
        assert max(scores.sentences) < 0
        return
    assert scores.sentences[best] == max(scores.sentences) > 0
    assert [score > 0 for score in scores.sentences].count(True) == 1
    assert span in said(LAUNDRY, scores.spans[best])


@pytest.mark.parametrize(
    ("question", "sentences", "answerable"),
    [
        ("how many apprentices were hired", (-3.77, 0.89, -4.01), 1.27),
        ("Why did some apprentices leave?", (-5.46, -3.99, 5.45), 4.15),
        ("how many apprentices did Barts hire", (-4.97, -2.49, -4.89), -2.51),
        ("what did the linen service cost", (-5.11, -6.73, -7.25), -5.13),
    ],
)
def test_the_packaged_weights_score_as_they_did_when_they_were_made(reader, question, sentences, answerable):
    """Another tokenizer, onnxruntime or processor changes little. Weights that are trained anew have new figures."""
    scores = reader.read(question, [LAUNDRY])[0]
    assert scores.sentences == pytest.approx(sentences, abs=0.5)
    assert scores.answerable == pytest.approx(answerable, abs=0.5)


def test_a_span_lies_inside_its_sentence_and_has_at_most_20_tokens(reader):
    text = passage(
        "We gave bread and cake and tea and soup and rice and plums and honey and milk and oats and " * 3
        + "so on. Two."
    )
    for (start, end), span in zip(text.sentences, reader.read("what did we give?", [text])[0].spans, strict=True):
        assert start <= span[0] < span[1] <= end
        assert len(said(text, span).split()) <= 20


def test_each_passage_is_scored_alone_whatever_it_is_read_with(reader):
    passages = [LAUNDRY, passage("Bread was baked in nine villages. " * 5), passage("Cake. Tea.", "Food")]
    question = "how many apprentices were hired"
    together = reader.read(question, passages)
    assert together == [reader.read(question, [one])[0] for one in passages]
    assert reader.read(question, passages[::-1]) == together[::-1]


def test_nothing_to_read(reader):
    assert reader.read("what?", []) == []
    empty = reader.read("what?", [Passage("Title", "", ())])[0]
    assert (empty.answerable, empty.sentences, empty.spans) == (UNREAD, (), ())


def test_a_passage_longer_than_the_window_is_read_in_parts_to_its_end(reader):
    filling = "The committee met in the old town hall and spoke about many other things. " * 60
    long = passage(f"{filling}It hired twelve apprentices from the estate. {filling}", "Minutes")
    scores = reader.read("how many apprentices were hired", [long])[0]
    assert len(scores.sentences) == 121
    assert all(score > UNREAD for score in scores.sentences)
    assert scores.sentences.index(max(scores.sentences)) == 60
    assert scores.sentences[60] > 0
    assert said(long, scores.spans[60]) == "twelve"
    assert scores.answerable > 0


def test_a_sentence_longer_than_the_window_is_read_as_far_as_it_goes(reader):
    long = passage("It hired twelve apprentices and " + "then they met and " * 200 + "went home. Then it rained.")
    scores = reader.read("how many apprentices were hired", [long])[0]
    assert len(scores.sentences) == 2
    assert all(score > UNREAD for score in scores.sentences)
    assert "twelve" in said(long, scores.spans[0])


@pytest.mark.parametrize("heading", ["", "A heading that goes on and on " * 60])
def test_a_question_of_4000_characters(reader, heading):
    question = ("how many apprentices were hired at Marsh Lane? " * 100)[:4000]
    scores = reader.read(question, [Passage(heading, LAUNDRY.text, LAUNDRY.sentences)])[0]
    assert len(scores.sentences) == 3
    if not heading:
        assert scores.sentences.index(max(scores.sentences)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Twelve\0 apprentices\0 were hired.",
        "\0\0\0",
        "נשכרו שנים עשר חניכים. The trust hired twelve.",
        "\u202etwelve apprentices\u202c were hired.",
        "🌳🌳🌳",
        "Café’s naïve “apprentices” – twelve… ½ ﬁne.",
        "x" * 5000,
    ],
)
def test_odd_texts_are_read_and_spans_lie_in_them(reader, text):
    odd = passage(text, "Odd\0 טקסט")
    scores = reader.read("how many \0 apprentices? כמה", [odd])[0]
    assert len(scores.sentences) == len(scores.spans) == len(odd.sentences)
    for (start, end), span in zip(odd.sentences, scores.spans, strict=True):
        assert span is None or start <= span[0] < span[1] <= end


def test_its_name_tells_its_weights_apart(reader):
    name, _, digest = reader.name.partition("@")
    assert name == "haln-reader"
    assert len(digest) == 12
