"""Checks of what the assistant stands on: settings, the data folder, the disk, backups, the models' files."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from knowledge.answering.reader.onnx_reader import READER
from knowledge.backup.restore import KEPT
from knowledge.backup.schedule import backups_in
from knowledge.diagnostics.finding import Level
from knowledge.errors import ModelError
from knowledge.mail_settings import LOOPBACK
from knowledge.models.accelerator import AUTO, shared_accelerator
from knowledge.models.tokenizer import TOKENIZER
from knowledge.retrieval.bundled_embedder import MINILM
from knowledge.settings import BUNDLED_MODEL, Settings
from knowledge.storage.sqlite.snapshot import is_database

_LEAST_FREE = 500_000_000
_KEPT_FOR = timedelta(days=30)
Found = Iterator[tuple[Level, str]]


def check_settings(settings: Settings) -> Found:
    """Look at what is allowed and yet not what an operator wants."""
    if settings.discord_token is None:
        yield (
            Level.ADVICE,
            "HALN_DISCORD_TOKEN is not set, so no Discord bot can be started. Set it, or use the terminal.",
        )
    elif settings.discord_token.get_secret_value().count(".") != 2:
        yield Level.PROBLEM, "HALN_DISCORD_TOKEN is no bot token (three parts with dots between). Copy it again."
    if settings.discord_token is not None and not settings.operator:
        yield Level.PROBLEM, "HALN_OPERATOR is not set: members cannot read who answers for what they give. Set it."
    if settings.discord_token is not None and not settings.contact:
        yield Level.PROBLEM, "HALN_CONTACT is not set: members cannot read where to complain. Set it."
    if settings.question_days > 730:
        yield Level.ADVICE, "HALN_QUESTION_DAYS keeps questions for more than two years. Say in your record why."
    if settings.health_port and settings.health_host in ("0.0.0.0", "::"):  # noqa: S104
        yield Level.ADVICE, "HALN_HEALTH_HOST opens the health port on every address. Keep it behind a firewall."
    if (address := urlsplit(settings.web_url or "")).scheme == "http" and address.hostname not in LOOPBACK:
        yield (
            Level.PROBLEM,
            "HALN_WEB_URL begins with http://, so sign-ins and what members write can be read on the way. Put the page "
            "behind HTTPS (docs/web.md) and write https://.",
        )
    if settings.web_private == "on":
        yield Level.ADVICE, "HALN_WEB_PRIVATE=on lets web sources lead to every server of this network. Name servers."


def check_folder(settings: Settings) -> Found:
    """Look at the data folder: there, writable, closed to others, and with room on its disk."""
    folder = settings.data_dir
    if not folder.is_dir():
        yield Level.PROBLEM, f"The data directory {folder} does not exist yet. `haln index status` makes it."
        return
    if not os.access(folder, os.W_OK):
        yield (
            Level.PROBLEM,
            f"{folder} cannot be written: questions are answered, and nothing is kept. Make it writable.",
        )
    if os.name != "nt" and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        yield Level.PROBLEM, f"Others on this machine may look into {folder}. Run: chmod 700 {folder}"
    if (free := shutil.disk_usage(folder).free) < max(_LEAST_FREE, 2 * _size(settings)):
        yield Level.PROBLEM, f"The disk of {folder} has {free // 1_000_000} MB left. Free some space."


def check_backups(settings: Settings, now: datetime) -> Found:
    """Look at whether there are backups, how old the newest is, and what an earlier restore left."""
    yield from _kept_too_long(settings.data_dir, now)
    if settings.database_url is not None:
        yield (
            Level.ADVICE,
            "The database is a server's, whose own programs make its backups: see docs/scale.md. Keep haln.key and "
            "erasures.jsonl of the data folder with them.",
        )
        return
    if settings.backup_folder is None:
        yield (
            Level.ADVICE,
            "HALN_BACKUP_FOLDER is not set, so no backups are made by themselves. Set it, or run `haln backup`.",
        )
        return
    found = backups_in(settings.backup_folder)
    past = [moment for moment, _ in found if moment <= now]
    if len(past) < len(found):
        yield (
            Level.PROBLEM,
            f"{settings.backup_folder} holds a backup from the future. Check the clock; if it is right, delete that.",
        )
    if not past:
        yield (
            Level.PROBLEM,
            f"There is no backup in {settings.backup_folder} yet. The running bot makes one within minutes.",
        )
    elif now - past[-1] > 2 * timedelta(hours=settings.backup_hours):
        yield (
            Level.PROBLEM,
            f"The newest backup is from {past[-1]:%d %B %Y}. Is the bot running? Its log says what fails.",
        )
    for _, path in found[-1:]:
        if not is_database(path):
            yield Level.PROBLEM, f"{path} is damaged. Make another with `haln backup`."
    if settings.backup_folder.is_dir() and not os.access(settings.backup_folder, os.W_OK):
        yield Level.PROBLEM, f"No backup can be written into {settings.backup_folder}. Make it writable for the bot."
    elif settings.backup_folder.is_dir() and shutil.disk_usage(settings.backup_folder).free < _size(settings):
        yield Level.PROBLEM, f"The disk of {settings.backup_folder} has no room for one more backup. Free some space."
    if settings.backup_folder.is_dir() and settings.data_dir.is_dir():
        same = settings.backup_folder.stat().st_dev == settings.data_dir.stat().st_dev
        if same:
            yield (
                Level.ADVICE,
                "The backups are on the same disk as the data, and would be lost with it. Use another one.",
            )


def check_models(settings: Settings) -> Found:
    """Compare the files of the models that come along with what this release was made with."""
    for weights in (READER, TOKENIZER, *([MINILM.weights] if settings.embedding_model == BUNDLED_MODEL else [])):
        try:
            weights.verified()
        except ModelError as error:
            yield Level.PROBLEM, str(error)
    accelerator = shared_accelerator(settings.device)
    accelerator.load()
    if accelerator.problem is not None:
        yield Level.ADVICE if settings.device == AUTO else Level.PROBLEM, accelerator.problem


def _size(settings: Settings) -> int:
    return settings.database_path.stat().st_size if settings.database_path.exists() else 0


def _kept_too_long(folder: Path, now: datetime) -> Found:
    for path in sorted(folder.glob(f"{KEPT}*.db")):
        if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > _KEPT_FOR:
            yield (
                Level.PROBLEM,
                f"{path} was kept when a backup was restored, and holds people who may have been erased "
                "since. Delete it.",
            )
