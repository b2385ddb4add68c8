"""Faces go over to another model: short commands at once or not at all, long ones while they are in use."""

import threading

import pytest

from bot.discord.runtime.worker import Worker
from bot.reembedding import BackgroundEmbedding
from bot.session import Behind, open_library
from knowledge.library import Library
from knowledge.retrieval import current_embedder
from tests.fakes import WordEmbedder


@pytest.fixture(autouse=True)
def _old_model_is_here(monkeypatch):
    monkeypatch.setattr(current_embedder, "open_recorded", lambda name, _: WordEmbedder(name=name))


class Waiting(WordEmbedder):
    """Another model, which embeds when the gate is open."""

    def __init__(self, _settings=None):
        super().__init__(name="other@2", dimension=32)
        self.begun, self.gate = threading.Event(), threading.Event()

    def embed_documents(self, texts):
        self.begun.set()
        assert self.gate.wait(20)
        return super().embed_documents(texts)


def other(filled, embedder):
    return Library(filled.settings, filled.stores, embedder)


def test_a_small_library_is_embedded_before_the_answer(filled, capsys):
    model = WordEmbedder(name="other@2")
    with open_library(filled.settings, opened=lambda s: Library.open(s, lambda _: model)) as library:
        assert library.store.identity().model == "other@2"
        assert library.searcher.search("jobs", 1).results
    assert "Embedding the library with the new model, once" in capsys.readouterr().err


def test_a_large_library_answers_as_it_is_and_says_how_to_embed_it(filled, capsys, monkeypatch):
    monkeypatch.setattr("bot.session.SMALL_LIBRARY", 1)
    model = WordEmbedder(name="other@2")
    with open_library(filled.settings, opened=lambda s: Library.open(s, lambda _: model)) as library:
        assert library.is_behind
        assert library.searcher.search("jobs", 1).results
    assert "`haln index rebuild`" in capsys.readouterr().err
    assert model.embedded == []


def test_a_long_command_answers_meanwhile(filled, capsys):
    model = Waiting()
    opened = open_library(filled.settings, behind=Behind.BACKGROUND, opened=lambda s: Library.open(s, lambda _: model))
    with opened as library:
        assert model.begun.wait(10)
        assert library.embedder.name == "words@1"
        assert library.searcher.search("jobs", 1).results
        model.gate.set()
        while library.is_behind:
            pass
        assert library.searcher.search("jobs", 1).results
    assert "The library is embedded with the new model." in capsys.readouterr().err


def test_one_that_is_stopped_keeps_what_it_has(filled, monkeypatch):
    monkeypatch.setattr("indexer.embeddings.TOGETHER", 2)
    model, said = Waiting(), []
    library = other(filled, model)
    embedding = BackgroundEmbedding(library, said.append)
    embedding.start()
    assert model.begun.wait(10)
    assert not embedding.wait(0)
    threading.Timer(0.01, model.gate.set).start()
    embedding._stopped.set()
    embedding.stop()
    assert library.is_behind
    assert len(said) == 1
    assert 0 < len(model.embedded) < filled.store.counts().chunks


def test_a_failure_is_told_and_the_library_answers_as_before(filled):
    class Broken(WordEmbedder):
        def embed_documents(self, texts):
            from knowledge.errors import ModelError

            raise ModelError("The model is gone.")

    said = []
    library = other(filled, Broken(name="other@2"))
    embedding = BackgroundEmbedding(library, said.append)
    embedding.start()
    assert embedding.wait(10)
    assert "answers as before. The model is gone." in said[-1]
    assert library.searcher.search("jobs", 1).results


async def test_the_bot_answers_meanwhile(filled, caplog):
    model = Waiting()
    worker = Worker(filled.settings, lambda s: Library.open(s, lambda _: model))
    library = (await worker.backend()).library
    assert model.begun.wait(10)
    answer = await worker.model(
        lambda backend: backend.assistant.ask("How many entry jobs were kept for local residents?")
    )
    assert answer.answered
    model.gate.set()
    while library.is_behind:
        pass
    answer = await worker.model(
        lambda backend: backend.assistant.ask("How many entry jobs were kept for local residents?")
    )
    assert answer.answered
    await worker.close()
    assert "being embedded with another model" in caplog.text
