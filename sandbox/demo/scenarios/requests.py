"""Wishes."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="feature-request",
        priorities="low",
        subjects=("Dark mode please", "Night mode?", "My eyes 😎"),
        openings=(
            """I do most of my planning in the evening and the white background is very bright. Is a dark mode
            planned?""",
            """Migraine sufferer here. A dark theme would not be a nice-to-have for me, it decides whether I
            can work with {product} on a bad day. Browser extensions make the colours of the charts unreadable.""",
        ),
        one_liners=("dark mode when?", "+1 for dark mode"),
        beats=(
            agent(
                """It is being built right now! There's a beta: **Profile > Appearance > Follow system
                (beta)**. Charts and printed pages are not finished yet, everything else should be fine.
                Feedback welcome.""",
            ),
            customer(
                "Oh nice! The calendar pop-up is still white though.",
                "Love it. Links in mails are hard to read, dark blue.",
            ),
            agent("Good catch, passed on to the design team with a picture. It should be in {version_next}."),
        ),
    ),
    scenario(
        tags="feature-request",
        priorities="low normal",
        subjects=("Bulk editing", "Change many records at once", "Editing {count} entries by hand?"),
        openings=(
            """I have to change the owner of {count} entries because {colleague} moves to another team. One by
            one? There must be a way, no?""",
            """Feature request: select several rows and change a field for all of them. Currently I export,
            edit in Excel and import again, which feels like 2004.""",
        ),
        beats=(
            agent(
                """There is a way, well hidden: switch the list to *table*, tick the rows (Shift-click for a
                range), then **Edit...** at the bottom. Owner, state and labels can be changed for up to 1,000
                rows at once.""",
            ),
            customer(
                "Wow OK. Didn't see this. Can it be undone?",
                "Great! Custom fields are missing there, could those be added?",
            ),
            agent(
                """Yes: each bulk change is one entry in **History** and can be undone as a whole for seven days.""",
                """Custom fields are asked for often. I've added your vote ({eng}).""",
            ),
        ),
    ),
    scenario(
        tags="feature-request integration",
        priorities="low normal",
        subjects=("Slack integration", "Microsoft Teams?"),
        openings=(
            """Could {product} post into a Slack channel when something is assigned to our group? The mails get
            lost.""",
            """We're a Microsoft shop. Are there plans for Teams? I see Slack on your site and nothing else.
            {seats} people here would use it from day one.""",
        ),
        beats=(
            agent(
                """It can! **Settings > Integrations > Slack**: connect it once, then choose a channel for each
                kind of event.""",
                """Teams isn't there yet. What works today is an incoming webhook, described step by step at
                {help}/integrations/teams-webhook.""",
            ),
            customer(
                "Thanks, set up. Can I filter by office?",
                "The webhook works, but messages look ugly. Any formatting possible?",
            ),
            agent(
                """Yes, under *Conditions* in the same dialog.""",
                """There's a *template* field below the address: choose *Adaptive card* and it looks decent.""",
            ),
            thanks("Nice, exactly what we wanted.", "Much better!"),
        ),
    ),
    scenario(
        tags="feature-request",
        priorities="low",
        subjects=("Please add keyboard shortcuts", "Navigate without the mouse"),
        openings=(
            """I'm a heavy keyboard user and reaching for the mouse for each record slows me down. j/k for next
            and previous would be enough for a start!""",
            """For ergonomic reasons (RSI) I avoid the mouse. Tab order in the record dialog jumps: title,
            *Cancel*, description, *Save*. Could this be put right?""",
        ),
        beats=(
            agent(
                """Press `?` anywhere and you'll see those that exist: `/`, `e`, `g` and some more. `j` and `k`
                aren't among them yet; I've filed your wish as {eng}.""",
                """That's a bug, not a wish, and I'm sorry about your wrist. Filed as {eng}. Pressing `?` shows
                the shortcuts that exist.""",
            ),
            WAIT,
            agent(
                "`j` and `k` are there, with {version_next}. It was a small thing, we only had to be asked.",
                "The Tab order is corrected in {version_next}. Thank you for telling us, others profit from it too.",
            ),
            thanks("jjjjkkkk. Lovely!", "I noticed this morning. My wrist says thanks."),
        ),
    ),
    scenario(
        tags="feature-request",
        priorities="low normal",
        subjects=("Interface language", "Translation: French wording is odd"),
        openings=(
            """Part of our team in {city} doesn't speak English well. Which languages are there, and which are
            planned? We would help with translating if you like.""",
            """The French translation has some funny moments. "Save" is « Sauver », like saving a life :-) It should be
            « Enregistrer ». I made a list of {seats} such things. Do you want it?""",
        ),
        beats=(
            agent(
                """We'd love some help! Today there are English, German, French, Spanish and Japanese; Polish, Turkish
                and Vietnamese are next. Translations are open for customers at {help}/community/translate, and
                whoever contributes gets a thank-you from us.""",
            ),
            thanks("Registered, will bring some colleagues.", "List sent. Merci!"),
        ),
    ),
    scenario(
        tags="feature-request export",
        priorities="low normal",
        subjects=("More columns in CSV export", "Export: custom fields missing", "Excel export instead of CSV"),
        openings=(
            """The CSV export has only the standard columns. We need the custom fields too, otherwise I have to
            copy them by hand, and there are {count} rows.""",
            """Would it be possible to export as .xlsx? Excel on our machines opens CSV in one column and
            breaks the umlauts. Every. Single. Time.""",
        ),
        beats=(
            agent(
                """Both exist if you use **Export > Advanced**: choose columns (custom fields are at the end of
                the list) and *Excel (.xlsx)* as the format. The choice is remembered for next time.""",
            ),
            customer(
                "Didn't know there was an advanced one. Can it be scheduled?",
                "Works, but dates come as text. Can they be real dates?",
            ),
            agent(
                """Yes, in the same dialog: *Repeat*.""",
                """In .xlsx they should be. Did you choose *Text* for the column? If not, please send me the file.""",
            ),
        ),
    ),
    scenario(
        tags="feature-request",
        priorities="low",
        subjects=("Why did you move the search?", "New design: feedback"),
        openings=(
            """Who decided to move the search from the top to the left side? I've used {product} for five years
            and click in the wrong place fifty times a day now. Please give us a switch.""",
            """Some feedback on the new layout, meant kindly: it's prettier, but it shows {few} rows fewer on
            my laptop. I'd trade the white space for rows any day.""",
        ),
        beats=(
            agent(
                """Thank you for writing instead of just being annoyed. Two things that may help: `/` jumps to
                the search from anywhere, and **Profile > Appearance > Compact** brings back the rows. I've
                passed the rest on word by word.""",
            ),
            note("{few} tickets about the search by now. @{lead} for the product meeting."),
            thanks("Compact helps. I'll get used to the rest, probably.", "OK. Thanks for listening."),
        ),
    ),
]
