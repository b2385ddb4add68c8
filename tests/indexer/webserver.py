"""A web server on the loopback that does what a test tells it to, kindly or not."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    """What the server says to a request for a path."""

    body: bytes = b""
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict = field(default_factory=dict)
    trickle: float = 0.0  # seconds between two bytes


class Server:
    """Answers by path; `asked` has the (path, headers) of every request but those for robots.txt."""

    def __init__(self, tls=None):
        self.answers: dict[str, object] = {}
        self.asked: list[tuple[str, dict]] = []
        self.stopping = threading.Event()
        handler = type("Handler", (_Handler,), {"server_state": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.scheme = "https" if tls else "http"
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url(self, path="/"):
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def says(self, path, answer, **more):
        self.answers[path] = Answer(answer.encode() if isinstance(answer, str) else answer, **more)
        return self.url(path)

    def paths(self):
        return [path for path, _ in self.asked]

    def close(self):
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    server_state: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        state = self.server_state
        if self.path != "/robots.txt":
            state.asked.append((self.path, dict(self.headers)))
        answer = state.answers.get(self.path, Answer(b"not found", status=404))
        if callable(answer):
            answer = answer(dict(self.headers))
        try:
            self._send(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, answer):
        known = answer.headers.get("ETag")
        if known and self.headers.get("If-None-Match") == known:
            answer = Answer(status=304, headers=answer.headers)
        modified = answer.headers.get("Last-Modified")
        if modified and self.headers.get("If-Modified-Since") == modified:
            answer = Answer(status=304, headers=answer.headers)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if not answer.trickle:
            self.wfile.write(answer.body)
            return
        for byte in answer.body:
            if self.server_state.stopping.wait(answer.trickle):
                return
            self.wfile.write(bytes([byte]))
            self.wfile.flush()

    def log_message(self, *_arguments):
        pass


@contextmanager
def serving(tls=None):
    server = Server(tls)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def raw_server(behave):
    """A socket on the loopback whose every connection is handed to `behave(connection, stopping)`."""
    stopping = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def run():
        while not stopping.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection, suppress(OSError):
                behave(connection, stopping)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        stopping.set()
        thread.join()
        listener.close()


def trickling_headers(connection, stopping):
    """Sends one byte of its headers at a time, and never comes to their end."""
    connection.recv(4096)
    for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 10_000:
        if stopping.wait(0.01):
            return
        connection.sendall(bytes([byte]))


def vouched_for_by_nobody():
    """A server's TLS context whose certificate comes from an authority that no machine knows, and that authority."""
    import trustme

    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context, authority
