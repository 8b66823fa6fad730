"""`make bench-budget`: an hour of a team of 5, 10, 25 and 50, each beside a plain proxy (bench/hour.py)."""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from bench.figures import Figure
from bench.server import ROOT

TEAMS = (5, 10, 25, 50)
# Agents in the largest team that one key must carry without a 429.
HELD_TO = 25


def main() -> int:
    figures = [figure for agents in TEAMS for figure in _team(agents)]
    missed = [figure.name for figure in figures if figure.missed]
    for name in missed:
        print(f"MISSED: {name}")
    return 1 if missed else 0


def _team(agents: int) -> list[Figure]:
    """The figures of a team, each printed as it comes; only one team is held to bars."""
    print(f"\n{agents} agents", flush=True)
    proxy = _hour(agents, "proxy")
    figures = [
        Figure("plain proxy: calls it would take", proxy["calls"], "calls"),
        Figure("plain proxy: of them refused (429)", proxy["refused"], "calls"),
        *_ours(agents, "feed", "by the feed", 20),
        *_ours(agents, "webhooks", "with webhooks", 3),
    ]
    for figure in figures:
        print(figure, flush=True)
    return figures


def _ours(agents: int, kind: str, name: str, visible: float) -> list[Figure]:
    hour, held = _hour(agents, kind), agents == HELD_TO
    purposes = ", ".join(f"{purpose} {spent}" for purpose, spent in hour["purposes"].items())
    return [
        Figure(f"{name}: calls", sum(hour["lanes"].values()), "calls", 1000 if held else None, purposes),
        *(Figure(f"{name}: lane {lane}", spent, "calls") for lane, spent in hour["lanes"].items()),
        Figure(f"{name}: refused (429)", hour["refused"], "calls", 0 if held else None),
        Figure(f"{name}: reads that had to wait", hour["reads_refused"], "", 0 if held else None),
        Figure(f"{name}: changes by others visible after, p50", hour["p50"], "s"),
        Figure(f"{name}: changes by others visible after, p95", hour["p95"], "s", visible if held else None),
        Figure(f"{name}: not visible when the hour ended", hour["missed"]),
    ]


def _hour(agents: int, kind: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="desk-hour-") as folder:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        done = subprocess.run(
            [sys.executable, "-m", "bench.hour", str(agents), kind],
            cwd=ROOT,
            env=kept | {"DATA_DIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise SystemExit(f"The hour of {agents} agents ({kind}) broke off:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
