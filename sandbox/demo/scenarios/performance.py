"""Slow pages, hungry tabs and search."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="performance",
        priorities="normal high",
        subjects=("List takes {few} seconds to load", "Slow with many records", "Dashboard slow for admins"),
        openings=(
            """The main list takes around {few} seconds to open for admins, for others it's quick. We have
            {count} records. From the network tab:

            ```
            GET /api/internal/list?scope=all   {ms} ms (TTFB)
            GET /static/app.js                   41 ms
            ```""",
            """I know that we have a lot of data, but a click on *All* gives me time to make coffee. It was
            fine until about {last_month}.""",
        ),
        beats=(
            agent(
                """Thanks, the timing helps. Your saved default view sorts by a custom field, and for that
                there's no index. As a first aid: sort by *Updated*. I've asked the developers to add the index
                for your workspace.""",
            ),
            note("EXPLAIN shows a sequential scan on custom_values. {peer} will add a partial index tonight."),
            WAIT,
            agent("The index is in place. I measure 180 ms now, before it was {ms} ms. How is it for you?"),
            thanks("Instant. No more coffee for me then.", "Wow, that's a difference. Thank you!"),
        ),
    ),
    scenario(
        tags="performance bug",
        priorities="normal",
        subjects=("Browser tab uses 3 GB of memory", "Tab crashes after some hours", "{browser} gets slower all day"),
        openings=(
            """If I leave {product} open all day, the tab grows to 3 GB and becomes unusable around lunch.
            {browser}, {os}. Reload helps.""",
            """Every afternoon: "A web page is slowing down your browser". It's always yours. Memory profile
            attached, I see thousands of detached DOM nodes under `NotificationList`.""",
        ),
        beats=(
            agent(
                """Your hint at `NotificationList` was spot on: each update kept the previous list alive. It's
                fixed in our test version. Meanwhile, closing the notification panel (it's the open panel that
                leaks) avoids it.""",
            ),
            WAIT,
            agent("{version_next} is live. Please reload once; after that the tab should stay below 300 MB all day."),
            thanks("Eight hours, 240 MB. 👏", "Seems solved."),
        ),
    ),
    scenario(
        tags="performance how-to",
        priorities="normal low",
        subjects=("Search doesn't find anything", "Search results irrelevant", "Can't find an old entry"),
        openings=(
            """I search for "{colleague}" and get hundreds of results, but not the one whose title is exactly
            that. How does the search decide?""",
            """Search for part of a number doesn't work: {invoice} is found, the last five digits aren't. Our
            customers only ever tell us the last digits on the phone.""",
        ),
        beats=(
            agent(
                """Two tricks: `title:"..."` in quotes searches titles only, and `*` stands for any characters,
                so `*{invoice_tail}` finds numbers by their end. All of it is at {help}/search/operators.""",
            ),
            customer(
                "Great. Does it search in attachments too?", "The star works. Can that be the default for numbers?"
            ),
            agent(
                """PDF and Word are searched, with the plan {plan_b}.""",
                """That's a good idea; I've written it down as {eng}.""",
            ),
        ),
    ),
]
