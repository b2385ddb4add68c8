"""Checks of what is in the database: that its parts agree, that nothing waits for ever, that the clock is believed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from knowledge.dates import spoken
from knowledge.diagnostics.finding import Level
from knowledge.domain.networks import MAIN
from knowledge.library import Library
from knowledge.servers.types import server_ids
from knowledge.settings import Settings
from knowledge.storage.engines import bypasses_row_security, with_database
from knowledge.storage.networks import NetworkRegister
from knowledge.storage.sqlite.erasure_journal import JOURNAL_FILE
from knowledge.storage.sqlite.hash_key import KEY_FILE
from knowledge.storage.sqlite.snapshot import key_fingerprints, problems_of_copy

_MOST_LINES = 5
_WAITING_TOO_LONG = timedelta(days=1)
Found = Iterator[tuple[Level, str]]


def check_database(library: Library) -> Found:
    """Look at whether every part of the library, the examples and the database itself agrees."""
    settings = library.settings
    of_file = [] if settings.database_url else problems_of_copy(settings.database_path)  # a server looks after its own
    found = [*of_file, *library.store.problems(), *library.examples.problems()]
    for line in found[:_MOST_LINES]:
        yield Level.PROBLEM, f"{line.rstrip('.')}. `haln index rebuild` repairs the library, `haln restore` all."
    if len(found) > _MOST_LINES:
        yield (
            Level.PROBLEM,
            f"{len(found) - _MOST_LINES} more parts of the database disagree. `haln index verify` lists them.",
        )


def check_library(library: Library) -> Found:
    """Look at whether there is anything to answer from, and whether its embeddings are of the present model."""
    if not library.store.counts().documents:
        yield Level.PROBLEM, "The library is empty, so no question can be answered. Run `haln index add`."
    if library.is_behind:
        yield (
            Level.ADVICE,
            "The library is embedded with another model than the settings ask for. Run `haln index rebuild`.",
        )


def check_clock(library: Library, now: datetime) -> Found:
    """Look for jumps of the clock after which nothing expires."""
    for part, before, after in library.store.clock_jumps():
        yield (
            Level.PROBLEM,
            f"The clock jumped from {before} to {after}, so nothing that has expired ({part}) is deleted. Put the "
            "clock right, or say with `haln doctor --clock-is-right` that it is.",
        )
    change = library.store.counts().last_change
    if change and datetime.fromisoformat(change) - now > timedelta(days=1):
        yield Level.PROBLEM, f"The library was last changed at {change}, in the future. Check this machine's clock."


def check_erasure(library: Library) -> Found:
    """Look for deleted text that is not overwritten yet, and for a key that is not the one that was used."""
    if not library.store.finish_scrub():
        yield (
            Level.ADVICE,
            "What was deleted is not overwritten yet: another program is reading the database. Run this again.",
        )
    missing, _ = library.store.unknown_erasures()
    if missing:
        yield (
            Level.PROBLEM,
            f"{len(missing)} erasures that {JOURNAL_FILE} notes are not in the database: it was restored from before "
            "them, and holds again what was erased. Run `haln restore --erasures`.",
        )
    # A server's database is not opened with another key.
    if not library.settings.database_url and len(key_fingerprints(library.settings.database_path)) > 1:
        yield (
            Level.ADVICE,
            f"{KEY_FILE} is not the first key of this database: members cannot be shown what they asked before. If a "
            "backup has the earlier one, put it back.",
        )


def check_servers(library: Library, now: datetime) -> Found:
    """Look at whether the bot belongs anywhere, and whether its messages get away."""
    settings = library.settings
    if settings.discord_token is None:
        return
    if not library.servers.register.all() and not server_ids(settings.discord_servers):
        yield Level.PROBLEM, "No Discord server is registered, so the bot answers nowhere. Run `haln servers allow ID`."
    overdue = library.outbox.overdue(now - _WAITING_TOO_LONG)
    if overdue:
        yield (
            Level.PROBLEM,
            f"{overdue} messages wait for more than a day. Is the bot running? Its log says what fails.",
        )


def check_networks(settings: Settings) -> Found:
    """Look at whether networks are kept apart, and whether each has all that it needs."""
    if bypasses_row_security(settings):
        yield (
            Level.ADVICE,
            "The account in HALN_DATABASE_URL is a superuser or has BYPASSRLS: no second network can be added, and a "
            "stolen address opens the whole server. Use an ordinary account that owns the database.",
        )
    with NetworkRegister.opened(settings) as register:
        networks, servers = register.all(), set(register.servers().values())
        removals = register.removals.all()
    there = with_database(settings, [network.name for network in networks])
    for removal in removals:
        began = spoken(datetime.fromisoformat(removal.began_at), None)
        yield (
            Level.PROBLEM,
            f"The removal of network {removal.network}, which began on {began}, is not finished: some of it is still "
            f"there. Unless it is running now, `haln network remove {removal.network}` goes on with it.",
        )
    for network in networks:
        own = settings.for_network(network.name)
        if network.name not in there:
            back = "Bring its schema back from a dump" if own.database_url else f"Put a backup into {own.data_dir}"
            yield (
                Level.PROBLEM,
                f"The database of network {network.name} is gone. {back}, or give it up: `haln network remove "
                f"{network.name}`.",
            )
        elif network.name != MAIN and network.name not in servers and settings.discord_token is not None:
            yield (
                Level.ADVICE,
                f"No Discord server belongs to network {network.name}. Give it one: `haln network server "
                f"{network.name} ID`.",
            )
