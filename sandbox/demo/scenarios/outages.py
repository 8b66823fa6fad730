"""When it is down, or feels like it."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="outage",
        priorities="urgent",
        subjects=("502 Bad Gateway", "{product} is down", "SITE DOWN", "Nothing loads since {time}"),
        openings=(
            """{app} gives "502 Bad Gateway" for all of us since {time} ({city}). Your status page is all green.""",
            """We can't reach {product} at all. Tried from the office, from home, from a phone. traceroute ends
            at your load balancer:

            ```
             9  ae-2.edge3.example (203.0.113.9)  11.8 ms
            10  lb-eu-1.{product_host} (203.0.113.80)  12.1 ms
            11  * * *
            ```""",
        ),
        one_liners=("Is it down??", "DOWN. Again. {seats} people sitting here doing nothing.", "502 since {time}, fyi"),
        beats=(
            agent(
                """Confirmed, this is on our side. One of two database clusters in the EU failed over at {time}
                and didn't come back cleanly. All engineers are on it. Updates every 15 minutes: {status}""",
                """Yes, we see it as well, and I'm sorry. The team has found the cause and is restoring the service. I
                expect it to be back within {minutes} minutes and will write as soon as it is.""",
            ),
            note("Added to incident channel. Link all 502 tickets to {eng}, answer with the outage macro."),
            customer(
                "Any ETA? We have to tell our own customers something.", "Still down here. What do I tell my boss?"
            ),
            agent(
                """Service is back since a few minutes ago and error rates are normal. No data was lost;
                whatever was saved is there. The report with cause and consequences will be at {status} within
                two working days, and you're entitled to a service credit: just reply "credit" and I'll arrange it.""",
            ),
            thanks("Back for us too. Credit, please 🙂", "Works again. Thanks for the honest communication."),
        ),
    ),
    scenario(
        tags="outage notifications",
        priorities="high urgent",
        subjects=("E-mails arrive hours late", "Notifications delayed", "Mails are stuck"),
        openings=(
            """Notification mails from {product} arrive with {few} hours delay today. Headers show that they
            wait on your side:

            ```
            Received: from mail-out-3.{product_host} by mx.{domain}; {time}
            X-Queued-For: 13217s
            ```""",
            """Our customers complain that they get their confirmations in the middle of the night. Is there a
            problem with your mail server? It started on {date}.""",
        ),
        beats=(
            agent(
                """You're right, and thanks for the header. One of our sending addresses was throttled by a large mail
                provider, and the queue grew. We have moved the traffic to other addresses; new mails leave within a
                minute, the backlog is gone by this evening.""",
                """There was, and I'm sorry for the nightly surprises. One of our sending addresses was throttled by a
                large mail provider, and mails queued for hours. New ones leave within a minute again, and the backlog
                is gone by this evening.""",
            ),
            customer(
                "Some people got the same mail twice now, is that the backlog?", "Will the late ones still be sent?"
            ),
            agent(
                """The backlog is worked off now, and yes, a small number of mails went out twice when the
                queue was moved. That's over. We now watch the queue's age with an alert, which was missing before.""",
            ),
        ),
    ),
    scenario(
        tags="outage performance",
        priorities="urgent high",
        subjects=("Extremely slow since this morning", "Pages take a minute to load", "Timeouts everywhere"),
        openings=(
            """Everything takes ages since about {time}. Opening a single record: 40 seconds. Saving: timeout,
            then it was saved after all, then I had it twice.""",
            """Performance is terrible today. I timed it:

            | page | normally | today |
            |---|---|---|
            | dashboard | 1 s | 38 s |
            | search | 2 s | timeout |
            | export | 20 s | timeout |

            Our line is fine, other services are fast.""",
        ),
        one_liners=("sooo slow today 🐌 is it me or is it you",),
        beats=(
            agent(
                """It's us. A maintenance job on the database ran into working hours and took most of its
                capacity. It was stopped at {time}, and response times are going back to normal. Can you see it
                on your side?""",
            ),
            customer(
                "Better, yes. What about the records that were saved twice?",
                "Fast again. I have duplicates now though.",
            ),
            agent(
                """Please open **Tools > Duplicates** and filter by today: the pairs are next to each other and
                can be merged in one go. If there are more than fifty, tell me and we do it for you.""",
            ),
            thanks("Merged {few} of them. Fine again.", "All cleaned up, thanks."),
        ),
    ),
    scenario(
        tags="outage bug",
        priorities="high normal",
        subjects=("Data from yesterday is gone", "Entries disappeared", "Lost two hours of work"),
        openings=(
            """What I entered yesterday between {time} and the evening isn't there any more. {colleague} has the same
            problem. After the maintenance last night everything looks like the day before.""",
            """I worked on our setup all afternoon, saved many times, and today it's gone. I'm not angry, only
            tired. Can this be brought back or do I have to do it again?""",
        ),
        beats=(
            agent(
                """Please don't enter anything again yet. I've asked the database team to look at your
                workspace; what was saved is in the transaction log and can be brought back. I'll get back to
                you today.""",
            ),
            note(
                """{peer}: read replica was stale after maintenance. Data is there, the workspace reads from
                the wrong node."""
            ),
            WAIT,
            agent(
                """Good news: nothing was lost. After the maintenance your workspace was reading from a copy
                that was some hours behind. It has been pointed to the right one; please reload, and your
                entries should be back.""",
            ),
            thanks("Everything is back. I could hug you.", "Yes! It's all there. Phew. Thank you {agent}."),
        ),
    ),
]
