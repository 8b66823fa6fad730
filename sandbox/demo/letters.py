"""First messages as they come in while somebody watches: the story's scenarios, told by customers who are there."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sandbox.demo import people
from sandbox.demo.plots import Plots
from sandbox.demo.slots import BRANDS, Slots
from sandbox.demo.tickets import first_message, metadata_of


@dataclass(frozen=True, slots=True)
class Letter:
    """A ticket before anybody has touched it."""

    title: str
    priority: str
    text: str
    metadata: dict[str, str]


class Letters:
    """The letters of one product's customers: each text comes once before any comes twice."""

    def __init__(self, rng: Random, product: str) -> None:
        self.rng, self.brand, self.plots = rng, BRANDS[product], Plots(rng, product)

    def write(self, name: str, email: str, now: datetime) -> Letter:
        """Let the customer of that name write about something of every day."""
        priority, scenario = self.plots.next(0)
        variant = self.plots.opening(scenario)
        writer = people.known(self.rng, name, email)
        slots = Slots(self.rng, self.brand, writer, now, {})
        return Letter(
            title=slots.fill(self.plots.subject(scenario, variant)),
            priority=priority,
            text=slots.fill(first_message(self.rng, scenario, variant, writer)),
            metadata=metadata_of(self.rng, slots),
        )
