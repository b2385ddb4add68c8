"""`/healthz` and `/metrics` on a port of their own.

They are served by the bot's own event loop: a bot that hangs is silent there, too, and counts as ill.
"""

import asyncio
import logging
import time

from aiohttp import web
from discord.ext import commands

from bot.discord.runtime.metrics import Metrics
from bot.discord.runtime.networks import working_for
from bot.discord.runtime.worker import Worker
from knowledge.backup.schedule import backups_in
from knowledge.domain.networks import MAIN
from knowledge.errors import HalnError, SettingsError

# discord.py reconnects by itself; longer than this it has not managed to.
DISCONNECTED_SECONDS = 180.0
# No question takes so long: what does hangs.
HANGING_SECONDS = 300.0
_DATABASE_SECONDS = 5.0
_SECONDS_A_NETWORK = 0.2
_log = logging.getLogger(__name__)


class Health(commands.Cog):
    """Knows whether the bot is well, and says so to whoever asks on the port of the settings."""

    def __init__(self, worker: Worker, metrics: Metrics) -> None:
        self._worker = worker
        self._metrics = metrics
        self._apart_since: float | None = time.perf_counter()
        self._counted_at: float | None = None
        self._runner: web.AppRunner | None = None

    async def cog_load(self) -> None:
        """Open the port, where the settings name one.

        Raises:
            SettingsError: It cannot be opened.
        """
        logging.getLogger().addHandler(self._metrics.handler)
        settings = self._worker.settings
        if not settings.health_port:
            return
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._figures)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, settings.health_host, settings.health_port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError(
                f"HALN_HEALTH_PORT: {settings.health_host}:{settings.health_port} cannot be opened ({error.strerror})."
            ) from None

    async def cog_unload(self) -> None:
        """Close the port."""
        logging.getLogger().removeHandler(self._metrics.handler)
        if self._runner is not None:
            await self._runner.cleanup()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Note that Discord is connected."""
        self._apart_since = None

    @commands.Cog.listener()
    async def on_resumed(self) -> None:
        """Note that Discord is connected again."""
        self._apart_since = None

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """Note since when Discord is not connected."""
        if self._apart_since is None:
            self._apart_since = time.perf_counter()

    async def problems(self) -> list[str]:
        """Return what is wrong with the running bot, one line each; nothing where it is well."""
        found = []
        if self._apart_since is not None and time.perf_counter() - self._apart_since > DISCONNECTED_SECONDS:
            found.append("Discord is not connected")
        if self._worker.longest_seconds() > HANGING_SECONDS:
            found.append("something has been under way for minutes and does not end")
        try:
            async with asyncio.timeout(_DATABASE_SECONDS):
                # A server is there for all networks or for none: opening hundreds takes longer than there is time.
                on_server = self._worker.settings.database_url is not None
                for network in [MAIN] if on_server else await self._worker.networks():
                    with working_for(network):
                        await self._worker.db(lambda backend: backend.library.store.version())
        except TimeoutError:
            found.append("the database does not answer")
        except HalnError:
            found.append("the database cannot be read")
        return found

    async def _healthz(self, _: web.Request) -> web.Response:
        found = await self.problems()
        return web.json_response({"healthy": not found, "problems": found}, status=503 if found else 200)

    async def _figures(self, _: web.Request) -> web.Response:
        metrics, settings = self._metrics, self._worker.settings
        metrics.connected.set(self._apart_since is None)
        metrics.longest_running.set(self._worker.longest_seconds())
        try:
            await self._count_networks()
        except HalnError as error:
            _log.warning("the figures of the database could not be read: %s", error)
        if settings.backup_folder is not None:
            made = await asyncio.to_thread(backups_in, settings.backup_folder)
            metrics.last_backup.set(made[-1][0].timestamp() if made else 0)
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    async def _count_networks(self) -> None:
        """Count what is in all networks; of hundreds not again for a minute, because that takes seconds."""
        networks = await self._worker.networks()
        now = time.monotonic()
        if self._counted_at is not None and now - self._counted_at < _SECONDS_A_NETWORK * (len(networks) - 1):
            return
        self._counted_at = now
        found = []
        for network in networks:
            with working_for(network):
                found.append(
                    await self._worker.db(
                        lambda backend: (backend.library.store.counts(), backend.library.outbox.waiting())
                    )
                )
        self._metrics.documents.set(sum(counts.documents for counts, _ in found))
        self._metrics.database_bytes.set(sum(counts.bytes for counts, _ in found))
        self._metrics.outbox_waiting.set(sum(waiting for _, waiting in found))
