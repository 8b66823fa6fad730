"""Writes the tickets of a team: who, about what, when, and the whole thread."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sandbox.demo import threads, timeline
from sandbox.demo.people import Profile
from sandbox.demo.plots import Plots
from sandbox.demo.scenarios import interludes
from sandbox.demo.script import Scenario
from sandbox.demo.shapes import Customer, Message, Person, Ticket
from sandbox.demo.slots import Brand, Slots

STATUSES = {"new": 14, "open": 22, "pending": 18, "resolved": 26, "closed": 20}
ASSIGNED = {"new": 0.12, "open": 0.8, "pending": 0.96, "resolved": 0.97, "closed": 0.97}

# How many minutes ago the freshest tickets were touched, so that a desk looks alive when it is opened.
_FRESH = (1, 3, 7, 12, 21, 34, 52)
_LONG = 10  # a scenario of more beats is not worth telling by its first message alone
_SOURCES = ("email", "email", "email", "widget", "widget", "portal", "api")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part in a ticket: the customer, the agent who answers, a colleague, and whoever decides."""

    writer: Profile
    agent: Person
    peer: Person
    lead: Person

    def given_names(self) -> dict[str, str]:
        """Return the first names by the slots that stand for them."""
        return {"agent": _given(self.agent), "peer": _given(self.peer), "lead": _given(self.lead)}


class Desk:
    """The tickets of a team, made anew from the seed by each iteration: any number of them, in no memory."""

    def __init__(
        self, *, seed: str, product: str, brand: Brand, members: Sequence[Person], count: int, now: datetime
    ) -> None:
        """Take everything but the customers, who come with `serve`."""
        self.seed, self.product, self.brand, self.count, self.now = seed, product, brand, count, now
        self.agents = [member for member in members if member.role == "agent"]
        self.lead = next(member for member in members if member.role == "manager")
        self.pairs: list[tuple[Profile, Customer]] = []
        self.by_locale: dict[str, list[int]] = {}

    def serve(self, profiles: Sequence[Profile], customers: Sequence[Customer]) -> None:
        """Let these customers write in; the two lists go together."""
        self.pairs = list(zip(profiles, customers, strict=True))
        for index, profile in enumerate(profiles):
            self.by_locale.setdefault(profile.locale, []).append(index)

    def __len__(self) -> int:
        """Count the tickets without making them."""
        return self.count

    def __iter__(self) -> Iterator[Ticket]:
        """Make the tickets, from the first."""
        rng = Random(self.seed)
        plots = Plots(rng, self.product)
        for index in range(self.count):
            yield self._ticket(rng, plots, index)

    def _ticket(self, rng: Random, plots: Plots, index: int) -> Ticket:
        priority, scenario = plots.next(index)
        fresh = index < len(_FRESH)
        status = _status(rng, scenario, fresh=fresh)
        writer, customer = self._customer(rng, scenario.locale)
        variant = plots.opening(scenario)
        opening = first_message(rng, scenario, variant, writer)
        lines = threads.conversation(rng, scenario, opening, variant, status)
        done = status in {"resolved", "closed"}
        kinds = [line.kind for line in lines] + ["resolve"] * (done and lines[-1].role != "system")
        end = self.now - timedelta(minutes=_FRESH[index]) if fresh else timeline.last_event(rng, status, self.now)
        moments = timeline.times(rng, kinds, end, self.now, urgent=priority == "urgent", exact=fresh)
        cast = self._cast(rng, writer)
        slots = Slots(rng, self.brand, writer, moments[0], cast.given_names())
        return Ticket(
            id=f"tkt_{rng.getrandbits(128):032x}",
            title=slots.fill(plots.subject(scenario, variant)),
            status=status,
            priority=priority,
            customer_id=customer.id,
            assigned_to=cast.agent.id if rng.random() < ASSIGNED[status] else None,
            tags=_tags(rng, scenario.tags, lines),
            notes=slots.fill(rng.choice(interludes.NOTES)) if rng.random() < 0.12 and status != "new" else None,
            metadata=metadata_of(rng, slots),
            created_at=moments[0],
            updated_at=moments[-1],
            resolved_at=moments[-1] if done else None,
            messages=_messages(rng, lines, moments, cast, slots),
        )

    def _customer(self, rng: Random, locale: str) -> tuple[Profile, Customer]:
        """Pick who writes; some write far more often than others."""
        some = self.by_locale.get(locale) or range(len(self.pairs))
        return self.pairs[some[int(len(some) * rng.random() ** 1.5)]]

    def _cast(self, rng: Random, writer: Profile) -> Cast:
        """Choose who answers and who helps with it; now and then the manager answers in person."""
        agent, peer, other = rng.sample(self.agents, 3)
        if rng.random() < 0.1:
            return Cast(writer, agent=self.lead, peer=peer, lead=other)
        return Cast(writer, agent=agent, peer=peer, lead=self.lead)


def _messages(
    rng: Random, lines: list[threads.Line], moments: list[datetime], cast: Cast, slots: Slots
) -> list[Message]:
    messages = []
    answers = 0
    for line, moment in zip(lines, moments, strict=False):  # the moment of resolution has no line
        text = slots.fill(line.text)
        if line.role == "agent":
            answers += 1
            text = _signed(rng, text, answers, slots["first"], cast.agent)
        sender, name = _sender(rng, line, cast)
        messages.append(Message(f"msg_{rng.getrandbits(48):012x}", text, sender, name, line.role == "note", moment))
    return messages


def _sender(rng: Random, line: threads.Line, cast: Cast) -> tuple[str, str]:
    if line.role in {"customer", "thanks"}:
        return "customer", cast.writer.name
    if line.role == "system":
        return "system", "Automation"
    # A colleague may leave a note, but not one in which they are spoken of.
    by_peer = line.role == "note" and "{peer}" not in line.text and rng.random() < 0.35
    return "agent", cast.peer.name if by_peer else cast.agent.name


def first_message(rng: Random, scenario: Scenario, variant: int, writer: Profile) -> str:
    """Write a first message with the customer's own greeting, and sometimes a sentence more; one-liners stay bare."""
    if variant >= len(scenario.openings):
        return scenario.one_liners[variant - len(scenario.openings)]
    body = scenario.openings[variant]
    aside = rng.choice(interludes.ASIDES) if rng.random() < 0.35 else ""
    return "\n\n".join(part for part in (writer.hello, body, aside, writer.bye) if part)


def _signed(rng: Random, body: str, answers: int, called: str, agent: Person) -> str:
    """Dress an answer as agents do: with care the first time, briefly later on."""
    if answers == 1:
        return f"Hi {called},\n\n{body}\n\nBest regards,\n{agent.name}"
    if answers > 4 or rng.random() < 0.4:
        return body
    return f"Hi {called},\n\n{body}\n\n{_given(agent)}"


def _given(person: Person) -> str:
    return person.name.split()[0]


def _tags(rng: Random, usual: tuple[str, ...], lines: list[threads.Line]) -> list[str]:
    """Tag as a team does: nobody has got round to some of the untouched ones, long ones are marked."""
    if len(lines) == 1 and rng.random() < 0.4:
        return []
    extra = ["escalated"] if len(lines) > 7 and "escalated" not in usual and rng.random() < 0.4 else []
    return [*usual, *extra]


def metadata_of(rng: Random, slots: Slots) -> dict[str, str]:
    metadata = {"source": rng.choice(_SOURCES), "plan": slots["plan"]}
    if metadata["source"] == "widget":
        metadata["browser"] = slots["browser"]
    if rng.random() < 0.3:
        metadata["app_version"] = slots["version"]
    return metadata


def _status(rng: Random, scenario: Scenario, *, fresh: bool) -> str:
    """Choose a status; what was touched minutes ago is still at work."""
    if fresh:
        status = rng.choice(("new", "open", "open", "pending"))
    else:
        status = rng.choices(list(STATUSES), list(STATUSES.values()))[0]
    return "open" if status == "new" and len(scenario.beats) > _LONG else status
