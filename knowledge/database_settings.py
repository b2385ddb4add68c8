"""The settings of where everything is kept: a data directory or a PostgreSQL server, for which network, and backups."""

import re
from pathlib import Path
from typing import Annotated, Self
from urllib.parse import parse_qs, urlsplit

import platformdirs
from pydantic import Field, PrivateAttr, SecretStr, field_validator

from knowledge.domain.networks import MAIN, NAME_PATTERN
from knowledge.web_settings import WebSettings

_NETWORKS = "networks"


def _default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("haln", appauthor=False))


class DatabaseSettings(WebSettings):
    """The places where data are kept; part of `knowledge.settings.Settings`."""

    data_dir: Annotated[Path, Field(description="Where everything is kept.")] = Field(default_factory=_default_data_dir)
    database_url: Annotated[
        SecretStr | None,
        Field(
            description="Keep everything in PostgreSQL: `postgresql://account:password@host/database`. "
            "Without it, in one file in the data directory."
        ),
    ] = None

    network: Annotated[
        str,
        Field(
            pattern=NAME_PATTERN,
            description="Which network of this installation the command line, the web page or the interface is for "
            "(`haln network list`). The Discord bot serves them all.",
        ),
    ] = MAIN

    backup_folder: Annotated[
        Path | None,
        Field(
            description="Where the running bot puts backups by itself, best on another disk. `haln backup` needs none."
        ),
    ] = None
    backup_hours: Annotated[int, Field(ge=1, le=744, description="Hours between two backups in that folder.")] = 24
    backup_keep: Annotated[
        int, Field(ge=1, le=1000, description="How many backups stay in that folder; the oldest one goes first.")
    ] = 14
    _first: Self | None = PrivateAttr(default=None)

    @field_validator("database_url")
    @classmethod
    def _a_server(cls, address: SecretStr | None) -> SecretStr | None:
        if address is not None and not re.match(r"postgres(ql)?://", address.get_secret_value()):
            raise ValueError("it begins with postgresql://")
        return address

    def for_network(self, name: str) -> Self:
        """Return the settings of another network of this installation: its folder is its own, and so is all in it.

        Backups that are made by themselves go to a folder of their own, too.
        """
        first = self.installation
        if name == MAIN:
            return first
        backups = first.backup_folder and first.backup_folder / _NETWORKS / name
        changed = {"network": name, "data_dir": first.data_dir / _NETWORKS / name, "backup_folder": backups}
        own = first.model_copy(update={**changed, "discord_servers": ""})
        own._first = first
        return own

    @property
    def installation(self) -> Self:
        """Return the settings of the first network, in whose folder those of the others are."""
        return self._first or self

    @property
    def database_path(self) -> Path:
        """Return the one database file."""
        return self.data_dir / "haln.db"

    @property
    def kept_in(self) -> str:
        """Return where everything is kept, for people: a folder, or a server's address without an account."""
        if self.database_url is None:
            return str(self.data_dir)
        address = urlsplit(self.database_url.get_secret_value())
        # Where it is not before the path, the server is a socket in a folder, or named in the options.
        host = address.netloc.rpartition("@")[2] or parse_qs(address.query).get("host", [""])[0] or "this machine"
        named = "" if self.network == MAIN else f", network {self.network}"
        return f"PostgreSQL on {host}, database {address.path.strip('/') or 'of the account'}{named}"

    @property
    def is_new(self) -> bool:
        """Return whether there is no database yet; a server is not asked."""
        return self.database_url is None and not self.database_path.exists()

    @property
    def index_path(self) -> Path:
        """Return the cache file of embeddings; may be deleted at any time."""
        return self.data_dir / "dense.index"

    @property
    def lexical_index_path(self) -> Path:
        """Return the cache file of words; may be deleted at any time."""
        return self.data_dir / "words.index"
