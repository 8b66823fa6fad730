"""A receiver of webhooks as a customer of cStar would write one: its own socket, its own check of the signature."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Receiver:
    """Answers `statuses` in turn, the last one for ever, after `delay` seconds; keeps what it got."""

    url: str = ""
    statuses: list[int] = field(default_factory=lambda: [200])
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    delay: float = 0
    got: list[tuple[Message, bytes]] = field(default_factory=list)

    def events(self) -> list[dict]:
        return [json.loads(body) for _, body in self.got]

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.got.append((handler.headers, handler.rfile.read(int(handler.headers["Content-Length"]))))
        time.sleep(self.delay)
        handler.send_response(self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])
        for name, value in {"Content-Length": str(len(self.body)), **self.headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(self.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        """The other side may hang up whenever it likes."""


@contextmanager
def listening(**fields) -> Iterator[Receiver]:
    receiver = Receiver(**fields)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            receiver.answer(self)

        def log_message(self, *args):
            pass

    with _Server(("127.0.0.1", 0), Handler) as server:
        receiver.url = f"http://127.0.0.1:{server.server_port}/hooks?token=1"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()


def signed_by(secret: str, headers: Message, body: bytes) -> bool:
    """Whether X-Signature is this secret's over this body, made no more than five minutes ago."""
    parts = dict(part.split("=", 1) for part in headers["X-Signature"].split(","))
    expected = hmac.new(secret.encode("ascii"), parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"]) and abs(time.time() - int(parts["t"])) <= 300
