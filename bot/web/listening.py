"""The address of the web page, and serving it in a thread beside the chat or the bot. Light to import."""

import contextlib
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from knowledge.errors import HalnError, SettingsError

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.settings import Settings

_log = logging.getLogger(__name__)
_WAITING = 128
_STOP_SECONDS = 5


def listening_socket(settings: "Settings") -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises:
        SettingsError: The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in settings.web_host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.web_host, settings.web_port))
        listening.listen(_WAITING)
    except OSError as error:
        listening.close()
        raise SettingsError(
            f"The web page cannot be served on {settings.web_host}, port {settings.web_port} ({error.strerror}). "
            "Choose another with HALN_WEB_PORT; HALN_WEB=off leaves it out of `haln run`."
        ) from None
    return listening


def own_address(settings: "Settings", listening: socket.socket) -> str:
    """Return the address to open, as people reach it."""
    if settings.web_url:
        return settings.web_url.rstrip("/")
    host = f"[{settings.web_host}]" if ":" in settings.web_host else settings.web_host
    return f"http://{host}:{listening.getsockname()[1]}"


@contextlib.contextmanager
def serving_beside(
    settings: "Settings", library: Callable[[], "Library"], say: Callable[[str], None]
) -> Iterator[None]:
    """Serve in a thread while the body runs, and say at which address; where that cannot be, say why and go on.

    `library` is called in that thread, once. The body's end stops it.
    """
    try:
        listening = listening_socket(settings)
    except SettingsError as error:
        say(str(error))
        yield
        return
    say(f"Web page: {own_address(settings, listening)}")
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(library, listening, stop), name="web", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_STOP_SECONDS)
        listening.close()


def _serve(library: Callable[[], "Library"], listening: socket.socket, stop: threading.Event) -> None:
    from bot.web.server import serve

    try:
        serve(library(), listening, stop)
    except HalnError as error:
        _log.error("the web page is not served: %s", error)
