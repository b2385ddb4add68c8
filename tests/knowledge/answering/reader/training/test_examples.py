"""What the reader learns from: files, near misses, and questions as they are typed."""

import json
import lzma
import random

import pytest

from knowledge.answering.reader.training.examples import (
    TrainingExample,
    near_misses,
    read_sentence_examples,
    read_span_examples,
    untidy,
)

TEXT = "Apple Trust kept 40 jobs. It rained. Cakes were eaten. Buses were late."
BOUNDS = ((0, 25), (26, 36), (37, 54), (55, 71))


def example(question="How many jobs did Apple Trust keep in 2020?", labels=(1.0, 0.0, 0.0, 0.0), **options):
    return TrainingExample(question, "Jobs", options.pop("text", TEXT), BOUNDS, labels, 1.0, (17, 19), **options)


def written(path, rows):
    text = "\n".join(json.dumps(row) for row in rows) + "\n\n"
    if path.suffix == ".xz":
        with lzma.open(path, "wt", encoding="utf-8") as file:
            file.write(text)
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["examples.jsonl", "examples.jsonl.xz"])
def test_labelled_sentences_are_read(tmp_path, name):
    row = {"question": "how many?", "context": TEXT, "sentences": BOUNDS, "labels": [1, 0, -1, 0]}
    path = written(tmp_path / name, [row, {**row, "labels": [0, 0, 0, 0], "span": [17, 19], "heading": "Jobs"}])
    first, second = read_sentence_examples(path)
    assert (first.sentences, first.labels, first.answerable, first.span) == (BOUNDS, (1.0, 0.0, -1.0, 0.0), 1.0, None)
    assert (second.heading, second.answerable, second.span) == ("Jobs", 0.0, (17, 19))


def test_a_passage_without_sentences_teaches_nothing(tmp_path):
    row = {"question": "how many?", "context": "", "sentences": [], "labels": []}
    assert read_sentence_examples(written(tmp_path / "a.jsonl", [row])) == []


def test_marked_spans_label_the_sentences_that_hold_them(tmp_path):
    rows = [
        {"question": "how many?", "context": TEXT, "answers": [{"text": "40", "start": 17}]},
        {"question": "how far?", "context": TEXT, "answers": []},
        {"question": "how far?", "context": "", "answers": []},
    ]
    answered, open_ = read_span_examples(written(tmp_path / "a.jsonl", rows))
    assert (answered.labels, answered.answerable, answered.span) == ((1.0, 0.0, 0.0, 0.0), 1.0, (17, 19))
    assert (open_.labels, open_.answerable, open_.span) == ((0.0, 0.0, 0.0, 0.0), 0.0, None)


def misses(*examples, share=1.0, seed=1):
    return list(near_misses(examples, share, random.Random(seed)))


def made(*examples):
    """Every near miss that chance makes of examples."""
    return [miss for seed in range(40) for miss in misses(*examples, seed=seed)]


def test_a_near_miss_answers_nothing():
    other = example("How many beds has Pear Council in 1999?")
    for miss in made(example(), other):
        assert miss.answerable == 0.0
        assert miss.span is None
        assert set(miss.labels) == {0.0}
        assert len(miss.labels) == len(miss.sentences)


def test_the_sentences_that_answer_are_taken_out_and_the_others_stay_whole():
    cut = [miss for miss in made(example()) if miss.text != TEXT]
    assert cut
    assert {miss.text for miss in cut} == {"It rained. Cakes were eaten. Buses were late."}
    assert [cut[0].text[a:b] for a, b in cut[0].sentences] == ["It rained.", "Cakes were eaten.", "Buses were late."]


def test_a_name_is_replaced_by_one_of_another_question():
    other = example("What did Pear Council eat?", text=TEXT.replace("Apple Trust", "Plum Wharf"))
    swapped = {miss.question for miss in made(example(), other) if miss.text == TEXT and "Pear" in miss.question}
    assert swapped == {"How many jobs did Pear Council keep in 2020?"}


def test_a_number_is_replaced_where_there_is_no_name():
    one = example("are 40 jobs kept?")
    other = example("are 77 cakes eaten?", labels=(0.0, 0.0, 0.0, 0.0))
    assert "are 77 jobs kept?" in {miss.question for miss in made(one, other)}


def test_what_answers_nothing_or_is_too_short_makes_no_near_miss():
    assert misses(example(), share=0.0) == []
    unanswered = TrainingExample("q?", "", TEXT, BOUNDS, (0.0,) * 4, 0.0)
    assert made(unanswered) == []
    short = TrainingExample("q?", "", "One. Two.", ((0, 4), (5, 9)), (1.0, 0.0), 1.0)
    assert made(short) == []


def test_questions_become_untidy_in_some_ways_and_stay_themselves():
    question = "Why did Apple Trust keep the jobs?"
    forms = {untidy(question, random.Random(seed)) for seed in range(200)}
    assert question in forms
    assert question.lower() in forms
    assert question.rstrip("?") in forms
    assert all(sorted(form.lower().rstrip("?")) == sorted(question.lower().rstrip("?")) for form in forms)
    assert len(forms) > 8


@pytest.mark.parametrize("question", ["", "?", "how", "a b c d e", "12345678901"])
def test_short_and_odd_questions_can_be_untidied(question):
    for seed in range(50):
        assert len(untidy(question, random.Random(seed))) <= len(question)
