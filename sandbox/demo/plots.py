"""Deals out what the tickets are about, so that each text is used once before any is used twice."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import TypeVar

from sandbox.demo.scenarios import everyday_scenarios, singular_scenarios
from sandbox.demo.script import Scenario

PRIORITIES = {"low": 15, "normal": 55, "high": 22, "urgent": 8}

_SINGULAR_EVERY = 17  # one ticket in so many is a singular one, as long as they last

T = TypeVar("T")


class Plots:
    """The decks of a team: scenarios by priority, and the openings and subjects of each."""

    def __init__(self, rng: Random, product: str) -> None:
        self.rng = rng
        everyday = everyday_scenarios(product)
        self.by_priority = {
            priority: _deal(rng, [each for each in everyday if priority in each.priorities]) for priority in PRIORITIES
        }
        self.singular = singular_scenarios(product)
        self.openings: dict[Scenario, Iterator[int]] = {}
        self.subjects: dict[Scenario, Iterator[str]] = {}

    def next(self, index: int) -> tuple[str, Scenario]:
        """Choose priority and scenario of the ticket of that number."""
        turn, rest = divmod(index, _SINGULAR_EVERY)
        if rest == _SINGULAR_EVERY - 1 and turn < len(self.singular):
            scenario = self.singular[turn]
            return self.rng.choice(scenario.priorities), scenario
        priority = self.rng.choices(list(PRIORITIES), list(PRIORITIES.values()))[0]
        return priority, next(self.by_priority[priority])

    def opening(self, scenario: Scenario) -> int:
        """Choose the place of a first message among the scenario's openings and one-liners."""
        if scenario not in self.openings:
            self.openings[scenario] = _deal(self.rng, range(scenario.openings_count))
        return next(self.openings[scenario])

    def subject(self, scenario: Scenario, variant: int) -> str:
        """Choose the title: the one that goes with the opening, if there are as many of them."""
        if len(scenario.subjects) == scenario.openings_count:
            return scenario.subjects[variant]
        if scenario not in self.subjects:
            self.subjects[scenario] = _deal(self.rng, scenario.subjects)
        return next(self.subjects[scenario])


def _deal(rng: Random, items: Sequence[T]) -> Iterator[T]:
    """Hand out the items in random order, again and again."""
    while True:
        yield from rng.sample(items, len(items))
