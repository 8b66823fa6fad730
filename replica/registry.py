"""The resources of this desk. An app registers its own in `apps.py`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from activity import labels
from core import navigation, stored_texts
from replica.resource import Follower, Resource

_resources: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    for resource in resources:
        _resources[resource.name] = resource
        if resource.activity:
            actions = {f"{resource.audit_type}.{what}": words for what, words in resource.activity.items()}
            labels.register(resource.audit_type, resource.listing.title, actions)
        if resource.transfer:
            stored_texts.pattern(*resource.listing.count_texts())  # the record keeps how many were transferred
        if resource.section:
            navigation.announce(resource.section, order=resource.section_order)


def get(name: str) -> Resource:
    return _resources[name]


def names() -> Collection[str]:
    return _resources.keys()


def resources() -> list[Resource]:
    """All of them, in the order in which they are to be filled."""
    return sorted(_resources.values(), key=lambda resource: resource.order)


def of_audit_type(audit_type: str) -> list[Resource]:
    """The resources whose audit entries have this `resourceType`."""
    return [resource for resource in resources() if resource.audit_type == audit_type]


def followers(name: str) -> list[Follower]:
    """The functions to call after rows of the resource `name` were written."""
    return [follower for resource in resources() for follower in resource.follows.get(name, ())]


def handler_of(kind: str) -> Any:
    """How entries of this kind leave the outbox (`outbox.handlers.Handler`)."""
    return next(resource.writes[kind] for resource in resources() if kind in resource.writes)
