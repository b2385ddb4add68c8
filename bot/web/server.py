"""Serves the web page with uvicorn."""

import socket
import threading

import uvicorn

from bot.backend import Backend
from bot.web.app import create_app
from bot.web.site import Site
from knowledge.dates import utc_now
from knowledge.library import Library

_STOP_SECONDS = 5


def serve(library: Library, listening: socket.socket, stop: threading.Event | None = None) -> None:
    """Serve until `stop` is set, or in the main thread until Ctrl-C."""
    site = Site(Backend(library, utc_now))
    try:
        serve_site(site, listening, stop)
    finally:
        site.close()


def serve_site(site: Site, listening: socket.socket, stop: threading.Event | None = None) -> None:
    """Serve a site as `serve` does; whoever made it closes it."""
    server = uvicorn.Server(_configuration(site))
    if stop is not None:
        threading.Thread(target=_stop_when, args=(stop, server), daemon=True).start()
    server.run(sockets=[listening])


def _stop_when(stop: threading.Event, server: uvicorn.Server) -> None:
    stop.wait()
    server.should_exit = True


def _configuration(site: Site) -> uvicorn.Config:
    """Return how to serve: nothing of what is asked is logged, and only proxies on this machine are believed."""
    return uvicorn.Config(
        create_app(site),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1,::1",
        timeout_graceful_shutdown=_STOP_SECONDS,
        lifespan="on",
    )
