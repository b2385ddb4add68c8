"""Questions with known answers: the form of a question set, and which texts hold an answer."""

import json
import re
from pathlib import Path, PurePath

from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.errors import SourceError

# A sentence that is part of a passage counts if it is longer than this, in characters.
_PART = 20
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " "})


class Gold(BaseModel):
    """A passage that answers a question: the file's name without its ending, and a part of the passage."""

    model_config = ConfigDict(frozen=True)

    file: str
    contains: str


class EvalQuestion(BaseModel):
    """One line of a question set. In `answer_must_include` a bar separates equally good strings.

    `also` are further passages that belong in an answer, `None` where a set does not say; `documents` those that the
    question was written for; `split` is "tune" or "test" where a set says so. Fields that are not named here are passed
    over.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    answerable: bool
    gold: tuple[Gold, ...] = ()
    gold_all: tuple[Gold, ...] = ()
    also: tuple[Gold, ...] | None = None
    answer_must_include: tuple[str, ...] = ()
    style: str = "direct"
    documents: tuple[str, ...] = ()
    split: str | None = None


def read_questions(path: Path, split: str | None = None) -> list[EvalQuestion]:
    """Read a question set, one JSON object a line; with a `split` only the questions of that part.

    Raises:
        SourceError: The file cannot be read, or a line is not a question.
    """
    questions = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    questions.append(EvalQuestion.model_validate(json.loads(line)))
                except (ValidationError, ValueError) as error:
                    raise SourceError(f"{path}, line {number}, is not a question: {error}".splitlines()[0]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(f"{path} cannot be read ({error}).") from None
    return [question for question in questions if split is None or question.split == split]


def is_gold(question: EvalQuestion, file: str, text: str, *, also: bool = False) -> bool:
    """Return whether a text of a file (its name without ending) is or holds a passage that answers.

    With `also`, further passages that belong in an answer count as well.
    """
    shown = plain(text)
    wanted = [*question.gold, *question.gold_all, *((question.also or ()) if also else ())]
    return any(
        gold.file == file and (plain(gold.contains) in shown or (len(shown) > _PART and shown in plain(gold.contains)))
        for gold in wanted
    )


def plain(text: str) -> str:
    """Return text for comparison: straight quotes, single spaces, lower case."""
    return re.sub(r"\s+", " ", text.translate(_QUOTES)).strip().lower()


def file_name(location: str) -> str:
    """Return the name, without its ending, of the file that a document came from."""
    return PurePath(location.split(":", 1)[-1]).stem
