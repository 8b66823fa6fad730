"""The sandbox behind a real socket: what the desk meets when cStar is somewhere else."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeVar

from django.db import connections

from cstar.http import Request, Response
from sandbox.transport import SandboxTransport


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive. Each request is answered by the sandbox in this process."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"

    def handle(self) -> None:
        try:
            super().handle()
        except ConnectionError:
            pass  # who asked was killed, or has given up
        finally:
            connections.close_all()

    def answer(self) -> None:
        self.send(self.ask(self.read_request()))

    def read_request(self) -> Request:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return Request(
            self.command, f"http://{self.headers['Host']}{self.path}", headers=dict(self.headers), content=body
        )

    def ask(self, request: Request) -> Response:
        response = SandboxTransport().handle_request(request)
        response.read()
        return response

    def send(self, response: Response, *, half: bool = False) -> None:
        self.server.answered[response.status_code] += 1
        content = response.read()
        self.send_response(response.status_code)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if half else content)

    do_GET: Callable[[], None] = answer  # noqa: N815
    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Server(ThreadingHTTPServer):
    """`answered` counts the answers by status."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type[Handler] = Handler) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.answered: Counter[int] = Counter()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/v1"


S = TypeVar("S", bound=Server)


@contextmanager
def serving_cstar(server: S) -> Iterator[S]:
    """The server at work, in a thread of its own; ended with the block."""
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
