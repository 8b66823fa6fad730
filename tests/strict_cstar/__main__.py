"""`python -m tests.strict_cstar --port 8900 --quick-replies --row-extras assignedTo,metadata`: run until Ctrl+C."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from dataclasses import fields
from typing import Any, get_args, get_origin, get_type_hints

from tests.strict_cstar.http_server import base_url, make_server
from tests.strict_cstar.server import StrictCStar
from tests.strict_cstar.story import CUSTOMERS, TICKETS
from tests.strict_cstar.variant import Variant


def parser() -> argparse.ArgumentParser:
    """An option for each field of `Variant`."""
    made = argparse.ArgumentParser(prog="python -m tests.strict_cstar", description=__doc__)
    made.add_argument("--port", type=int, default=8900)
    made.add_argument("--seed", type=int, default=7)
    made.add_argument("--tickets", type=int, default=TICKETS)
    made.add_argument("--customers", type=int, default=CUSTOMERS)
    hints = get_type_hints(Variant)
    for switch in fields(Variant):
        made.add_argument(f"--{switch.name.replace('_', '-')}", default=switch.default, **_reading(hints[switch.name]))
    return made


def _reading(hint: Any) -> dict[str, Any]:
    if hint is bool:
        return {"action": argparse.BooleanOptionalAction}
    if get_args(hint) and get_origin(hint) is not frozenset:
        return {"choices": get_args(hint)}
    return {"type": _names if get_origin(hint) is frozenset else hint}


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


def main() -> None:
    options = vars(parser().parse_args())
    port = options.pop("port")
    size = {name: options.pop(name) for name in ("seed", "tickets", "customers")}
    cstar = StrictCStar(Variant(**options), **size)
    with make_server(cstar, port) as server:
        lines = (f"CSTAR_API_URL={base_url(server)}", f"team {cstar.team_id}", f"key  {cstar.secret_key}")
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            server.serve_forever()


if __name__ == "__main__":
    main()
