"""The categories of the help centre, in the order in which customers see them."""

from typing import NamedTuple


class Draft(NamedTuple):
    """A category before it has an id; `product` is empty where it fits every product."""

    name: str
    icon: str
    color: str
    description: str
    product: str = ""


ALL = (
    Draft(
        "Getting started",
        "rocket",
        "#0f766e",
        "From an empty workspace to one that your colleagues can use: first steps, people, notifications.",
    ),
    Draft(
        "Everyday work",
        "calendar",
        "#2563eb",
        "Calendars, reminders and reports, for those who work with them every day.",
        product="tidepool",
    ),
    Draft(
        "Everyday work",
        "folder",
        "#2563eb",
        "Syncing, sharing and restoring files, on one device or on all of them.",
        product="harbor",
    ),
    Draft(
        "Account and security",
        "shield",
        "#b45309",
        "Signing in, second factors, and the personal data that we hold.",
    ),
    Draft(
        "Billing",
        "credit-card",
        "#7c3aed",
        "Invoices, payment, and how to leave with everything that is yours.",
    ),
)
