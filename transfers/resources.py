"""Which resources can be transferred, and the lists that bulk edits and exports are made of."""

from itertools import product
from typing import Any

from django.db.models import QuerySet

from replica import registry
from replica.listing import filters_of, matching
from replica.resource import Resource
from replica.transfer import Transfer
from teams.models import Team
from teams.viewer import Viewer


def transferable() -> dict[str, Resource]:
    """The resources that cStar's /bulk, /import and /export know, by name."""
    return {resource.name: resource for resource in registry.resources() if resource.is_transferable}


def in_order() -> list[Resource]:
    """Those in the order in which the navigation has them."""
    return sorted(transferable().values(), key=lambda resource: resource.section_order)


def transfer_of(resource: str) -> Transfer:
    """How a resource is exported, imported and edited in bulk. KeyError for one that is not."""
    found = registry.get(resource).transfer
    if found is None:
        raise KeyError(resource)
    return found


def listed(viewer: Viewer, resource: Resource, address: str) -> QuerySet[Any]:
    """The objects of the list with this address, in its order."""
    form = filters_of(resource, address)
    return matching(viewer, resource, form).order_by(*form.order)


def export_filters(resource: Resource, team: Team) -> list[dict[str, str]]:
    """The filters of the exports that together bring more than one export can."""
    values = transfer_of(resource.name).parts(team)
    return [dict(zip(values, found, strict=True)) for found in product(*values.values())]
