"""`haln doctor` asks Discord, the mail server and the running bot: each mistake is a line with what to do."""

import http.server
import json
import re
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from discord.http import Route
from pydantic import SecretStr

from bot.commands.doctor_online import check_discord, check_mail, check_running
from knowledge.dates import utc_now
from knowledge.diagnostics.finding import Level
from knowledge.settings import Switch
from tests.bot.postbox import free_port

TOKEN = "MTAw.sample.token"


class Discord:
    """A small Discord that says how the bot is set up; and a bot's health port."""

    def __init__(self):
        self.status, self.asked, self.moment = 200, [], None
        self.application = {"id": "100", "flags": 1 << 19, "bot_public": False}
        self.gateway = {"shards": 1, "session_start_limit": {"total": 1000, "remaining": 990}}
        self.problems = []
        discord = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                discord.asked.append((self.path, self.headers.get("Authorization")))
                if self.path == "/healthz":
                    return self.answer(503 if discord.problems else 200, {"problems": discord.problems})
                known = self.headers.get("Authorization") == f"Bot {TOKEN}"
                body = discord.application if self.path.endswith("/applications/@me") else discord.gateway
                return self.answer(discord.status if known else 401, body)

            def answer(self, status, body):
                self.send_response_only(status)
                self.send_header("Date", format_datetime(discord.moment or utc_now(), usegmt=True))
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]


@pytest.fixture
def discord(monkeypatch):
    made = Discord()
    serving = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{made.port}/api/v10")
    yield made
    made.server.shutdown()
    serving.join()
    made.server.server_close()


@pytest.fixture
def chosen(settings):
    return settings.model_copy(update={"discord_token": SecretStr(TOKEN)})


def found(findings):
    return [(level, text) for level, text in findings if "\n" not in text]


def test_a_bot_that_is_set_up_well_has_no_finding(discord, chosen):
    assert found(check_discord(chosen, utc_now)) == []
    assert [path for path, _ in discord.asked] == ["/api/v10/applications/@me", "/api/v10/gateway/bot"]


def test_without_a_token_nobody_is_asked(discord, settings):
    assert found(check_discord(settings, utc_now)) == []
    assert discord.asked == []


@pytest.mark.parametrize(
    ("wrong", "level", "said"),
    [
        ({"status": 401}, Level.PROBLEM, "does not know this HALN_DISCORD_TOKEN"),
        ({"status": 503}, Level.ADVICE, "does not say now"),
        ({"application": {"flags": 0}}, Level.PROBLEM, "message content intent"),
        ({"application": {"flags": 1 << 18, "bot_public": True}}, Level.ADVICE, "Anybody may invite"),
        ({"gateway": {"shards": 3}}, Level.PROBLEM, "HALN_DISCORD_SHARDS=3"),
        (
            {"gateway": {"session_start_limit": {"total": 1000, "remaining": 12}}},
            Level.PROBLEM,
            "12 times more today, of 1000",
        ),
        ({"moment": datetime.now(UTC) - timedelta(hours=2)}, Level.PROBLEM, "minutes from Discord's"),
    ],
)
def test_what_is_wrong_at_discord_is_one_line(discord, chosen, wrong, level, said):
    for name, value in wrong.items():
        setattr(discord, name, value)
    reads = chosen.model_copy(update={"discord_read_messages": Switch.ON})
    [(how, text)] = found(check_discord(reads, utc_now))
    assert how is level
    assert said in text
    assert TOKEN not in text


def test_a_discord_that_cannot_be_reached_is_one_line(chosen, monkeypatch):
    monkeypatch.setattr(Route, "BASE", f"http://127.0.0.1:{free_port()}/api/v10")
    [(level, text)] = found(check_discord(chosen, utc_now))
    assert level is Level.PROBLEM
    assert "cannot be reached" in text


def test_a_mail_server_that_does_not_answer_is_named_once(settings, postbox, caplog):
    mail = {"mail_from": "haln@example.org", "mail_security": "none"}
    there, gone = (settings.model_copy(update={**mail, "mail_server": f"127.0.0.1:{p}"}) for p in (postbox.port, 1))
    assert found(check_mail(there)) == found(check_mail(settings)) == []
    [(level, text)] = found(check_mail(gone))
    assert level is Level.PROBLEM
    assert "127.0.0.1:1 cannot be reached: check HALN_MAIL_SERVER" in text
    assert caplog.messages == []


def test_the_running_bot_is_asked_whether_it_is_well(discord, chosen):
    running = chosen.model_copy(update={"health_port": discord.port})
    assert found(check_running(running)) == []
    discord.problems = ["Discord is not connected"]
    [(level, text)] = found(check_running(running))
    assert level is Level.PROBLEM
    assert "Discord is not connected" in text
    [(level, text)] = found(check_running(chosen.model_copy(update={"health_port": free_port()})))
    assert level is Level.ADVICE
    assert re.match(r"The bot does not answer on 127\.0\.0\.1, port \d+ \(Connection refused\)\. If one should", text)
    discord.problems = None  # as of a program that is none of ours
    [(level, text)] = found(check_running(running))
    assert level is Level.ADVICE
    assert "(another program answers)" in text
