"""Makes the reader's training examples of our own questions: `python -m tests.quality.reader_examples OUT.jsonl`.

Each question is asked of the library that it was written over; what search finds becomes examples: the passages that
answer, and as near misses the best of those that do not.
"""

import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.evaluation.questions import EvalQuestion, file_name, is_gold, read_questions
from knowledge.domain.library import Chunk
from knowledge.language.sentences import split_units
from knowledge.library import Library
from tests.quality.libraries import open_library

HERE = Path(__file__).parent / "training"
# Sets by the first letter of their documents; "d" is over the half of the starter library that is for tuning. The
# packaged weights learned from these; sets "h" and "i" (720 questions) are there for the next time.
_SETS = "defg"
_FOUND = 30
_MOST_POSITIVE = 3
_MOST_NEAR = {True: 2, False: 3}  # by whether the question can be answered
_FIRST = {True: 5, False: 2}
_LATER = {True: 0.06, False: 0.15}


def main(out: Path) -> None:
    chance = random.Random(5)
    with out.open("w", encoding="utf-8") as file, tempfile.TemporaryDirectory() as folder:
        for letter in _SETS:
            documents = _documents(letter, Path(folder) / "documents")
            library = open_library(documents, Path(folder) / letter)
            for question in read_questions(HERE / "questions" / f"{letter}.jsonl"):
                for example in _examples(question, library, chance):
                    file.write(json.dumps(example) + "\n")
            library.close()


def _documents(letter: str, folder: Path) -> Path | None:
    """Return a folder with one set's documents; `None` for the starter library."""
    files = sorted((HERE / "documents").glob(f"{letter}-*.md"))
    own = folder / letter
    for path in files:
        own.mkdir(parents=True, exist_ok=True)
        (own / path.name).write_bytes(path.read_bytes())
    return own if files else None


def _examples(question: EvalQuestion, library: Library, chance: random.Random) -> Iterator[dict[str, object]]:
    query = library.searcher.read(question.question)
    files = {entry.id: file_name(entry.location) for entry in library.store.documents()}
    positive = near = 0
    for place, (_, chunk) in enumerate(library.searcher.found(query, library.searcher.embed(query), _FOUND)):
        labels = [_label(question, files[chunk.document_id], unit.text) for unit in split_units(chunk.text)]
        if 1 in labels:
            if positive < _MOST_POSITIVE:
                positive += 1
                yield _example(question, chunk, labels, 1.0)
        elif -1 in labels:
            if chance.random() < 0.5:
                yield _example(question, chunk, labels, -1.0)
        elif near < _MOST_NEAR[question.answerable] and (
            place < _FIRST[question.answerable] or chance.random() < _LATER[question.answerable]
        ):
            near += 1
            yield _example(question, chunk, labels, 0.0)


def _label(question: EvalQuestion, file: str, text: str) -> int:
    if is_gold(question, file, text):
        return 1
    return -1 if is_gold(question, file, text, also=True) else 0


def _example(question: EvalQuestion, chunk: Chunk, labels: list[int], answerable: float) -> dict[str, object]:
    units = split_units(chunk.text)
    return {
        "question": question.question,
        "heading": " ".join([chunk.metadata.title, *chunk.heading_path]),
        "context": chunk.text,
        "sentences": [[unit.start, unit.end] for unit in units],
        "labels": labels,
        "answerable": answerable,
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
