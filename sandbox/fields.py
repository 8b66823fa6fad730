"""The values that request bodies are made of: their types and bounds, and what makes them clean.

Bounds are the sandbox's own where the pages print none; `docs/sandbox.md` lists them.
"""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from msgspec import UNSET, Meta, UnsetType

from sandbox import errors, times

Title = Annotated[str, Meta(max_length=500)]
Name = Annotated[str, Meta(max_length=200)]
Email = Annotated[str, Meta(max_length=254)]
Notes = Annotated[str, Meta(max_length=50_000)]
Content = Annotated[str, Meta(max_length=100_000)]
Status = Annotated[str, Meta(max_length=50)]
Reference = Annotated[str, Meta(max_length=100)]
Priority = Literal["low", "normal", "high", "urgent"]
Sender = Literal["agent", "customer", "system"]
CustomerStatus = Literal["active", "inactive"]
Sentiment = Literal["positive", "neutral", "negative"]
ArticleStatus = Literal["draft", "published", "archived"]
# An array of texts, or one text with commas, which the reference also allows.
Tags = list[str] | str
Metadata = dict[str, Any]

MAX_TAGS, MAX_TAG = 50, 100
MAX_METADATA_KEYS, MAX_METADATA_KEY, MAX_METADATA_BYTES, MAX_METADATA_DEPTH = 50, 100, 64 * 1024, 10

__all__ = ["UNSET", "UnsetType"]


def given(shape: msgspec.Struct) -> dict[str, Any]:
    """The fields that the body really held, by the struct's names."""
    values = ((name, getattr(shape, name)) for name in shape.__struct_fields__)
    return {name: value for name, value in values if value is not UNSET}


def clean_tags(tags: Tags) -> list[str]:
    """Trimmed, without empty ones and doubles, in the order given."""
    words = tags.split(",") if isinstance(tags, str) else tags
    cleaned = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(cleaned) > MAX_TAGS:
        raise errors.invalid(f"tags may hold at most {MAX_TAGS} tags", "tags")
    for tag in cleaned:
        check_tag(tag, "tags")
    return cleaned


def check_tag(tag: str, param: str) -> None:
    if len(tag) > MAX_TAG or any(char < " " or char == "\x7f" for char in tag):
        raise errors.invalid(f"A tag is at most {MAX_TAG} characters, none of them a control character", param)


def merged_metadata(before: Metadata, patch: Metadata) -> Metadata:
    """Keys kept, added, replaced, and removed where the patch says null."""
    merged = {key: value for key, value in {**before, **patch}.items() if value is not None}
    if len(merged) > MAX_METADATA_KEYS:
        raise errors.invalid(f"metadata may hold at most {MAX_METADATA_KEYS} keys", "metadata")
    if any(len(key) > MAX_METADATA_KEY for key in merged) or _too_deep(merged, MAX_METADATA_DEPTH):
        rule = (
            f"metadata keys are at most {MAX_METADATA_KEY} characters, values at most {MAX_METADATA_DEPTH} levels deep"
        )
        raise errors.invalid(rule, "metadata")
    if len(msgspec.json.encode(merged)) > MAX_METADATA_BYTES:
        raise errors.invalid(f"metadata may take at most {MAX_METADATA_BYTES // 1024} kB", "metadata")
    return merged


def _too_deep(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    items = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(_too_deep(item, levels - 1) for item in items)


def clean_email(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError:
        raise errors.invalid("email must be a valid email address", "email") from None
    return email


def required_text(value: str, param: str) -> str:
    """Trimmed; 400 when nothing is left."""
    if not value.strip():
        raise errors.invalid(f"{param} must not be empty", param)
    return value.strip()


def moment(text: str, param: str) -> datetime:
    try:
        return times.parse(text)
    except ValueError:
        raise errors.invalid(f"{param} must be an ISO 8601 time", param) from None
