"""`python -m tests.quality.same_question`: counts the paraphrases and other questions that a curated answer goes to.

For each threshold of likeness, by likeness alone and with the rules of `knowledge/insights/same_question.py`, on the
half that the threshold was chosen on and on the one kept for testing. 0.92 is the first at which no other one passes.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.calibration.similarity import ScaleFile
from knowledge.insights.same_question import asks_the_same
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings

PAIRS = Path(__file__).parent / "curated_questions.jsonl"
THRESHOLDS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.92, 0.95)


def pairs(split: str) -> Iterator[tuple[str, str, bool]]:
    """Yield a question, another one, and whether they ask the same, of the questions of a split."""
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if entry["split"] == split:
            for kind in ("same", "other"):
                for other in entry[kind]:
                    yield entry["question"], other, kind == "same"


def passed(found: list[tuple[str, str, bool, float]], least: float, rules: Callable[[str, str], bool]) -> str:
    """Return how many of the paraphrases and of the other questions pass."""
    counts = {
        wanted: (
            sum(cosine >= least and rules(one, other) for one, other, same, cosine in found if same is wanted),
            sum(same is wanted for *_, same, _ in found),
        )
        for wanted in (True, False)
    }
    return " ".join(f"{through:>3}/{of}" for through, of in counts.values())


def main() -> None:
    """Print the table."""
    embedder = open_embedder(Settings())
    scale = ScaleFile.packaged().root[embedder.name]
    print(f"{'':6}" + "".join(f"{split}: alone{'':8}{split}: rules{'':8}" for split in ("tune", "test")))
    for least in THRESHOLDS:
        cells = []
        for split in ("tune", "test"):
            found = []
            for one, other, same in pairs(split):
                first, second = embedder.embed_queries([one, other])
                found.append((one, other, same, scale.comparable(float(first @ second))))
            cells += [passed(found, least, lambda *_: True), passed(found, least, asks_the_same)]
        print(f"{least:.2f}  " + "".join(f"{cell:20}" for cell in cells))


if __name__ == "__main__":
    main()
