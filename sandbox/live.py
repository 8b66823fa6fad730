"""The demo that lives: customers write, answer and ask for news, and now and then a colleague lends a hand.

Everything goes the way of the API, so that the audit log and the webhooks hear of it; who acts there is the customer or
the member, not a key.
"""

from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from sandbox import times
from sandbox.api import Call, carry_out
from sandbox.changes import Actor
from sandbox.demo import small_talk, story
from sandbox.demo.letters import Letters
from sandbox.demo.scenarios.interludes import CHASERS
from sandbox.ids import new_id
from sandbox.models import Customer, Member, Message, Team, Ticket
from sandbox.params import Params
from sandbox.resources import messages, tickets
from sandbox.seeding import ACME, GLOBEX

PAUSE = (8.0, 22.0)  # seconds between two things
# A customer answers a reply when it is that old: they have read it, and still sit at their desk.
SOONEST, LATEST = timedelta(seconds=20), timedelta(seconds=90)
ANSWERED = 0.8  # chance that a reply which can be answered is what happens next
PATIENCE = timedelta(hours=1)  # before a customer asks for news
AT_HAND = 40  # of the tickets touched last, how many a colleague looks at

Row = TypeVar("Row", bound=Model)


class Live:
    """What happens next at the demo's teams, decided by `rng`; one small thing a step."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.letters = {demo.id: Letters(rng, story.product_of(demo.name)) for demo in (ACME, GLOBEX)}

    def step(self) -> str:
        """Lets one thing happen and tells what; "" when there was nothing to do, or no demo to do it in."""
        scenes = [
            Scene(self.rng, team, self.letters[str(team.uuid)])
            for team in Team.objects.filter(uuid__in=self.letters).order_by("id")
        ]
        if not scenes:
            return ""
        replied = [(scene, said) for scene in scenes for said in scene.fresh_replies()]
        if replied and self.rng.random() < ANSWERED:
            scene, said = self.rng.choice(replied)
            return scene.answer(said)
        return self.rng.choice(scenes).go_on()


class Scene:
    """One team at this moment."""

    def __init__(self, rng: Random, team: Team, letters: Letters) -> None:
        self.rng, self.team, self.letters = rng, team, letters
        self.active = [row["id"] for row in team.statuses if row["kind"] != "closed"]

    def fresh_replies(self) -> list[Message]:
        """What agents wrote to customers just now and nobody has answered yet."""
        now = times.now()
        rows = self._tickets().filter(updated_at__gte=now - LATEST, customer__isnull=False).order_by("updated_at", "id")
        last = filter(None, map(self._last_word, rows))
        return [said for said in last if said.sender == "agent" and SOONEST <= now - said.created_at <= LATEST]

    def answer(self, said: Message) -> str:
        """The customer answers; a ticket that was pending is open again by that."""
        return self._customer_says(said.ticket, small_talk.answer(self.rng, said.content), "answered")

    def go_on(self) -> str:
        """Something that nobody waits for. What cannot happen just now is told as ""."""
        return self.rng.choices((self._write_in, self._ask_for_news, self._lend_a_hand), (45, 20, 35))[0]()

    def _write_in(self) -> str:
        """A new ticket, as a mail becomes one: the ticket and its first message at once."""
        customer = self._pick(Customer.objects.filter(team=self.team, status="active"))
        if customer is None:
            return ""
        letter = self.letters.write(customer.name, customer.email, times.now())
        ticket = {"title": letter.title, "priority": letter.priority, "metadata": letter.metadata}
        message = {"content": letter.text, "sender": "customer", "senderName": customer.name}

        def write(call: Call) -> None:
            call.body = {**ticket, "customerId": customer.id}
            made = tickets.ticket_create(call)
            call.body = message
            messages.message_create(call, made.data["id"])

        carry_out(self._call(customer), write)
        return f"{customer.name} wrote in: {letter.title}"

    def _ask_for_news(self) -> str:
        """Somebody whose ticket has lain still for a while loses patience."""
        still = self._tickets().filter(updated_at__lte=times.now() - PATIENCE, customer__isnull=False)
        ticket = self._pick(still.exclude(status="pending"))
        return self._customer_says(ticket, self.rng.choice(CHASERS), "asked for news") if ticket else ""

    def _lend_a_hand(self) -> str:
        """A colleague takes a ticket that nobody has, answers one, or gives one another priority."""
        colleague = self._pick(self._colleagues())
        at_hand = list(self._tickets().order_by("-updated_at", "-id")[:AT_HAND])
        if colleague is None or not at_hand:
            return ""
        ticket = self.rng.choice(at_hand)
        said = self._last_word(ticket)
        owed = bool(ticket.customer and said and said.sender == "customer")
        patch: dict[str, Any] = {}
        if ticket.assigned_to_id is None:
            patch = {"assignedTo": colleague.id} | ({"status": "open"} if ticket.status == "new" else {})
        elif not owed or self.rng.random() < 0.5:
            patch = {"priority": self.rng.choice([each for each in tickets.PRIORITIES if each != ticket.priority])}
            owed = False
        self._colleague_acts(colleague, ticket, patch, answers=owed)
        return f"{colleague.name} {'answered' if owed else 'changed'}: {ticket.title}"

    def _colleague_acts(self, colleague: Member, ticket: Ticket, patch: dict[str, Any], *, answers: bool) -> None:
        """A reply leaves the ticket waiting for the customer."""

        def act(call: Call) -> None:
            if answers and ticket.customer:
                text = small_talk.reply(self.rng, ticket.customer.name, colleague.name, first=ticket.status == "new")
                call.body = {"content": text, "sender": "agent", "senderName": colleague.name}
                messages.message_create(call, ticket.id)
            call.body = {**patch, "status": "pending"} if answers else patch
            tickets.ticket_update(call, ticket.id)

        carry_out(self._call(colleague), act)

    def _customer_says(self, ticket: Ticket, text: str, how: str) -> str:
        customer = ticket.customer
        if customer is None:
            return ""

        def say(call: Call) -> None:
            call.body = {"content": text, "sender": "customer", "senderName": customer.name}
            messages.message_create(call, ticket.id)

        carry_out(self._call(customer), say)
        return f"{customer.name} {how}: {ticket.title}"

    def _call(self, actor: Customer | Member) -> Call:
        """A call as the API makes one. The team's key stands in it for form's sake: `actor` is who acts."""
        key = self.team.keys.filter(is_secret=True).earliest("id")
        return Call(key, self.team, Actor(actor.id, actor.name), Params({}), new_id("req_"))

    def _tickets(self) -> QuerySet[Ticket]:
        return Ticket.objects.filter(team=self.team, status__in=self.active).select_related("customer")

    def _colleagues(self) -> QuerySet[Member]:
        """Agents whom nobody has signed in as: it would be odd to watch oneself."""
        return Member.objects.filter(team=self.team, role="agent").exclude(email__in=story.MEMBER_BY_ROLE.values())

    def _last_word(self, ticket: Ticket) -> Message | None:
        """The last message that the customer can see."""
        return ticket.messages.filter(is_internal=False).order_by("-created_at", "-id").first()

    def _pick(self, rows: QuerySet[Row]) -> Row | None:
        """Any of the rows, the same for the same `rng`."""
        count = rows.count()
        return rows.order_by("id")[self.rng.randrange(count)] if count else None
