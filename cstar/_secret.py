"""The API key, wrapped so that nothing prints it by accident."""

import re

_KEY = re.compile(r"(?:sk|pk)_(?:live|test)_[A-Za-z0-9_-]{1,200}\Z")


class Secret:
    """A key that shows only its kind in a repr, a log line, a debugger's page of local variables or a traceback."""

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        """Take a key (docs/cstar-api.md#keys); ValueError, whose text leaves the key out, for anything else."""
        if not isinstance(value, str) or not _KEY.match(value):
            raise ValueError(
                "A cStar key begins with sk_live_, sk_test_, pk_live_ or pk_test_ "
                "and holds only letters, digits, hyphens and underscores."
            )
        self.__value = value

    def reveal(self) -> str:
        return self.__value

    def scrub(self, text: str) -> str:
        """Return the text without the key, should an answer repeat it."""
        return text.replace(self.__value, "[key]")

    def __repr__(self) -> str:
        return f"Secret('{self.__value[:8]}…')"

    def __reduce__(self) -> str:
        raise TypeError("A key is never pickled.")
