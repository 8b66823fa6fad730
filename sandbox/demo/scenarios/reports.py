"""Tidepool: figures, reports and their export."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        product="tidepool",
        tags="reports bug",
        priorities="normal high",
        subjects=("Revenue report doesn't match invoices", "Numbers are wrong", "Two reports, two totals"),
        openings=(
            """The revenue report for {last_month} shows {amount}, the sum of the invoices is {amount_b}. Which
            of the two shall I give to our tax adviser?""",
            """I compared *Revenue by service* with *Revenue by employee* for {last_month}. Same filter,
            different totals ({amount} and {amount_b}). One must be wrong, or I don't understand what they count.""",
        ),
        beats=(
            agent(
                """They count different things, and the page should say so. The first goes by the **date of the
                service**, the other by the **date of the invoice**. Bookings at the end of the month that were
                invoiced in the next fall into different months. For taxes you'll want the date of the invoice.""",
            ),
            customer(
                "I thought of that. But even over the whole year there's a difference.",
                "OK. And where do cancelled bookings with a fee go?",
            ),
            note("Cancellation fees are missing in 'by employee': known gap, {eng}."),
            agent(
                """There is indeed a second cause: cancellation fees have no employee and are therefore
                missing in one of the reports. That's a gap on our side ({eng}). For now, add the report *Fees*
                and the totals match to the cent. I checked it with your numbers.""",
            ),
            thanks("Matches. Thanks for taking the trouble.", "Now I get the same number. Thank you!"),
        ),
    ),
    scenario(
        product="tidepool",
        tags="reports export bug",
        priorities="normal low",
        subjects=("PDF report: chart missing", "Legend covers the chart in the PDF"),
        openings=(
            """When I save the monthly report as PDF the chart is a grey rectangle. On screen it's fine.
            {browser}, {os}.""",
            """The legend covers half of the chart in the PDF when there are more than {few} services. I
            present this to the board on {soon}, it would be nice to have it readable by then.""",
        ),
        beats=(
            agent(
                """I can reproduce it: charts are drawn when they scroll into view, and for the PDF that
                doesn't happen. **Workaround:** scroll to the bottom once before saving. Silly, but it works.
                Filed as {eng}.""",
                """I can reproduce it. With many services the legend needs more room than the PDF gives it,
                filed as {eng}. **Workaround:** switch the legend off (three dots > *Labels on bars*), the
                names are then in the chart itself.""",
            ),
            WAIT,
            agent(
                "PDFs are made on our server now (since {version_next}), with all charts, whatever was on the screen.",
                "Since {version_next} the legend stands below the chart and takes as many lines as it needs.",
            ),
            thanks("Works without scrolling. Thanks.", "Just in time for the board. Thank you!"),
        ),
    ),
    scenario(
        product="tidepool",
        tags="reports notifications",
        priorities="normal",
        subjects=("Weekly report didn't come", "Scheduled report stopped", "Monday report missing"),
        openings=(
            """The weekly report that goes to our management every Monday at 7 didn't come the last two weeks.
            In the settings it's still listed.""",
            """scheduled report "Utilisation {city}" is not delivered since {date}. other scheduled reports ok.""",
        ),
        beats=(
            agent(
                """The report belongs to {colleague}, whose account was deactivated on {date}. Reports run with
                the rights of the person who made them, so it stopped silently. I've made you the owner; the
                next one comes on Monday. Shall I send last week's now?""",
            ),
            customer(
                "Yes please. And can it be owned by the workspace?",
                "Yes, to me only. Are there more reports of {colleague}?",
            ),
            agent(
                """Sent. There were {few} more reports of the same owner; I've put them all on a list for you
                under **Reports > Orphaned**. Ownership by the workspace isn't possible yet, but you aren't the
                first to ask, so it's on the plan.""",
            ),
        ),
    ),
    scenario(
        product="tidepool",
        tags="reports how-to",
        priorities="low",
        subjects=("Week starts on Sunday", "How to compare with last year"),
        openings=(
            """In the reports weeks start on Sunday. Here in {city} they start on Monday, so all weekly numbers
            are off by a day. Where can I change it?""",
            """I want to see {month} of this year next to {month} of last year. Sounds simple. I can't find it.""",
        ),
        beats=(
            agent(
                """**Settings > Region** decides about the first day of the week, and *Compare with...* sits
                behind the three dots above each chart. Picture here: {help}/reports/compare""",
            ),
            thanks("Perfect!", "Found it behind the dots. Thanks."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="reports feature-request",
        priorities="low normal",
        subjects=("KPI dashboard for the TV", "Power BI connector?"),
        openings=(
            """We have a TV in the office and would like to show today's utilisation on it. Is there a view
            without menus which refreshes by itself?""",
            """Do you have a connector for Power BI? At the moment a colleague exports by hand each Monday.
            {count} rows, {few} files.""",
        ),
        beats=(
            agent(
                """There's a *kiosk link* for each dashboard (**Share > Kiosk**): no menus, refreshes every
                minute, and it can be limited to your office's network. For BI tools there's an OData address
                in the same dialog, which Power BI and Excel can read directly.""",
            ),
            customer(
                "Kiosk looks great. Can it rotate between two dashboards?",
                "OData asks for user and password, which ones?",
            ),
            agent(
                """Add `&rotate=60` to the link, then it takes turns with all dashboards that are marked with a
                star.""",
                """The user is your workspace name (`{company_slug}`), the password a token that you make in
                that dialog.""",
            ),
        ),
    ),
]
