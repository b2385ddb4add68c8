"""What commands say while they work."""

import io

from rich.console import Console

from bot.session import patience
from bot.terminal.chat import show_written, texts
from knowledge.assistant import Assistant


class _Screen(io.StringIO):
    def isatty(self):
        return True


def test_what_takes_long_is_said_in_a_terminal_and_nowhere_else(monkeypatch):
    screen = _Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with patience("Wait.", after=0) as timer:
        timer.join()
    with patience("Never said.", after=3600):
        pass
    assert screen.getvalue() == "Wait.\n"
    monkeypatch.setattr("sys.stderr", io.StringIO())
    with patience("Wait.", after=0) as timer:
        assert timer is None


class _Writing(Assistant):
    """Has a language model that never finds words."""

    writes = True

    def written(self, answer):
        return None


def test_a_language_model_is_spoken_of_only_where_there_is_one(filled):
    def shown(assistant, question):
        console = Console(file=io.StringIO(), force_terminal=True)
        show_written(console, assistant, assistant.ask(question))
        return console.file.getvalue()

    question = "Where did Sample Council move its kitchen contracts?"
    plain, writing = Assistant(filled, log_questions=False), _Writing(filled, log_questions=False)
    assert plain.ask(question).admitted
    assert not plain.writes
    assert shown(plain, question) == ""
    assert texts.WRITING in shown(writing, question)
    assert shown(writing, "zebra opera") == ""
