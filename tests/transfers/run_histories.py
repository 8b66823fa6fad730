"""Plays many random histories of runs and their undos (`histories`), on data of its own, and prints what is wrong.

    python -m tests.transfers.run_histories --histories 2000 --seed 0

A history is repeated by its seed: `--histories 1 --seed 417`.
"""

import argparse
import os
import sys
import time

from tests.faults.apart import apart


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--histories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    parser.add_argument("--here", action="store_true", help="in this very process, whose DATA_DIR is empty")
    chosen = parser.parse_args()
    if not chosen.here:
        done = apart("tests.transfers.run_histories", histories=chosen.histories, seed=chosen.seed)
        _say(done.stdout + (done.stderr[-3000:] if done.returncode else ""))
        return done.returncode
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # noqa: PLC0415

    django.setup()
    return _play(range(chosen.seed, chosen.seed + chosen.histories))


def _play(seeds: range) -> int:
    from tests.faults.run import seeded  # noqa: PLC0415
    from tests.transfers import histories  # noqa: PLC0415 - Django is set up by now

    begin = time.monotonic()
    seeded(10)
    wrong, seen = histories.play(seeds, say=_say)
    _say(f"{len(seeds)} histories in {time.monotonic() - begin:.0f} s: {len(wrong)} wrong. {dict(seen)}")
    return 1 if wrong else 0


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
