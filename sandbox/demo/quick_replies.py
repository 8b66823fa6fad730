"""Texts that agents insert with a few keys: (title, shortcut, content)."""

ALL = (
    (
        "Greeting",
        "hi",
        """Hi {{customer.first_name}},

        thank you for getting in touch. I'm {{agent.name}} and I'm looking into this for you.""",
    ),
    (
        "Ask for details",
        "details",
        """To find the cause, I need three things:

        1. What did you do just before it happened?
        2. What did you expect, and what came instead?
        3. Which browser or app version do you use?

        A screenshot of the **whole** window often answers all three.""",
    ),
    (
        "Handed to the developers",
        "dev",
        """Hi {{customer.first_name}},

        I could reproduce this and handed it to our developers. I can't promise a date, but I keep this ticket
        open and will write as soon as there's news.

        {{agent.name}}""",
    ),
    (
        "Refund issued",
        "refund",
        """The refund is on its way to the card that you paid with. Banks usually show it within three to five
        working days; a credit note is under **Settings > Billing > Credit notes**.""",
    ),
    (
        "Known outage",
        "outage",
        """Hi {{customer.first_name}},

        this is on our side and we're working on it. You find the current state on our status page; I'll also
        write to you here when it's over. Sorry for the trouble!

        {{agent.name}}""",
    ),
    (
        "Clear the cache",
        "cache",
        """Please reload the page without the cache: **Ctrl + Shift + R** (on a Mac: **Cmd + Shift + R**). If
        it still looks the same, try a private window and tell me whether that makes a difference.""",
    ),
    (
        "Verify identity",
        "verify",
        """Before I change anything about access, I have to be sure that it's you. Please reply **from
        {{customer.email}}** with the last four digits of the card on file and the number of any invoice of
        this year.""",
    ),
    (
        "Feature request noted",
        "wish",
        """Thank you for the idea, {{customer.first_name}}! I've added your vote and a link to this
        conversation, so that the product team can ask you about the details. We write to everybody who asked
        once it's there.""",
    ),
    (
        "Waiting for your answer",
        "nudge",
        """Hi {{customer.first_name}},

        did you have a chance to try this? If it's settled, there's nothing you need to do; otherwise just reply here.

        {{agent.name}}""",
    ),
    (
        "Close after silence",
        "bye",
        """I haven't heard back from you, so I'm closing ticket {{ticket.id}} for now. A reply opens it again,
        whenever you like.""",
    ),
    (
        "Out of office hours",
        "night",
        """Hi {{customer.first_name}},

        your message reached us outside our hours (Monday to Friday, 8 to 18). We'll answer first thing on the
        next working day. If your whole team can't work, put **URGENT** into the subject: that wakes someone up.""",
    ),
    (
        "How did we do?",
        "csat",
        """Glad that it works again! If you have ten seconds, a click on one of the faces below tells us how we
        did. Have a good day, {{customer.first_name}}!

        {{agent.name}}""",
    ),
)
