"""Models that remember what they were given."""

import numpy as np

from bot.evaluation.cached_models import CachedEmbedder, CachedReader, CachedReranker
from knowledge.answering.reader.scores import Passage
from tests.fakes import WordEmbedder, WordReader


def test_a_reranker_reads_each_pair_once():
    class Counting:
        read = 0

        def scores(self, query, passages):
            self.read += len(passages)
            return [float(len(passage)) for passage in passages]

    counting = Counting()
    remembering = CachedReranker(counting)
    assert remembering.scores("q", ["aa", "b", "aa"]) == [2.0, 1.0, 2.0]
    assert remembering.scores("q", ["b", "ccc"]) == [1.0, 3.0]
    assert remembering.scores("other", ["b"]) == [1.0]
    assert counting.read == 4


def test_an_embedder_embeds_each_text_once():
    counting = WordEmbedder()
    remembering = CachedEmbedder(counting)
    first = remembering.embed_documents(["bread", "boats", "bread"])
    again = remembering.embed_documents(["boats", "trains"])
    assert counting.embedded == ["bread", "boats", "trains"]
    assert np.array_equal(first[1], again[0])
    assert remembering.name == counting.name


def test_a_reader_reads_each_passage_once():
    reader = WordReader()
    remembering = CachedReader(reader)
    text = "The trust kept 40 entry jobs."
    passage = Passage(heading="Jobs", text=text, sentences=((0, len(text)),))
    first = remembering.read("How many entry jobs?", [passage])
    assert remembering.read("How many entry jobs?", [passage]) == first
    assert reader.passages == [passage]
    remembering.read("Who kept them?", [passage])
    assert reader.asked == ["How many entry jobs?", "Who kept them?"]
    assert remembering.name == reader.name
