"""Tickets that are unusual in form: long, foreign to Markdown, or hostile to a careless page. Each is told once."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        product="tidepool",
        tags="how-to integration",
        priorities="normal",
        subjects=("Embed code: where does the <script> go?",),
        openings=(
            """We want to embed {product} in our page. Your docs say to copy this:

            <script src="https://{app}/embed.js"></script>
            <div id="booking" onclick="alert('hello')"></div>

            Into <head> or <body>? And is `<b>bold</b>` allowed in the title? When I try "Fish & Chips <3" it
            shows &amp; and the heart disappears.""",
        ),
        beats=(
            agent(
                """At the end of `<body>`, right before `</body>`:

                ```html
                <div id="booking"></div>
                <script src="https://{app}/embed.js" defer></script>
                ```

                HTML isn't allowed in titles. "Fish & Chips <3" should simply work, though; I've filed it as {eng}.""",
            ),
            thanks("Works at the end of <body>. Thanks! <3"),
        ),
    ),
    scenario(
        tags="bug",
        priorities="normal",
        subjects=("Screenshot of the error",),
        openings=(
            """Since a picture says more than words:

            ![error screenshot](https://images.customer-uploads.example/2026/screenshot-0412.png)

            It comes up whenever I click *Apply*. You can also see it [here](https://www.{domain}/tmp/error.html).""",
        ),
        beats=(
            agent(
                """Thank you. For your protection our system doesn't load pictures from other servers, so I
                only see the link. Could you upload it at {help}/upload or paste the text of the error?""",
            ),
            customer("The text is: `Validation failed: period_end must be after period_start (E_PERIOD_17)`"),
            agent(
                """That's enough! The end of the period lies before its start, because the year in the second
                field is last year's."""
            ),
            thanks("Oh. OK, my mistake. Thanks!"),
        ),
    ),
    scenario(
        tags="bug reports",
        priorities="high",
        subjects=(
            "After the update on {date} the list of entries for the {city} office shows neither the column "
            '"Responsible person" nor the column "Cost centre", although both are ticked in the column settings, and '
            'only for people in the group "Back office (external)", but not if they open the list through the link in '
            "the morning mail",
        ),
        openings=(
            """As described in the subject. I think I wrote everything there already. Sorry, it's a habit from
            texting.""",
        ),
        beats=(
            agent(
                """I've rarely been so well informed by a subject line! The two columns hold personal data, and
                the group *Back office (external)* lost the right to see them with {version}. The link in the
                mail uses the rights of its sender, which is why they appear there.""",
            ),
            customer("That makes sense. Then the link in the mail is the actual bug, isn't it?"),
            note("Customer is right. Raised with security as {eng}."),
            agent(
                """Very much so. That's being corrected as {eng}; and an admin can give the group the right
                *See personal data*."""
            ),
        ),
    ),
    scenario(
        tags="bug",
        priorities="low",
        subjects=("Very long word breaks the layout",),
        openings=(
            """One of our records is called

            Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorstandsmitgliederversammlungsprotokollführerinnenstellvertretung

            and runs out of the box on all sides. It's a test, but our real ones aren't much shorter. Also
            https://{app}/a/very/long/address/that/goes/on/and/on/without/any/space/for/as/long/as/anyone/could/possibly/imagine?with=parameters&and=more&token=b7f3c2a19d8e4f60a1c5d2e3f4a5b6c7 does.""",  # noqa: E501 the point is its length
        ),
        beats=(
            agent(
                """A beautiful word. It will be wrapped in {version_next}; until then a soft hyphen (Alt+0173)
                in the middle tells the browser where it may break.""",
            ),
        ),
    ),
    scenario(
        tags="feature-request",
        priorities="low",
        subjects=("🎉🎉🎉",),
        openings=(),
        one_liners=(
            "just wanted to say: love the new version 😍🚀✨ keep going!!! 👩‍💻👨‍👩‍👧‍👦 (when is dark mode coming 🌚)",
        ),
        beats=(
            agent("You've just made the day of a whole team. 💙 Dark mode is in beta: **Profile > Appearance**."),
            thanks("😍😍😍"),
        ),
    ),
    scenario(
        tags="how-to",
        priorities="normal",
        subjects=("Re: Re: Fwd: AW: WG: your message from {date}",),
        openings=(
            """see below, can you answer this please? I'm only forwarding

            > > From: {colleague}
            > > To: info@{domain}
            > >
            > > Hello, do we have a contract with {product} and when does it end?
            > > Our auditor asks. Thx
            >
            > I don't know, ask {first}

            --\\
            {name} | {company} | {city}\\
            Please consider the environment before printing this e-mail.\\
            This message is confidential. If you are not the intended recipient, delete it, forget it, and move
            to another city.""",
        ),
        beats=(
            agent(
                """Gladly. {company} has the plan **{plan}** with {seats} seats, billed monthly, so there's no
                fixed end: it can be cancelled to the end of each month. As the contents of a contract are for
                its owner, I've only written what you can see in *Settings > Billing* too.""",
            ),
            thanks("forwarded, thx"),
        ),
    ),
    scenario(
        tags="bug security",
        priorities="normal",
        subjects=('Formula in name field: =HYPERLINK("http://evil.example","click")',),
        openings=(
            """Our tester entered these as names, and the CSV export gives them to Excel as they are. Excel
            then runs them:

            ```
            =HYPERLINK("http://evil.example","click")
            +cmd|' /C calc'!A0
            @SUM(1+1)*cmd
            '; DROP TABLE customers; --
            ```

            No harm done, but you may want to put an apostrophe before them.""",
        ),
        beats=(
            agent(
                """Thank you, that's a valid point and has been passed to security as {eng}. The last one is an
                old friend; it does nothing here."""
            ),
            thanks("Little Bobby Tables says hello 🙂"),
        ),
    ),
    scenario(
        tags="how-to",
        priorities="low",
        subjects=("?",),
        openings=(),
        one_liners=("?",),
        beats=(
            agent(
                "It looks as if your message got lost on the way; only a question mark arrived. What can I do for you?"
            ),
            customer("sorry, cat on the keyboard. all good"),
            agent("Then give the cat our regards! I'm closing this one."),
        ),
    ),
    scenario(
        tags="bug",
        priorities="normal",
        subjects=("Nested list and table from our wiki",),
        openings=(
            """Pasted from our wiki, hope it survives:

            # What happens

            1. Open a record
               - with attachments
                 - at least two
               - without: fine
            2. Press `Ctrl+P`
            3. **Boom**

            | Browser | Result | Since |
            |:---|:---:|---:|
            | {browser} | ~~ok~~ broken | {version} |
            | other | ok | - |

            - [x] cleared the cache
            - [ ] bought a new computer

            ---

            *Expected:* a print preview. *Actual:* a white page.""",
        ),
        beats=(
            agent(
                """It survived, nicely done. Printing fails when the second attachment is an image with a
                transparent background. Known as {eng}, solved in {version_next}.""",
            ),
            thanks("Confirmed. (Third box stays unticked.)"),
        ),
    ),
]
