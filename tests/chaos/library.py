"""The library that a campaign's processes work on, and its settings: the same in each of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from indexer.pipeline import Indexer
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.library import Library
from knowledge.servers.types import Server
from knowledge.settings import Settings, Switch
from tests.fakes import WordEmbedder

SERVER, CHANNEL, WEEK = 7, 70, timedelta(days=7)
FIRST_WEEK = datetime(2026, 1, 5, 9, tzinfo=UTC)
_OFTEN = 1000


def settings_of(data, **more):
    address = Path(data) / "database"  # of a server, where there is one
    if (port := Path(data) / "mail_server").exists():
        more |= {"mail_server": f"127.0.0.1:{port.read_text()}", "mail_from": "assistant@example.org"}
        more |= {"mail_security": "none", "web_members": "example.org"}
    return Settings(
        data_dir=Path(data),
        starter_library=Switch.OFF,
        chunk_tokens=60,
        questions_per_minute=_OFTEN,
        database_url=SecretStr(address.read_text()) if address.exists() else None,
        **more,
    )


def opened(data, **more):
    return Library.open(settings_of(data, **more), WordEmbedder)


def prepare(data, mail_port=None):
    """Make a library with something in it to ask about, and a server with a weekly round-up."""
    if mail_port is not None:
        Path(data).mkdir()
        (Path(data) / "mail_server").write_text(str(mail_port))
    settings = settings_of(data)
    SimilarityScales(settings.data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    notes = notes_of(data)
    notes.mkdir()
    (notes / "jobs.md").write_text("# Jobs\n\nThe Sample Hospital Trust kept 40 entry jobs for local residents.\n")
    library = opened(data)
    Indexer(library).add([str(notes)])
    library.servers.register.follow_setting([SERVER], FIRST_WEEK)
    library.servers.settings.save_server(Server(id=SERVER, digest_channel=CHANNEL))
    library.close()


def notes_of(data):
    """The folder that the indexing worker indexes again and again."""
    return Path(data).parent / f"{Path(data).name}-notes"
