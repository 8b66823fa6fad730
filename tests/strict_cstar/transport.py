"""The server in process, for the client's `transport` argument. Nothing else here knows the desk."""

from httpx import ReadError

from cstar.http import BaseTransport, ConnectError, Request, Response
from tests.strict_cstar import server


class StrictTransport(BaseTransport):
    def __init__(self, cstar: server.StrictCStar) -> None:
        self.cstar = cstar

    def handle_request(self, request: Request) -> Response:
        asked = server.Request(
            request.method,
            request.url.path,
            request.url.query.decode(),
            {name.lower(): value for name, value in request.headers.items()},
            request.read(),
        )
        try:
            answer = self.cstar.handle(asked)
        except ConnectionRefusedError:
            raise ConnectError("refused", request=request) from None
        except ConnectionResetError:
            raise ReadError("broken off", request=request) from None
        return Response(answer.status, headers=answer.headers, content=answer.body, request=request)
