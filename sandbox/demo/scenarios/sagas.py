"""Long conversations, for the pages that have to show them."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="bug escalated",
        priorities="high",
        subjects=("Export differs from what we see on screen (long story)",),
        openings=(
            """This will be a bit longer, please bear with me. We compare the monthly export with the list on
            screen, because our auditor wants both. On screen: {count} rows. In the export: seven fewer. Not
            always the same seven. I've spent two evenings on it and don't know what else to try.

            What I did so far:

            1. export as CSV and as Excel: same result
            2. another browser ({browser}): same
            3. {colleague}'s account: only **five** missing
            4. month before: nothing missing

            What can make rows disappear?""",
        ),
        beats=(
            agent(
                """Thank you for taking the time, this is a very good description. Two questions so that I can
                look at the right place:

                - Which filter was active, if any?
                - Could you send me the ids of two or three rows that are missing?""",
            ),
            customer(
                """Filter: month = {last_month}, nothing else. Missing in yesterday's export:

                ```
                R-20817
                R-20944
                R-21002
                ```""",
            ),
            note("All three have been edited by automation rules within the last 24 h. Coincidence?"),
            agent(
                """Thanks. I see all three on screen as well, and all are in order. I'm asking a developer to
                look at the export itself."""
            ),
            customer("Thank you. I have to give it to the auditor on {soon}, just so you know the deadline."),
            note("@{peer} can you have a look? Deadline {soon}. Ids in the thread."),
            note(
                """{peer}: the export reads in pages of 1,000 ordered by `updated_at`. If a row is touched
                while the export runs, it moves to another page and can be skipped. Same disease as the old
                list pages. Writing {eng}.""",
            ),
            agent(
                """We've found the cause. The export reads in portions, ordered by the time of the last change.
                When an automation changes a row **while the export is running**, that row can slip from a
                portion that's still to come into one that was already read.

                It explains all that you saw: not always the same rows, other numbers for your colleague,
                nothing missing in older months. It's a bug, and a nasty one. The number for it is {eng}.""",
            ),
            customer(
                """Wow, OK. So in principle all our exports of the last years may be incomplete? The auditor is
                going to love that."""
            ),
            agent(
                """I understand the worry. It can only hit rows that change during the seconds in which the
                export runs, so older months are almost never concerned. Let me find out exactly for your
                workspace instead of guessing.""",
            ),
            note(
                """Data team ran a comparison of stored exports against history: 2 of 31 exports incomplete, 9
                rows in total."""
            ),
            agent(
                """Here's the result. Of your 31 stored exports, **two** were incomplete: {last_month} (7 rows)
                and one made in a test (2 rows). I have put corrected files next to both, with a list of the
                differences. The rest are complete.""",
            ),
            customer("That's better than I feared. Can I get this as a statement that I can hand to the auditor?"),
            note("Asked {lead} for a signed statement. Legal has a template."),
            agent(
                """Of course. The statement is signed by our head of engineering and is in your downloads,
                together with the file list."""
            ),
            customer("Got it, auditor accepts it. Last question: when is it fixed? Next export is due on the 1st."),
            agent(
                """The fix is being tested. Until then, please pause the two automation rules for the minute in
                which you export."""
            ),
            agent(
                """It's live with {version_next}: the export now works on a frozen picture of the data. You can
                let the rules run again."""
            ),
            customer("Did three exports in a row while the rules were running. {count} rows each time. 🎉"),
            agent(
                """Wonderful. Thank you for your patience, and for the evenings. I've added a credit of one
                month to your account."""
            ),
            thanks("That's very decent of you. Closing this chapter!"),
        ),
    ),
    scenario(
        tags="integration api",
        priorities="normal",
        subjects=("Connecting our ERP: questions, questions",),
        openings=(
            """I'm a developer at {company} and have the pleasure of connecting {product} to our ERP (AS/400,
            don't laugh). I'll have a number of questions over the next weeks. Is it OK to keep them in one ticket?

            First: does the API accept requests with TLS 1.2 only? We can't do 1.3.""",
        ),
        beats=(
            agent("Not laughing, and one ticket is fine. TLS 1.2 is accepted and will be for at least two more years."),
            customer("Great. Second: our numbers have leading zeros (`000{few}8841`). String or integer on your side?"),
            agent(
                """`external_id` is a string of up to 64 characters, so the zeros survive. Don't let a
                spreadsheet touch them on the way."""
            ),
            customer("👍 Third: what's the best way to find out what changed since our last run?"),
            agent(
                """`GET /v2/records?updated_since=...&cursor=...`. Keep the `next_cursor` of the last page and
                begin there next time; then you don't need clocks that agree.""",
            ),
            customer(
                """Cursor has been stored. First run went well: {count} records in {minutes} minutes. Fourth: I
                get 409 now and then?"""
            ),
            agent(
                """409 means that somebody changed the record since you read it. Read it again, apply your
                change to the fresh one, send it once more. If it's only about the status field, use `PATCH`
                with just this field, then there's no conflict.""",
            ),
            customer("PATCH it is. Fifth, and this is the strange one: names with `&` arrive as `&amp;`."),
            note("Their middleware escapes XML and then puts it into JSON. Not ours, but let's be nice."),
            agent(
                """That comes from your side, I think: the body I see in our log already has `&amp;` in it
                ({reqid}). Perhaps a step in between makes XML of it?""",
            ),
            customer("You're right, there's an ESB in between of which nobody told me. *sigh* Fixed."),
            customer("Sixth: can we have a test workspace with a copy of the real data?"),
            agent(
                """It's there: *{company} (test)*, a copy as of last night. Mails are not sent from it, so feel
                free to break things."""
            ),
            customer("Excellent. We go live tomorrow. Anything we should watch?"),
            agent(
                """A short list from experience:

                - start with writes switched off and only log what *would* be written;
                - alert when a run takes twice as long as usual;
                - honour `Retry-After`;
                - keep our `X-Request-Id` in your log, it makes questions like these shorter.""",
            ),
            thanks("Live since this morning, not one error. It was a pleasure, thank you {agent}!"),
        ),
    ),
    scenario(
        tags="outage escalated",
        priorities="urgent",
        subjects=("URGENT: production down, {seats} users affected, please call",),
        openings=(
            """We can't save anything since {time}. Reading works. Error: "Workspace is in maintenance mode".
            There's no maintenance announced!! {seats} people in {few} offices are waiting.""",
        ),
        beats=(
            agent(
                """I'm on it. I can see the flag on your workspace, but not yet who set it. I'll write again in
                ten minutes at the latest."""
            ),
            note(
                """Flag set by migration job at {time}, job died. Not safe to simply clear, half of the tables
                are moved. Paging on-call."""
            ),
            customer("Ten minutes are over."),
            agent(
                """You're right, sorry. Here's what we know: your workspace was due to be moved to newer
                hardware **tonight**. By mistake the move began now, and stopped half-way. We're choosing
                between going back and going on. No data is in danger.""",
            ),
            customer("How on earth can this start by mistake in the middle of the day? Never mind. How long??"),
            note("On-call: rolling forward is faster, 35 to 45 min. {lead} calls the customer."),
            agent(
                """We go on with the move, it's the faster way: about 40 minutes. {lead} from our team is
                calling you now."""
            ),
            customer("Got the call, thanks. We send people to lunch."),
            agent("Half of it is done. Everything is going as expected."),
            customer("OK"),
            agent("90 %. You'll be able to save again in about five minutes."),
            agent("The move is finished and saving works. Please have someone try it and tell me."),
            customer("Saving works. {city} reports an error with attachments, though."),
            note("Attachment links point to the old bucket for this workspace. Fixing."),
            agent("Attachments pointed to the old place; corrected two minutes ago. Could {city} reload, please?"),
            customer("{city} is happy too. And it's faster than before, I have to say."),
            agent(
                """That's the new hardware. I'm sorry for this midday. You'll get a written report within two
                days, from a person and not a template, and a credit for the month.""",
            ),
            thanks("Appreciated. The way you kept us posted made the difference."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="onboarding sales",
        priorities="low",
        subjects=("Evaluating {product} for {company}",),
        openings=(
            """We're comparing three products and {product} is one of them. I have a list of questions from our
            departments. Let me start with the simple ones: do you offer a data processing agreement, and in
            which country is our data stored?""",
        ),
        beats=(
            agent(
                """Welcome! The agreement can be signed online ({help}/trust/dpa). Data of European customers
                stays in Frankfurt and Dublin."""
            ),
            customer("Good. From HR: can people see each other's absences?"),
            agent(
                """Only if you want to: there are three levels (nothing, *away*, reason). *Away* without a
                reason is the default."""
            ),
            customer("From IT: SCIM, and which attributes?"),
            agent(
                """SCIM 2.0 with name, e-mail, department, manager, locale, active. Groups become teams, nested
                ones included."""
            ),
            customer("From finance: yearly invoice in {month}, can that be arranged?"),
            agent("Yes. The first period is then shorter or longer, so that it ends in {month}."),
            note("{seats} seats, decision on {soon}. Competing with two others. {lead} wants to join the call."),
            customer("From works council: is there any ranking of employees? That would be a no-go."),
            agent(
                """There's a statistic by person that is **off** by default. Once it's switched off by
                contract, nobody, not even an admin, can switch it on. I can give you that in writing.""",
            ),
            customer("In writing would help a lot."),
            agent(
                """It's in your downloads, signed. Would a call with {lead} make sense, with all departments at
                the table?"""
            ),
            thanks("Call was good. We're going with {product}. Contract follows!"),
        ),
    ),
]
