"""Examples as tensors: which tokens are a sentence's, and where nothing is to be learned."""

import pytest

from knowledge.answering.reader.training.examples import UNKNOWN, TrainingExample

torch = pytest.importorskip("torch")

TEXT = "Apple Trust kept 40 jobs. It rained."


def example(**options):
    fields = {"labels": (1.0, 0.0), "answerable": 1.0, "span": (17, 19)} | options
    return TrainingExample("How many jobs?", "Jobs page", TEXT, ((0, 25), (26, 36)), **fields)


def batches(*examples, size=8):
    from knowledge.answering.reader.training.loop import Batches

    return Batches(examples, size, seed=1)


def only(*examples):
    return next(iter(batches(*examples).epoch()))


def tokens(batch, mask):
    from knowledge.models.tokenizer import load_tokenizer

    return load_tokenizer(320, "only_second").decode(batch.ids[0][mask.bool()].tolist())


def test_the_tokens_of_each_sentence_and_of_the_span():
    batch = only(example())
    assert tokens(batch, batch.sentence_mask[0, 0]) == "apple trust kept 40 jobs."
    assert tokens(batch, batch.sentence_mask[0, 1]) == "it rained."
    assert batch.sentence_labels.tolist() == [[1.0, 0.0]]
    assert batch.answerable.tolist() == [1.0]
    first, last = batch.spans[0].tolist()
    assert tokens(batch, torch.arange(batch.ids.shape[1]).ge(first) & torch.arange(batch.ids.shape[1]).le(last)) == "40"


def test_a_passage_without_an_answer_points_to_the_first_token_and_one_of_unknown_span_nowhere():
    assert only(example(answerable=0.0, span=None)).spans.tolist() == [[0, 0]]
    assert only(example(span=None)).spans.tolist() == [[int(UNKNOWN)] * 2]


def test_shorter_examples_are_padded():
    short = TrainingExample("q", "", "One.", ((0, 4),), (0.0,), 0.0)
    batch = only(example(), short)
    row = int(batch.mask.sum(1).argmin())
    length = int(batch.mask[row].sum())
    assert batch.ids[row, length:].eq(0).all()
    assert batch.sentence_labels[row].tolist() == [0.0, UNKNOWN]
    assert batch.sentence_mask[row, 1].eq(0).all()
    assert batch.types[row].sum() > 0


def test_a_sentence_beyond_the_window_is_not_learned():
    text = "word " * 400 + "end. The last."
    long = TrainingExample("q", "", text, ((0, 2004), (2005, 2014)), (0.0, 1.0), 1.0, (2005, 2014))
    batch = only(long)
    assert batch.ids.shape[1] == 320
    assert batch.sentence_labels.tolist() == [[0.0, UNKNOWN]]
    assert batch.spans.tolist() == [[int(UNKNOWN)] * 2]


def test_an_epoch_has_every_example_once_and_its_order_is_repeatable():
    examples = [TrainingExample("q", "", "x" * n, ((0, n),), (float(n % 2),), 1.0) for n in range(1, 24)]
    made = batches(*examples, size=4)
    first = list(made.epoch())
    assert len(first) == len(made) == 6
    assert sum(batch.ids.shape[0] for batch in first) == len(examples)
    again = list(batches(*examples, size=4).epoch())
    assert all(torch.equal(one.ids, other.ids) for one, other in zip(first, again, strict=True))


def test_a_batch_goes_to_a_device_whole():
    batch = only(example())
    assert all(torch.equal(one, other) for one, other in zip(batch, batch.to("cpu"), strict=True))
