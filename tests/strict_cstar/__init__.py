"""A second cStar server, written from cStar's public documentation alone and stricter than the embedded sandbox.

    server = StrictCStar(Variant(row_extras=frozenset({"assignedTo"})))
    transport = StrictTransport(server)        # in process, for `cstar.Client(transport=...)`
    with listening(server) as base_url: ...    # or over HTTP

README.md lists every decision that the documentation leaves open.
"""

from tests.strict_cstar.http_server import listening
from tests.strict_cstar.server import StrictCStar
from tests.strict_cstar.transport import StrictTransport
from tests.strict_cstar.variant import Variant

__all__ = ["StrictCStar", "StrictTransport", "Variant", "listening"]
