"""Models that remember what they were given."""

import numpy as np

from knowledge.answering.reader.scores import Passage
from tests.cached_models import CachedEmbedder, CachedReader
from tests.fakes import WordEmbedder, WordReader


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
