"""The thread of the ticket that is opened, the same for the desk and its peer. Imports no Django."""

MESSAGES = 20


def filler(number: int) -> str:
    """A message that makes a thread longer, in Markdown."""
    return f"This is message {number + 1}.\n\nIt has **two** paragraphs and a [link](https://example.com/)."
