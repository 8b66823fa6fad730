"""Tidepool: bookings, calendars and reminders."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        product="tidepool",
        tags="calendar bug",
        priorities="high normal",
        subjects=("Bookings shifted by one hour", "Wrong time after clock change", "Appointments off by 1h"),
        openings=(
            """Since the clocks changed, all recurring bookings made before are one hour off. New ones are
            right. Our clinic in {city} had {few} people standing at the door at the wrong time today.""",
            """I have a problem with hours. Customer books 10:00, in my calendar is 9:00. In the mail is 10:00
            again. It is since {date}. Timezone in my profile is correct I think ({city}).""",
        ),
        one_liners=("everything is 1 hour off since {weekday}!!! fix pls",),
        beats=(
            agent(
                """Sorry for the trouble at your door. The series were created with a fixed offset instead of
                the zone of the location, which is what older versions did.

                **Settings > Locations > {city} > Repair series** moves them all and shows a preview first. It
                doesn't send mails to your customers unless you tick the box.""",
            ),
            customer(
                "Preview shows {count} bookings. Also some from last year, is that OK?",
                "I see the preview but {few} of them look already right. Will they be shifted too?",
            ),
            agent(
                """That's fine: past bookings are listed but not changed, and those that already fit stay as
                they are. You can also untick single rows in the preview.""",
            ),
            thanks("All correct now. Thank you!", "Repaired, checked ten of them, all good."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="calendar bug",
        priorities="high urgent",
        subjects=("Double booking", "Two customers in the same slot", "Same room booked twice"),
        openings=(
            """Room 2 was booked twice today at {time}, and nobody here knows how. I thought the whole point of
            the software was to make that impossible?""",
            """We had a double booking for {colleague}, {weekday} {time}. Both confirmed by mail. The customer
            who had to leave was not amused, neither am I.""",
        ),
        beats=(
            agent(
                """It should be impossible, so I looked closely. The second booking was made by the reception
                with **Book anyway**, which skips the check; the audit log shows it at {time}. Otherwise it
                would have been refused.

                If you like, I can take the right to *Book anyway* away from the reception role.""",
            ),
            customer(
                "OK, then that's on us. Yes please take it away, except for {colleague}.",
                "Hm. The reception says it was the only button on the page. Is that possible?",
            ),
            note("On small screens 'Book' is cut off and only 'Book anyway' shows. Told design, {eng}."),
            agent(
                """Done: only {colleague} can do it now. We also noticed that on narrow screens the normal
                button can slip out of view, which probably led to this. That is our mistake and will be
                corrected with {version_next}.""",
            ),
        ),
    ),
    scenario(
        product="tidepool",
        tags="calendar integration",
        priorities="normal high",
        subjects=("Google Calendar stopped syncing", "Events missing in Google Calendar", "Calendar sync one-way only"),
        openings=(
            """Bookings no longer show up in my Google Calendar since {date}. In {product} the connection says
            "Active, last sync 3 minutes ago". Disconnecting and connecting again didn't help.""",
            """Sync only works in one direction: bookings go to Google, but when I block time in Google,
            customers can still book it. I nearly missed my dentist because of this 😬""",
        ),
        beats=(
            agent(
                """Could you check which calendar is chosen under **Profile > Calendars > Write bookings to**?
                If you have several, the main one is often *not* the one you look at.""",
                """Could you check which calendars are ticked under **Profile > Calendars > Read busy times
                from**? If you have several, the main one is often *not* the one you use.""",
            ),
            customer(
                "It says {email}, that's the right one.",
                "There were three, and the wrong one was ticked. Why three?",
            ),
            agent(
                """Then it's us. I've renewed the connection from our side and forced a full sync: {count}
                events were written. Please look again in five minutes.""",
                """Each calendar that's shared with you counts as one of its own. With the right one ticked,
                busy times are read every five minutes.""",
            ),
            thanks("There they are.", "Works in both directions now, thank you."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="calendar integration",
        priorities="normal",
        subjects=("Cancelled bookings stay in Outlook", "Outlook add-in is a white box"),
        openings=(
            """When a customer cancels, the entry in Outlook isn't removed but renamed to "Canceled: ...". The
            week is full of them. Is there a setting?""",
            """The Outlook add-in shows a white box since {version}. {os}, Outlook 2021. Console says:

            ```
            Refused to frame 'https://{app}/' because an ancestor violates the following
            Content Security Policy directive: "frame-ancestors 'self'".
            ```""",
        ),
        beats=(
            agent(
                """Outlook does that with entries of other people, and since {version} ours count as such. It's
                a mistake on our side, filed as {eng}. **Sync > Clean up** removes those that are there already.""",
                """Thanks for the details. This is a change on our side in {version}: Outlook desktop is no
                longer recognised properly. It's filed as {eng}; until it's solved, the web version of Outlook
                works.""",
            ),
            WAIT,
            agent(
                "{eng} is solved with {version_next}: cancelled bookings leave Outlook by themselves again.",
                "{eng} is solved. Please restart Outlook once, then the box should have something in it.",
            ),
            thanks("Clean again. Thanks!", "Works after the restart."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="notifications",
        priorities="high normal",
        subjects=("Reminders not sent", "Customers got no reminder", "No-shows because reminders are missing"),
        openings=(
            """Since {date} our customers get no reminders. {few} no-shows this week, which is {amount} for us.
            The rule is switched on: 24 hours before, by mail.""",
            """Reminder for tomorrow's appointments were not sent. I see "Skipped" in the log with no reason.
            Please advise urgently as we have {seats} appointments tomorrow.""",
        ),
        beats=(
            note("Sender domain {domain}: DKIM record vanished on {date}. Reminders skipped because unverified."),
            agent(
                """The reminders were skipped because your sending domain is no longer verified: the DKIM
                record of {domain} disappeared on {date}. I've switched you to our own sender for now, so
                tomorrow's reminders **will** go out.

                To send under your own name again, please restore this record: {help}/notifications/dkim""",
            ),
            customer(
                "Our web agency moved the DNS, they forgot it. Back now. Can you check?",
                "Record is set again, please verify.",
            ),
            agent(
                """Verified, and you're sending as {domain} again. From now on the owner gets a mail when the
                verification is lost. It should have been like this from the beginning.""",
            ),
            thanks("Reminders went out this morning 🎉", "Thank you, very helpful."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="how-to calendar",
        priorities="low normal",
        subjects=("15 minutes break after each booking", "How to block lunch time"),
        openings=(
            """How can I keep 15 minutes free after each appointment for cleaning the room, but not when two
            appointments of the same customer follow each other?""",
            """Simple question, I hope: nobody should be able to book between 12 and 1. I have blocked it for
            this week by hand but I can't do this forever.""",
        ),
        beats=(
            agent(
                """Both are in **Services > (service) > Availability**: *Buffer after* with the option *not
                between bookings of the same customer*, and *Breaks* that repeat on the weekdays you choose.""",
            ),
            customer(
                "Found it. Does the buffer also apply to bookings that already exist?",
                "Breaks work. For all employees at once?",
            ),
            agent(
                "Only to new ones, so that nobody is moved.",
                "Per person as you did it, or for everyone under *Locations*.",
            ),
            thanks("Great, thanks!", "That's logical. Thank you."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="bug calendar",
        priorities="normal low",
        subjects=("Booking page empty on our website", "Widget doesn't load", "Embedded calendar is blank"),
        openings=(
            """The booking widget on our site is just an empty box. On your preview page it works. We use a
            cookie banner, maybe that? https://www.{domain}/termine""",
            """widget blank in {browser}. console:

            ```
            Uncaught ReferenceError: Tidepool is not defined
                at (index):212
            ```""",
        ),
        beats=(
            agent(
                """I had a look at your page: our script is loaded with `async`, but the line that starts the
                widget runs at once, so it's a matter of luck which comes first. Please use the newer snippet,
                which waits by itself:

                ```html
                <script src="https://{app}/embed.js" data-workspace="{company_slug}" defer></script>
                ```""",
            ),
            customer(
                "Works! Now the height is wrong on phones, the button is cut off.",
                "Better. It needs two seconds though.",
            ),
            agent(
                'Add `data-height="auto"` to the snippet, then it grows with its content.',
                "Add `data-preload` to the snippet, then it starts loading with the page.",
            ),
            thanks("Looks perfect now.", "Very good, thanks!"),
        ),
    ),
    scenario(
        product="tidepool",
        tags="how-to",
        priorities="normal low",
        subjects=("Waiting list does not move up", "Customers should book for two people"),
        openings=(
            """We offer courses with {seats} places. When full, people should be able to join a waiting list
            and move up by themselves. I switched it on but nobody moved up when I cancelled a test booking.""",
            """A mother wants to book for herself and her daughter in one go. At the moment she has to do it
            twice and pay twice, and the places may not be next to each other.""",
        ),
        beats=(
            agent(
                """People move up until the cancellation deadline, in your case 24 hours before; after that
                nobody could plan any more. Perhaps your test was later than that?""",
                """Open **Services > (course) > Participants** and switch on *More than one person per
                booking*. The places are then next to each other and paid together. How many people should one
                be able to book for?""",
            ),
            customer(
                "Yes, my test was for the same day. I'd like 2 hours. Where do I change that?",
                "Four at most, or somebody books the whole course. Is that possible?",
            ),
            agent(
                "In **Policies > Cancellation**. People are then told by text message; few read mails that quickly.",
                "It is: enter 4 in the field beside the switch.",
            ),
        ),
    ),
]
