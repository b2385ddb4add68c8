"""`python -m tests.quality.fits FOLDER`: counts how often the next event and what others measured fit what is asked.

`fits.jsonl` says for each text which of the sample events (`events/`, all invented) fit it, in a nation, and for each
project which documents of the starter library measured something that helps it; none where it is empty. It was written
before any result was looked at, but for the last eight projects, which nothing helps. Half of it is for tuning. The
libraries are made in FOLDER.
"""

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from knowledge.domain.vocabulary import Nation
from knowledge.guidance.indicators import indicator_ideas
from knowledge.guidance.next_event import next_event
from knowledge.library import Library
from tests.quality.libraries import open_library

HERE = Path(__file__).parent
EVENTS = HERE / "events"
_NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)


class Case(NamedTuple):
    """A text, the ids of what fits it, and of what was given."""

    text: str
    split: str
    wanted: frozenset[str]
    given: tuple[str, ...]


class Figures(NamedTuple):
    """Shares from 0 to 1: of what was given that fits; of texts that something fits, those that got some; of texts
    that nothing fits, those that got nothing.
    """

    precision: float
    found: float
    silent: float


def event_cases(library: Library) -> list[Case]:
    """Return the cases of events, over a library of the sample events."""
    return [
        Case(one["text"], one["split"], frozenset(one["wanted"]), (found.document_id,) if found else ())
        for one in _entries("event")
        for found in [next_event(library, _NOW, one["text"], nation=Nation(one["nation"]))]
    ]


def indicator_cases(library: Library) -> list[Case]:
    """Return the cases of indicators, over the starter library: for each project the documents that ideas are from."""
    return [
        Case(one["text"], one["split"], frozenset(one["wanted"]), tuple(citation.document_id for citation in citations))
        for one in _entries("indicator")
        for citations in [indicator_ideas(library, one["text"]).citations]
    ]


def figures(cases: Iterable[Case], split: str) -> Figures:
    """Return the figures of a split."""
    among = [case for case in cases if case.split == split]
    given = [one in case.wanted for case in among for one in case.given]
    wanted = [bool(case.wanted & set(case.given)) for case in among if case.wanted]
    silent = [not case.given for case in among if not case.wanted]
    return Figures(*(sum(some) / max(1, len(some)) for some in (given, wanted, silent)))


def _entries(fit: str) -> list[dict[str, str]]:
    lines = (HERE / "fits.jsonl").read_text(encoding="utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if entry["fit"] == fit]


def main(folder: Path) -> None:
    """Print the figures, and each case that went wrong in the half for tuning."""
    for name, documents, cases_of in (("events", EVENTS, event_cases), ("indicators", None, indicator_cases)):
        library = open_library(documents, folder / name)
        cases = cases_of(library)
        library.close()
        for split in ("tune", "test"):
            print(name, split, " ".join(f"{key} {value:.2f}" for key, value in figures(cases, split)._asdict().items()))
        for case in cases:
            if case.split == "tune" and (set(case.given) - case.wanted or (case.wanted and not case.given)):
                print(f"  {case.text}\n    given {case.given}, wanted {sorted(case.wanted)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
