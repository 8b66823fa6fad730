"""The server over HTTP, on 127.0.0.1."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.strict_cstar.server import BASE, Request, StrictCStar


def make_server(cstar: StrictCStar, port: int = 0) -> ThreadingHTTPServer:
    """A server that is bound and not running yet; port 0 takes any free one."""

    class Handler(_Handler):
        answering = cstar

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


def base_url(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}{BASE}"


@contextmanager
def listening(cstar: StrictCStar, port: int = 0) -> Iterator[str]:
    """Run in a thread; gives the base URL for CSTAR_API_URL."""
    server = make_server(cstar, port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield base_url(server)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """A refused connection is one that closes unanswered here: the port itself stays open."""

    answering: StrictCStar
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", "0")))
        try:
            answer = self.answering.handle(Request(self.command, path, query, headers, body))
        except ConnectionError:
            self.close_connection = True
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

    def log_message(self, *_args: object) -> None:
        """The request log is the server's own."""
