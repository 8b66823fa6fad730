"""What a person wrote that no longer fits what cStar holds."""


class NotesConflictError(Exception):
    """Somebody else changed the notes since the page was made; `theirs` is what they are now."""

    def __init__(self, theirs: str):
        super().__init__("The notes were changed meanwhile")
        self.theirs = theirs
