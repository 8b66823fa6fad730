"""From a scenario to the lines of one conversation, cut where the ticket's status says it stands.

Variants that belong together stand at the same place: of two beats with equally many variants, the second follows the
choice made in the first. So an answer fits its question, and a question the opening that it goes back to.
"""

from dataclasses import dataclass
from random import Random

from sandbox.demo.scenarios import interludes
from sandbox.demo.script import Scenario

NOTE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """Something said; `kind` also decides how long it took to come."""

    role: str  # customer, agent, note, thanks, system
    kind: str
    text: str


def conversation(rng: Random, scenario: Scenario, opening: str, variant: int, status: str) -> list[Line]:
    """Write the thread of a ticket in the given status; `variant` is the place of its opening."""
    if status == "new":
        return _unanswered(rng, opening)
    lines = _whole(rng, scenario, opening, variant)
    if status == "open":
        return _cut(rng, lines, "customer")
    if status == "pending":
        return _cut(rng, lines, "agent")
    return _finished(rng, lines, status)


def _unanswered(rng: Random, opening: str) -> list[Line]:
    lines = [Line("customer", "customer", opening)]
    if rng.random() < 0.14:
        lines.append(Line("customer", "customer", rng.choice(interludes.IMPATIENT)))
    return lines


def _whole(rng: Random, scenario: Scenario, opening: str, variant: int) -> list[Line]:
    strands = {scenario.openings_count: variant}
    lines = [Line("customer", "customer", opening)]
    late = False
    for beat in scenario.beats:
        if beat.role == "wait":
            lines += _waiting(rng)
            late = True
        elif beat.role != "note" or rng.random() < NOTE_SHARE:
            count = len(beat.texts)
            strand = strands.setdefault(count, rng.randrange(count))
            lines.append(Line(beat.role, "late" if late else beat.role, beat.texts[strand]))
            late = False
    return lines


def _waiting(rng: Random) -> list[Line]:
    """Let the customer ask for news, and be put off, not at all or up to three times."""
    rounds = rng.choices((0, 1, 2, 3), (46, 34, 14, 6))[0]
    asked = rng.sample(interludes.CHASERS, rounds)
    answered = rng.sample(interludes.HOLDING, rounds)
    lines = []
    for question, answer in zip(asked, answered, strict=True):
        lines += [Line("customer", "late", question), Line("agent", "agent", answer)]
    return lines


def _cut(rng: Random, lines: list[Line], role: str) -> list[Line]:
    """Keep what was said up to one of the lines of `role`, sometimes with a note after it."""

    ends = [index for index, line in enumerate(lines) if line.role == role]
    if len(ends) > 5:  # a long story is told nearly to its end
        ends = ends[-3:]
    lines = lines[: rng.choice(ends) + 1]
    if rng.random() < 0.2:
        lines.append(Line("note", "note", rng.choice(interludes.NOTES)))
    return lines


def _finished(rng: Random, lines: list[Line], status: str) -> list[Line]:
    """End a conversation with thanks, in silence, or by giving up on the customer."""
    if rng.random() < 0.12:
        return [*_cut_after_answer(rng, lines), Line("agent", "silence", rng.choice(interludes.GOODBYES))]
    asked = len(lines) > 1 and lines[-2].text.endswith("?")  # then silence would look like neglect
    if lines[-1].role == "thanks" and not asked and rng.random() < 0.3:
        lines = lines[:-1]
    if lines[-1].role == "agent":
        if status == "closed" and rng.random() < 0.4:
            return [*lines, Line("system", "system", interludes.AUTO_CLOSED)]
        if rng.random() < 0.35:
            return [*lines, Line("thanks", "thanks", rng.choice(interludes.GRATEFUL))]
    return lines


def _cut_after_answer(rng: Random, lines: list[Line]) -> list[Line]:
    ends = [index for index, line in enumerate(lines) if line.role == "agent"]
    return lines[: rng.choice(ends) + 1]
