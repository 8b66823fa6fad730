"""How long texts may be. cStar documents no bounds: these are the sandbox's (docs/sandbox.md), in characters."""

MAX_TITLE = 500
MAX_NAME = 200
MAX_EMAIL = 254
MAX_NOTES = 50_000
MAX_CONTENT = 100_000
MAX_TAGS, MAX_TAG = 50, 100
# Kept as a draft, which nobody sends as it is.
MAX_DRAFT = 1_000_000
