"""The resources of this desk. An app registers its own in `apps.py`."""

from __future__ import annotations

from core import navigation
from replica.resource import Follower, Resource

_resources: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    for resource in resources:
        _resources[resource.name] = resource
        if resource.section:
            navigation.announce(resource.section, order=resource.section_order)


def get(name: str) -> Resource:
    return _resources[name]


def resources() -> list[Resource]:
    """All of them, in the order in which they are to be filled."""
    return sorted(_resources.values(), key=lambda resource: resource.order)


def of_audit_type(audit_type: str) -> list[Resource]:
    """The resources of which entries with this `resourceType` tell."""
    return [resource for resource in resources() if resource.audit_type == audit_type]


def followers(name: str) -> list[Follower]:
    """What is to be called when rows of the resource `name` were written."""
    return [follower for resource in resources() for follower in resource.follows.get(name, ())]
