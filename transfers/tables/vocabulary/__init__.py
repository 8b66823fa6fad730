"""What other tools call things: data in TOML files, read once.

calendar   months, weekdays and time zones as dates write them
heads      heads of columns by resource, field and language
tools      the tools whose exports are known, by their heads
words      words of other tools that mean a value of ours
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


@cache
def load(name: str) -> dict[str, Any]:
    """The content of `<name>.toml`."""
    with (_FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
