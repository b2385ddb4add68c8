"""`python -m tests.benchmarks.matching`: speed of a match in a large network, and what its topics are worth.

Speed needs no model: the members are made up of random words and vectors, and what is measured is everything but the
embedding and the reading. With `--sets FOLDER...`, matching is measured with the real models and all topics, with
random halves of them, which is what members get who speak of what topics.yaml lacks, and with none.
"""

import argparse
import random
import statistics
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np

from bot.evaluation.peers import evaluate_peers, read_matching_set
from knowledge.answering.reader.onnx_reader import LexicalReader
from knowledge.domain.vocabulary import Level, Nation, Pillar, Sector, Stage
from knowledge.library import Library
from knowledge.matching import directory, ranking
from knowledge.matching.directory import read_topics
from knowledge.matching.peers import Peers
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch
from tests.cached_models import CachedEmbedder

_HALVES = 3


class RandomEmbedder:
    """Vectors that mean nothing, as long as the default model's."""

    name, dimension, window = "random@1", 384, 256

    def __init__(self, _settings=None):
        self._numbers = np.random.default_rng(1)

    def count_tokens(self, text):
        return len(text.split())

    def embed_documents(self, texts):
        vectors = self._numbers.normal(size=(len(texts), self.dimension)).astype(np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    embed_queries = embed_documents


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--members", type=int, default=100_000)
    parser.add_argument("--matches", type=int, default=40)
    parser.add_argument("--sets", type=Path, nargs="*", default=[], help="matching sets for the quality part")
    options = parser.parse_args()
    if options.sets:
        quality(options.sets)
    else:
        speed(options.members, options.matches)


def speed(count: int, matches: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = Library.open(Settings(data_dir=Path(folder), starter_library=Switch.OFF), RandomEmbedder)
        library.reader = LexicalReader()
        peers = Peers(library)
        small = _timed(library, peers, 1_000, matches, start=0)
        large = _timed(library, peers, count, matches, start=1_000)
        library.close()
    print(f"one match among {count:,}, ms (median / slowest)    {statistics.median(large):.0f} / {max(large):.0f}")
    print(f"one match among 1,000, ms (median)              {statistics.median(small):.0f}")
    print(
        f"one match among {count:,} / among 1,000           {statistics.median(large) / statistics.median(small):.1f}"
    )


def _timed(library: Library, peers: Peers, count: int, matches: int, start: int) -> list[float]:
    words = random.Random(start)
    peers.save_all(_sample(number, words) for number in range(start, count))
    peers.match("m0")  # embeds and loads everybody
    return [peers.match(f"m{words.randrange(count)}").timings_ms["total"] for _ in range(matches)]


def _sample(number: int, words: random.Random) -> dict:
    def text() -> str:
        return " ".join(f"word{words.randrange(20_000)}" for _ in range(20))

    return {
        "id": f"m{number}",
        "organisation": f"Sample house {number // 3}",
        "role": f"Role {words.randrange(300)}",
        "sector": words.choice(list(Sector)),
        "nation": words.choice(list(Nation)),
        "pillars": words.sample(list(Pillar), 2),
        "level": words.choice(list(Level)),
        "stage": words.choice(list(Stage)),
        "working_on": text(),
        "can_offer": text(),
        "looking_for": text(),
        "findable": True,
        "consent": True,
    }


def quality(folders: list[Path]) -> None:
    model = CachedEmbedder(open_embedder(Settings()))
    topics = read_topics()
    for folder in folders:
        found = read_matching_set(folder)
        _print(folder.name, "all topics", [evaluate_peers(found, Settings(), model)[0]])
        halves = []
        for seed in range(_HALVES):
            half = random.Random(seed).sample(topics, len(topics) // 2)
            with mock.patch.object(directory, "read_topics", lambda half=half: tuple(half)):
                halves.append(evaluate_peers(found, Settings(), model)[0])
        _print(folder.name, f"half of the topics, mean of {_HALVES}", halves)
        with mock.patch.object(ranking, "_TOPICS", 0.0):
            _print(folder.name, "no topics", [evaluate_peers(found, Settings(), model)[0]])


def _print(name: str, what: str, figures: list[dict]) -> None:
    ndcg = statistics.mean(one["ndcg@5"] for one in figures)
    first = statistics.mean(one["precision@1"] for one in figures)
    print(f"{name}, {what}: nDCG@5 {ndcg:.3f}, first place {first:.0%}", flush=True)


if __name__ == "__main__":
    main()
