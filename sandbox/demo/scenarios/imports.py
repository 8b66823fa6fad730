"""Getting data in."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        product="tidepool",
        tags="import",
        priorities="normal",
        subjects=("Umlauts broken after import", "CSV import: strange characters", "MÃ¼ller instead of Müller"),
        openings=(
            """I imported {file} and all names with umlauts are broken: "MÃ¼ller", "GrÃ¶ner". {count} contacts.
            The file is fine in Excel.""",
            """After import the Polish letters are question marks (?ukasz, Wi?niewska). I saved from Excel as
            "CSV (semicolon)". Please advise which format is good.""",
        ),
        beats=(
            agent(
                """Excel's plain "CSV" isn't UTF-8. Please save as **CSV UTF-8 (comma delimited)** and import
                once more with *Update existing*; the names are then corrected instead of doubled. You can see
                in the preview (step 2) whether it looks right.""",
            ),
            customer(
                "My Excel doesn't offer that format. It's from 2013...",
                "Preview looks right. Will notes be overwritten?",
            ),
            agent(
                """For an old Excel like that: send me the file through {help}/upload and I'll convert it.""",
                """No. Fields that aren't in the file stay as they are.""",
            ),
            thanks("Łukasz is Łukasz again. Thank you!", "All names are fine now 👍"),
        ),
    ),
    scenario(
        product="tidepool",
        tags="import bug",
        priorities="normal high",
        subjects=("Import stuck at {percent} %", "Import running for hours", "{file} never finishes"),
        openings=(
            """My import of {file} ({count} rows) has been standing at {percent} % since {time}. I can't cancel
            and I can't start a new one.""",
            """import hangs. file {file}. no error shown, network tab shows polling every 2 s:

            ```json
            {"id": "imp_77120", "state": "running", "done": 4800, "failed": 0}
            ```

            always 4800. tried to wait a night.""",
        ),
        beats=(
            agent(
                """I found it: one row contains a line break inside quotes that never close, so our reader
                takes the rest of the file for one huge field. I've cancelled the import. If you correct the
                quote and import again with *Skip existing*, nothing will be double.""",
            ),
            note("Reader should give up on a field > 1 MB instead of waiting. Filed {eng}."),
            customer(
                "How do I find the row in a file of this size?",
                "Corrected. Now it complains about row {seats}: 'unknown column'.",
            ),
            agent(
                """Look for the row after the last one that was imported; in your case the name in the first
                column begins with "{colleague}". I've cleaned a copy as well: it's in your downloads, ready to
                be imported.""",
            ),
            thanks("Went through in two minutes. Thanks!", "Your cleaned copy worked. Thank you very much."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="import",
        priorities="high normal",
        subjects=("Imported the wrong file", "Undo import??", "Please roll back my import"),
        openings=(
            """I imported the test file into the real workspace. {count} contacts called "Test Person". Please
            tell me that there's an undo.""",
            """Big mistake on my side: I chose "Update existing" and overwrote all phone numbers with empty
            values. Is there a backup from before {time}?""",
        ),
        one_liners=("HELP i imported the wrong file how do i undo",),
        beats=(
            agent(
                """There is an undo: **Import > History > (your import) > Roll back**. It removes what was
                created and restores what was changed, except for records that somebody edited since; those are
                listed so that you can decide.""",
            ),
            customer(
                "It says {few} conflicts. What do I do with those?", "You're a lifesaver. The button is grey though?"
            ),
            agent(
                """Those are records that colleagues have changed since. Choose *Keep theirs* unless you know
                better; you can look at each of them first.""",
                """Rolling back needs the admin role. As you're the one who imported it, I've started it for
                you; it's through in a few minutes.""",
            ),
            thanks(
                "Everything is as it was. I owe you a coffee ☕",
                "Done. I'll use the test workspace from now on, promise.",
            ),
        ),
    ),
    scenario(
        product="tidepool",
        tags="import",
        priorities="normal low",
        subjects=("Dates swapped (day/month)", "03/04 became April 3rd", "Wrong dates after import"),
        openings=(
            """All dates up to the 12th have day and month swapped after the import; from the 13th on they are
            right. Classic. How do I tell {product} that we write day first?""",
            """Dates. In the file: 03/04/2026 (3 April). In the system: March 4. About {percent} % of our
            {count} rows are wrong now.""",
        ),
        beats=(
            agent(
                """In step 2 of the import, click the small arrow at the head of the date column and choose
                *Day first*. It is guessed from the first 50 rows, and in your file those fit both readings.

                To correct: same file, *Day first*, *Update existing*.""",
            ),
            thanks("That arrow is tiny! But it worked.", "Corrected. Thanks."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="import onboarding",
        priorities="normal",
        subjects=("Moving from another system", "Migration help", "How to bring over {count} contacts"),
        openings=(
            """We are switching to {product} next month and have {count} contacts and ten years of history in
            our old system. It can export XML. Is there help for such a migration, and what does it cost?""",
            """New customer here 👋 What's the best order for importing: people first or companies first?
            And can I bring attachments along?""",
        ),
        beats=(
            agent(
                """Welcome! Companies first, then people (they're linked by the column *company*), then
                history, then attachments as a ZIP with the ids as folder names. We do a free test import with
                a sample of 200 rows, so you can see what it will look like.

                Would you like to send a sample?""",
            ),
            customer(
                "Sample is uploaded. Some fields have no counterpart here, what then?", "Sample is there, {file}."
            ),
            note("Sample looks OK. Custom fields needed for three columns. Estimate: half a day."),
            agent(
                """Thanks! The test import is ready in a workspace called *{company} (trial run)*. Three
                columns have no counterpart; I made custom fields for them. If you like what you see, we repeat
                it with everything on a date of your choice.""",
            ),
            thanks("Migration went smoothly, the team is happy. Thank you!", "Looks great. Let's do {soon}."),
        ),
    ),
    scenario(
        tags="import export how-to",
        priorities="low normal",
        subjects=("Export everything", "Backup of our data", "How do I download all our data?"),
        openings=(
            """Our policy asks for a copy of all data once a quarter, outside of the vendor's systems. Is there
            a complete export, attachments included?""",
            """is there a way to export all at once? I see export per list only""",
        ),
        beats=(
            agent(
                """**Settings > Workspace > Full export** (owner and admins). You get a ZIP with one CSV per
                kind of record and all attachments; a mail with a link comes when it's ready, for your size in
                about {minutes} minutes.""",
            ),
            customer(
                "The link in the mail is only valid for a day. Can it be longer?",
                "Can this be done by API, every quarter?",
            ),
            agent(
                """I'm afraid not: it is short-lived because the file holds everything. You can start another
                export at any time.""",
                """Yes: `POST /v2/exports`, then fetch the result with your key. There's an example for cron at
                {help}/api/exports.""",
            ),
        ),
    ),
]
