"""Written answers as people and programs see them: the quotes first, then the language model's words."""

import json

import pytest

from bot.cli import run_command
from bot.discord.ask import texts
from bot.discord.client import HalnBot
from knowledge.library import Library
from tests.bot.conftest import labels_in, said
from tests.fakes import WordEmbedder
from tests.knowledge.answering.generation.conftest import QUESTION, SUPPORTED
from tests.scripted_llm import ScriptedServer, says, status

WORDS = SUPPORTED.replace(" [1]", "")


@pytest.fixture
def server():
    servers = []

    def start(*scripts):
        servers.append(ScriptedServer(*scripts))
        return servers[-1]

    yield start
    for one in servers:
        one.close()


@pytest.fixture
def ask(monkeypatch, capsys, sources):
    """Asks on the command line, with the language model of a server."""
    monkeypatch.setattr("knowledge.library.Library.open.__func__.__defaults__", (WordEmbedder,))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    assert run_command(["index", "add", str(sources)]) == 0
    capsys.readouterr()

    def command(url, *arguments):
        monkeypatch.setenv("HALN_LLM_BASE_URL", url)
        monkeypatch.setenv("HALN_LLM_MODEL", "sample-model")
        status = run_command([str(argument) for argument in arguments])
        return status, capsys.readouterr().out

    return command


def test_the_quotes_come_first_and_then_the_words(ask, server):
    code, out = ask(server(says(SUPPORTED)).url, "ask", QUESTION)
    quotes, words = out.split("In other words")
    assert code == 0
    assert "kept 40 entry jobs" in quotes
    assert "language model" not in quotes
    assert "Written by a language model (sample-model). Each sentence was checked" in " ".join(words.split())
    assert WORDS in " ".join(words.split())
    assert "Sources" in words


def test_a_program_gets_the_final_answer_only(ask, server, tmp_path):
    code, out = ask(server(says(SUPPORTED)).url, "ask", QUESTION, "--json")
    answer = json.loads(out)
    assert (code, answer["written_by"], answer["sentences"][0]["text"]) == (0, "sample-model", WORDS)
    assert {citation["chunk_id"] for citation in answer["citations"]} <= set(answer["admitted"])
    batch = tmp_path / "batch.txt"
    batch.write_text(f"{QUESTION}\nhello\n")
    _, out = ask(server(says(SUPPORTED)).url, "ask", "--batch", batch)
    assert [json.loads(line)["written_by"] for line in out.splitlines()] == ["sample-model", None]


def test_when_the_server_fails_there_are_the_quotes(ask, server):
    code, out = ask(server(status(500)).url, "ask", QUESTION, "--json")
    assert (code, json.loads(out)["written_by"], json.loads(out)["answered"]) == (0, None, True)
    code, out = ask(server(status(500)).url, "ask", QUESTION)
    assert (code, "In other words" in out, "Sources" in out) == (0, False, True)


def test_a_chat_shows_both(ask, server, monkeypatch):
    class Lines(list):
        def isatty(self):
            return False

    monkeypatch.setattr("bot.terminal.chat.sys.stdin", Lines([f"{QUESTION}\n", "hello\n"]))
    _, out = ask(server(says(SUPPORTED)).url, "chat")
    assert out.count("In other words") == 1


class TestDiscord:
    @pytest.fixture
    def simcord_bot(self, filled, server):
        chosen = {"llm_base_url": server(says(SUPPORTED)).url, "llm_model": "sample-model"}
        settings = filled.settings.model_copy(update=chosen)
        return HalnBot(settings, lambda settings: Library.open(settings, lambda _: filled.embedder))

    async def test_the_words_take_the_place_of_the_quotes(self, simcord_env):
        guild = simcord_env.create_guild()
        channel = guild.create_text_channel("anchors")
        member = guild.add_member(simcord_env.create_user("member"))
        result = await member.slash(channel, "ask", question=QUESTION)
        shown = [text for r in simcord_env.http_requests if "Quoted" in (text := str(r.json)) or "Written" in text]
        assert "Quoted from the network's library." in shown[0]
        assert "Written by a language model (sample-model)" in shown[1]
        assert "Written by a language model (sample-model)" in said(result)
        assert WORDS in said(result)
        assert texts.HELPFUL in labels_in(result.response)
