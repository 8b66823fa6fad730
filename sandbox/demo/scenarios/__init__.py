"""What customers write about, one module per theme."""

from sandbox.demo.scenarios import (
    api,
    billing,
    everyday,
    files,
    imports,
    languages,
    mobile,
    oddities,
    outages,
    performance,
    reports,
    requests,
    sagas,
    scheduling,
    security,
    signin,
    workspace,
)
from sandbox.demo.script import Scenario

_EVERYDAY = (
    api,
    billing,
    everyday,
    files,
    imports,
    mobile,
    outages,
    performance,
    reports,
    requests,
    scheduling,
    security,
    signin,
    workspace,
)


def everyday_scenarios(product: str) -> list[Scenario]:
    """List what happens again and again to the customers of a product."""
    return _fitting(product, _EVERYDAY)


def singular_scenarios(product: str) -> list[Scenario]:
    """List what a team sees once: long stories, foreign languages, messages of unusual form."""
    return _fitting(product, (sagas, oddities, languages))


def _fitting(product: str, modules: tuple) -> list[Scenario]:
    return [each for module in modules for each in module.SCENARIOS if each.product in {"", product}]
