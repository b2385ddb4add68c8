import pytest

from knowledge.assistant import Assistant
from knowledge.library import Library
from tests.scripted_llm import ScriptedServer

QUESTION = "How many entry jobs did the Sample Hospital Trust keep for local residents?"
SUPPORTED = "The Sample Hospital Trust kept 40 entry jobs for local residents in 2022 [1]."
KEY = "sk-very-secret"


@pytest.fixture
def server():
    """Starts scripted servers, and ends them with the test."""
    servers = []

    def start(*scripts):
        servers.append(ScriptedServer(*scripts))
        return servers[-1]

    yield start
    for one in servers:
        one.close()


@pytest.fixture
def with_model(filled):
    """Opens an assistant over the sample library that has the language model of a server."""
    opened = []

    def open_assistant(url, reader=None, **settings):
        chosen = {"llm_base_url": url, "llm_model": "sample-model", "llm_api_key": KEY, "llm_seconds": 5, **settings}
        asked_for = type(filled.settings).model_validate(filled.settings.model_dump() | chosen)
        opened.append(Library.open(asked_for, lambda _: filled.embedder))
        opened[-1].reader = reader or opened[-1].reader
        return Assistant(opened[-1])

    yield open_assistant
    for library in opened:
        library.close()
