"""The settings of where everything is kept: a data directory, and a PostgreSQL server where one file is not enough."""

import re
from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr, field_validator

from knowledge.web_settings import WebSettings


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

    @field_validator("database_url")
    @classmethod
    def _a_server(cls, address: SecretStr | None) -> SecretStr | None:
        if address is not None and not re.match(r"postgres(ql)?://", address.get_secret_value()):
            raise ValueError("it begins with postgresql://")
        return address

    @property
    def database_path(self) -> Path:
        """Return the one database file."""
        return self.data_dir / "haln.db"

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
