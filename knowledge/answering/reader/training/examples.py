"""Training examples of the reader: question, passage, the sentences that answer, and the shortest answer."""

import json
import lzma
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from knowledge.language.sentences import split_units

#: A label that is left out of the loss: the sentence helps to answer without answering.
UNKNOWN = -1.0


@dataclass(frozen=True)
class TrainingExample:
    """One question with one passage.

    `sentences` are offsets in `text` and `labels` theirs: 1 answers, 0 does not, -1 is not counted; `answerable` the
    passage's. `span` is the shortest answer as offsets, `None` where none is known.
    """

    question: str
    heading: str
    text: str
    sentences: tuple[tuple[int, int], ...]
    labels: tuple[float, ...]
    answerable: float
    span: tuple[int, int] | None = None


def read_sentence_examples(path: Path) -> list[TrainingExample]:
    """Read examples with labelled sentences, one JSON object a line (`.xz` or plain).

    Fields: question, heading, context, sentences, labels; answerable and span where they are known.
    """
    return [
        TrainingExample(
            row["question"],
            row.get("heading", ""),
            row["context"],
            tuple((start, end) for start, end in row["sentences"]),
            tuple(float(label) for label in row["labels"]),
            float(row.get("answerable", max(row["labels"]) > 0)),
            tuple(row["span"]) if row.get("span") else None,
        )
        for row in _rows(path)
        if row["sentences"]
    ]


def read_span_examples(path: Path) -> list[TrainingExample]:
    """Read questions with the answer marked in a passage (fields question, context, answers of {text, start})."""
    examples = []
    for row in _rows(path):
        units = tuple((unit.start, unit.end) for unit in split_units(row["context"]))
        answers = [(answer["start"], answer["start"] + len(answer["text"])) for answer in row["answers"]]
        labels = tuple(float(any(start < to and begin < end for begin, to in answers)) for start, end in units)
        if units:
            span = answers[0] if answers else None
            examples.append(
                TrainingExample(row["question"], "", row["context"], units, labels, float(any(labels)), span)
            )
    return examples


def near_misses(examples: Sequence[TrainingExample], share: float, chance: random.Random) -> Iterator[TrainingExample]:
    """Make passages that do not answer out of a share of those that do.

    Half of them lose the sentences that answer. In the questions of the other half a number or a name is replaced by
    one of another question: what the passage says is then true of something else.
    """
    numbers = [number for example in examples for number in _NUMBER.findall(example.question)]
    names = [name for example in examples for name in _NAME.findall(example.question)]
    for example in examples:
        if example.answerable != 1.0 or chance.random() >= share:
            continue
        cut = chance.random() < 0.5
        made = _without_answer(example) if cut else _with_swap(example, numbers, names, chance)
        if made is not None:
            yield made


_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_FEWEST_SENTENCES = 3


def _without_answer(example: TrainingExample) -> TrainingExample | None:
    kept = [bounds for bounds, label in zip(example.sentences, example.labels, strict=True) if label == 0.0]
    if len(kept) < _FEWEST_SENTENCES:
        return None
    text, sentences = "", []
    for start, end in kept:
        text += " " if text else ""
        sentences.append((len(text), len(text) + end - start))
        text += example.text[start:end]
    labels = (0.0,) * len(kept)
    return replace(example, text=text, sentences=tuple(sentences), labels=labels, answerable=0.0, span=None)


def _with_swap(
    example: TrainingExample, numbers: Sequence[str], names: Sequence[str], chance: random.Random
) -> TrainingExample | None:
    for pattern, others in ((_NAME, names), (_NUMBER, numbers)):
        match = pattern.search(example.question)
        choices = [other for other in others if match and other != match.group() and other not in example.text]
        if match and choices and match.group() in example.text:
            question = example.question[: match.start()] + chance.choice(choices) + example.question[match.end() :]
            none = (0.0,) * len(example.labels)
            return replace(example, question=question, labels=none, answerable=0.0, span=None)
    return None


def untidy(question: str, chance: random.Random) -> str:
    """Return a question as it may well be typed: lower case, without its mark, with a slip."""
    if chance.random() < 0.35:
        question = question.lower()
    if chance.random() < 0.3:
        question = question.rstrip(" ?")
    if chance.random() < 0.15 and len(question) > 8:
        at = chance.randrange(1, len(question) - 2)
        if question[at].isalpha() and question[at + 1].isalpha():
            question = question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
