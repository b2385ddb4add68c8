"""`python -m tests.benchmarks.peers`: speed of a match in a large network, and quality where no topic helps.

Speed needs no model: the members are made up of random words and vectors, and what is measured is everything but the
embedding. With `--sets FOLDER...`, matching is measured with the real model as it is, and once more with the topic that
is nearest to each seeker's need taken out, which is what members get who ask for something that topics.yaml lacks.
"""

import argparse
import random
import statistics
import tempfile
from pathlib import Path

import numpy as np

from bot.evaluation.peers import evaluate_peers, read_matching_set
from knowledge.domain.vocabulary import Level, Nation, Pillar, Sector, Stage
from knowledge.library import Library
from knowledge.matching import directory
from knowledge.matching.peers import Peers
from knowledge.matching.topics import TopicSpace, read_topics
from knowledge.retrieval.embedder import open_embedder
from knowledge.settings import Settings, Switch


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


class Remembering:
    """A model that embeds each text once: the same texts are asked for again for each seeker."""

    def __init__(self, model):
        self.name, self.dimension, self.window = model.name, model.dimension, model.window
        self._model, self._known = model, {}

    def count_tokens(self, text):
        return self._model.count_tokens(text)

    def embed_documents(self, texts):
        if missing := [text for text in dict.fromkeys(texts) if text not in self._known]:
            self._known |= dict(zip(missing, self._model.embed_documents(missing), strict=True))
        return np.stack([self._known[text] for text in texts])

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
    model = Remembering(open_embedder(Settings()))
    for folder in folders:
        matching_set = read_matching_set(folder)
        figures, _ = evaluate_peers(matching_set, Settings(), model)
        left = [_without_own_topic(matching_set, seeker, model) for seeker in matching_set.judgements]
        ndcg = statistics.mean(one["ndcg@5"] for one in left)
        first = statistics.mean(one["precision@1"] for one in left)
        print(f"{folder.name}: nDCG@5 {figures['ndcg@5']:.3f}, first place {figures['precision@1']:.0%}")
        print(f"{folder.name}, without the topic asked about: nDCG@5 {ndcg:.3f}, first place {first:.0%}")


def _without_own_topic(matching_set, seeker: str, model) -> dict:
    """The figures of one seeker when the topic nearest to their need is not known."""
    topics = read_topics()
    space = TopicSpace(topics, model.embed_documents([line for topic in topics for line in topic.lines]))
    need = matching_set.members[seeker].get("looking_for") or " "
    nearest = int(space.shares(space.centred(model.embed_queries([need])))[0].argmax())
    fewer = topics[:nearest] + topics[nearest + 1 :]
    known, directory.read_topics = directory.read_topics, lambda: fewer
    try:
        one = matching_set._replace(judgements={seeker: matching_set.judgements[seeker]})
        return evaluate_peers(one, Settings(), model)[0]
    finally:
        directory.read_topics = known


if __name__ == "__main__":
    main()
