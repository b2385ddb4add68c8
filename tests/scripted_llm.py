"""A real HTTP server on this machine that speaks the OpenAI chat API, and answers as nastily as a test tells it to."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class ScriptedServer:
    """Answers each request with the next of its scripts, the last one for ever. Remembers what it was asked."""

    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.requests = []
        self.headers = []
        # Set when the test is over: whatever still waits then stops.
        self.over = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                server.requests.append(json.loads(body))
                server.headers.append(dict(self.headers))
                script = server.scripts.pop(0) if len(server.scripts) > 1 else server.scripts[0]
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
                    script(self, server.over)

            def log_message(self, *_):
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def close(self):
        self.over.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


def _begin(handler, content_type="text/event-stream", status=200, **headers):
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def _event(handler, data):
    text = data if isinstance(data, str) else json.dumps(data)
    handler.wfile.write(f"data: {text}\n\n".encode())
    handler.wfile.flush()


def piece(text=None, finish=None):
    return {"choices": [{"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}]}


def says(text, finish="stop", tokens=None, done=True):
    """A well-behaved answer, a word at a time."""

    def script(handler, over):
        _begin(handler)
        _event(handler, {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]})
        for word in text.split(" "):
            _event(handler, piece(word + " "))
        if finish:
            _event(handler, piece(finish=finish))
        if tokens is not None:
            _event(handler, {"choices": [], "usage": {"total_tokens": tokens}})
        if done:
            _event(handler, "[DONE]")

    return script


def breaks_off(text):
    """The connection ends in the middle of an answer."""
    return says(text, finish=None, done=False)


def breaks_a_promise(text):
    """Fewer bytes than were promised."""

    def script(handler, over):
        _begin(handler, Content_Length="100000")
        _event(handler, piece(text))

    return script


def sends(data, content_type="text/event-stream"):
    """Events with this data, whatever it is."""

    def script(handler, over):
        _begin(handler, content_type)
        for one in data if isinstance(data, list) else [data]:
            _event(handler, one)

    return script


def body(raw, content_type="application/json", status=200, **headers):
    """One body."""

    def script(handler, over):
        _begin(handler, content_type, status, **headers)
        handler.wfile.write(raw.encode())

    return script


def status(code, raw='{"error": {"message": "no"}}', **headers):
    """A refusal."""
    return body(raw, status=code, **headers)


def never_answers(handler, over):
    """The connection is taken, and nothing comes."""
    over.wait(30)


def trickles(text=""):
    """A comment now and then that keeps the connection alive, and no end."""

    def script(handler, over):
        _begin(handler)
        if text:
            _event(handler, piece(text))
        while not over.wait(0.02):
            handler.wfile.write(b": still here\n\n")
            handler.wfile.flush()

    return script


def hangs_after(text):
    """The answer is whole, but the server does not hang up."""

    def script(handler, over):
        _begin(handler)
        _event(handler, piece(text, finish="stop"))
        over.wait(30)

    return script


def never_ends(handler, over):
    """The same word for ever."""
    _begin(handler)
    while not over.is_set():
        _event(handler, piece("and " * 50))


def one_endless_line(handler, over):
    """An event that never comes to its end."""
    _begin(handler)
    handler.wfile.write(b"data: ")
    while not over.is_set():
        handler.wfile.write(b"x" * 65536)
