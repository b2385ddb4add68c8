"""Checks of what is outside this program: Discord, the mail server, and the bot that should be running."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from bot.commands.health import NoAnswerError, problems_of_running
from knowledge.diagnostics.finding import Level
from knowledge.settings import Settings, Switch

Found = Iterator[tuple[Level, str]]
_SECONDS = 10.0
# Of an application's flags: it may read all messages; the second, as one on fewer than a hundred servers.
_MESSAGE_CONTENT = (1 << 18) | (1 << 19)
_MOST_APART = timedelta(minutes=2)
_PORTAL = "https://discord.com/developers/applications"
_UNAUTHORIZED, _OK = 401, 200


class _Said(NamedTuple):
    """Discord's answer: its status, the bot's application, its way to connect, and Discord's clock."""

    status: int
    application: dict[str, Any]
    gateway: dict[str, Any]
    date: str | None


def check_discord(settings: Settings, clock: Callable[[], datetime]) -> Found:
    """Ask Discord whether it knows the token and grants what the settings need, and what time it is."""
    if settings.discord_token is None:
        return
    import aiohttp

    try:
        said = asyncio.run(_asked(settings.discord_token.get_secret_value()))
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        yield (
            Level.PROBLEM,
            f"Discord cannot be reached ({type(error).__name__}). Let this machine reach discord.com by HTTPS.",
        )
        return
    yield from _clock_found(said.date, clock())
    if said.status == _UNAUTHORIZED:
        yield (
            Level.PROBLEM,
            f"Discord does not know this HALN_DISCORD_TOKEN. Copy the bot's token again, or reset it: {_PORTAL} (Bot).",
        )
    elif said.status != _OK:
        yield Level.ADVICE, f"Discord does not say now how the bot is set up ({said.status}). Run this again later."
    else:
        yield from _bot_found(settings, said)


def _bot_found(settings: Settings, said: _Said) -> Found:
    if settings.discord_read_messages is Switch.ON and not int(said.application.get("flags", 0)) & _MESSAGE_CONTENT:
        yield (
            Level.PROBLEM,
            "HALN_DISCORD_READ_MESSAGES=on needs the message content intent, and the bot does not start without it. "
            f"Switch it on: {_PORTAL} (Bot, Privileged Gateway Intents), or leave the setting off.",
        )
    if said.application.get("bot_public"):
        yield (
            Level.ADVICE,
            f"Anybody may invite the bot to their server, where it says one line. To stop that: {_PORTAL} (Bot, Public "
            "Bot off).",
        )
    if (shards := int(said.gateway.get("shards", 1))) > settings.discord_shards:
        yield Level.PROBLEM, f"Discord asks for {shards} shards by now. Set HALN_DISCORD_SHARDS={shards} and restart."
    starts = said.gateway.get("session_start_limit", {})
    if starts and starts["remaining"] < starts["total"] // 10:
        yield (
            Level.PROBLEM,
            f"The bot may connect {starts['remaining']} times more today, of {starts['total']}. It starts again and "
            "again, here or elsewhere with this token: its log says why.",
        )


def _clock_found(date: str | None, now: datetime) -> Found:
    apart = abs(now - parsedate_to_datetime(date).astimezone(UTC)) if date else timedelta()
    if apart > _MOST_APART:
        yield (
            Level.PROBLEM,
            f"This machine's clock is {apart.total_seconds() / 60:,.0f} minutes from Discord's, and what has expired "
            "is deleted by it. Set it by the network (timedatectl set-ntp true).",
        )


async def _asked(token: str) -> _Said:
    import aiohttp
    from discord.http import Route

    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (HALN Assistant, doctor)"}
    async with aiohttp.ClientSession(headers=headers, timeout=aiohttp.ClientTimeout(_SECONDS)) as session:
        answers, status, date = [], _OK, None
        for path in ("/applications/@me", "/gateway/bot"):
            async with session.get(Route.BASE + path) as response:
                status, date = response.status, response.headers.get("Date")
                if status != _OK:
                    return _Said(status, {}, {}, date)
                answers.append(await response.json(content_type=None))
    return _Said(status, answers[0], answers[1], date)


def check_mail(settings: Settings) -> Found:
    """Connect to the mail server as the settings say, and send nothing."""
    if settings.mail_server is None:
        return
    from bot.mail.server import MailError, MailServer

    try:
        asyncio.run(MailServer(settings, logs=False).check())
    except MailError as error:
        yield Level.PROBLEM, f"Mail cannot be sent: {error.cause}."


def check_running(settings: Settings) -> Found:
    """Ask the bot that should be running whether it is well."""
    if settings.discord_token is None or not settings.health_port:
        return
    try:
        found = problems_of_running(settings)
    except NoAnswerError as error:
        text = str(error)
        yield (
            Level.ADVICE,
            f"{text[0].upper()}{text[1:]}. If one should be running, look at its log and start it again.",
        )
        return
    for line in found:
        yield Level.PROBLEM, f"The running bot is not well: {line}. Its log says more."
