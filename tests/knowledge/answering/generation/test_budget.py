"""The daily limit, also over restarts and several processes."""

import subprocess
import sys
from datetime import date

import pytest

from knowledge.answering.generation.limits import Budget
from knowledge.answering.generation.reply import Reply
from knowledge.storage.sqlite import open_database
from knowledge.storage.sqlite.questions import SQLiteSpending
from tests.conftest import ROOT
from tests.knowledge.answering.generation.conftest import QUESTION, SUPPORTED
from tests.scripted_llm import breaks_off, says, status

DAY = date(2026, 3, 1)
ASKED = [{"role": "user", "content": "x" * 900}]


@pytest.fixture
def spending(tmp_path):
    connections = open_database(tmp_path / "haln.db")
    yield SQLiteSpending(connections)
    connections.close()


def test_what_is_reserved_counts_until_it_is_settled(spending):
    assert spending.reserve(DAY, 60, 100)
    assert not spending.reserve(DAY, 60, 100)
    spending.settle(DAY, 60, 25)
    assert spending.spent(DAY) == 25
    assert spending.reserve(DAY, 75, 100)
    assert spending.spent(date(2026, 3, 2)) == 0


def test_what_a_killed_process_reserved_stays_counted(tmp_path):
    path = tmp_path / "haln.db"
    code = (
        "import os, sys; from datetime import date; from pathlib import Path\n"
        "from knowledge.storage.sqlite import open_database\n"
        "from knowledge.storage.sqlite.questions import SQLiteSpending\n"
        "SQLiteSpending(open_database(Path(sys.argv[1]))).reserve(date(2026, 3, 1), 80, 100)\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False)
    connections = open_database(path)
    assert not SQLiteSpending(connections).reserve(DAY, 30, 100)
    connections.close()


def test_processes_together_stay_within_the_limit(tmp_path):
    path = tmp_path / "haln.db"
    open_database(path).close()
    code = (
        "import sys; from datetime import date; from pathlib import Path\n"
        "from knowledge.storage.sqlite import open_database\n"
        "from knowledge.storage.sqlite.questions import SQLiteSpending\n"
        "store = SQLiteSpending(open_database(Path(sys.argv[1])))\n"
        "print(sum(store.reserve(date(2026, 3, 1), 7, 100) for _ in range(20)))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert sum(int(process.communicate()[0]) for process in running) == 14


@pytest.mark.parametrize(
    ("reply", "spent"),
    [
        (Reply(begun=False), 0),
        (Reply(begun=True, tokens=77, text="x" * 300), 77),
        (Reply(begun=True, text="x" * 300), 400),
        (Reply(begun=True), 300),
    ],
)
def test_what_a_call_cost_is_what_the_server_says_or_an_estimate(spending, reply, spent):
    budget = Budget(spending, 10_000, lambda: DAY)
    budget.reserve(ASKED).settle(reply)
    assert spending.spent(DAY) == spent


def test_no_call_is_begun_that_could_break_the_limit(spending):
    assert Budget(spending, 1_400, lambda: DAY).reserve(ASKED) is None
    assert spending.spent(DAY) == 0
    assert Budget(spending, 1_500, lambda: DAY).reserve(ASKED) is not None


def test_a_call_is_settled_on_the_day_on_which_it_was_begun(spending):
    days = iter([date(2026, 3, 1), date(2026, 3, 2)])
    reserved = Budget(spending, 10_000, lambda: next(days)).reserve(ASKED)
    reserved.settle(Reply(begun=True, tokens=5))
    assert (spending.spent(DAY), spending.spent(date(2026, 3, 2))) == (5, 0)


@pytest.mark.parametrize(
    ("script", "least", "most"),
    [
        (says(SUPPORTED, tokens=321), 321, 321),
        (says(SUPPORTED), 300, 1_500),
        (breaks_off(SUPPORTED), 300, 1_500),
        (status(500), 0, 0),
    ],
)
def test_what_an_answer_cost_is_in_the_database(server, with_model, script, least, most):
    assistant = with_model(server(script).url)
    assistant.written(assistant.ask(QUESTION))
    spending = assistant._library.spending
    rows = [spending.spent(day) for day in _days()]
    assert least <= sum(rows) <= most


def test_when_the_limit_is_reached_the_quotes_stand(server, with_model, caplog):
    scripted = server(says(SUPPORTED, tokens=100_000_000))
    assistant = with_model(scripted.url, llm_daily_tokens=50_000)
    answer = assistant.ask(QUESTION)
    assert assistant.written(answer) is not None
    assert assistant.written(answer) is None
    assert "HALN_LLM_DAILY_TOKENS" in caplog.text
    assert len(scripted.requests) == 1


def _days():
    """Today in UTC, and the day before for a test that runs at midnight."""
    from datetime import UTC, datetime, timedelta

    today = datetime.now(UTC).date()
    return [today - timedelta(days=1), today]
