"""Trials, training and all the small questions."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="onboarding sales",
        priorities="low normal",
        subjects=("Extend our trial", "Trial: is our data kept?", "Trial ends tomorrow"),
        openings=(
            """Our trial ends on {soon} and due to holidays we haven't really started. Could we get two more
            weeks? The decision is made at the end of {month}.""",
            """Trial question: is the data kept when we buy after the trial, or do we start again from zero?
            We'd like to begin for real.""",
        ),
        one_liners=("can i get 1 more week of trial",),
        beats=(
            agent(
                """With pleasure: your trial now runs two weeks longer. Whatever you enter is kept when you
                choose a plan. Would a short video call help? Half an hour is usually enough to get going.""",
            ),
            customer(
                "A call would be great, {weekday} morning?",
                "No call needed, but do you have an example for a company of {seats} people?",
            ),
            agent(
                """You can pick a time yourself at {help}/call, {weekday} morning is still free. I've also
                copied our sample setup into your workspace; it's called *Example* and can be deleted with one
                click.""",
            ),
        ),
    ),
    scenario(
        tags="cancellation",
        priorities="normal high",
        subjects=("Cancel our subscription", "We are leaving", "How do I cancel? There is no button"),
        openings=(
            """We've decided to move to another product at the end of {month}. Nothing against you, our parent
            company prescribes it. What do I have to do, and how do I get our data out?""",
            """I'm looking for the button to cancel since 20 minutes. Is it hidden on purpose?""",
        ),
        one_liners=("Please cancel everything as of today. Thank you.", "cancel my account"),
        beats=(
            agent(
                """I'm sorry to see you go. It's under **Settings > Billing > Plan > Cancel** (owner only,
                which is why others don't see it). The plan then runs to the end of the paid month.

                Before that, please make a *full export* (Settings > Workspace), so that you have everything.""",
            ),
            customer(
                "Owner is {colleague}, on holiday. Can you do it?", "Cancelled. How long can we still read our data?"
            ),
            agent(
                """I've cancelled it for the end of the current month and sent {colleague} a mail about it, as
                the owner has to know. All the best!""",
                """For 30 days after the end of the paid month. All the best, and you're always welcome back!""",
            ),
            thanks("Thank you for making it easy.", "Thanks. It was a good time."),
        ),
    ),
    scenario(
        tags="onboarding how-to",
        priorities="low normal",
        subjects=("Training for new colleagues", "Webinar recording? Handbook?"),
        openings=(
            """We're hiring {few} people and would like to have them trained in {product} from the start. What
            do you offer? Two of them are in {city}, so online would be best.""",
            """I missed the webinar on {date}. Will there be a recording? And is there a handbook as PDF, for
            people like me who like to print things?""",
        ),
        beats=(
            agent(
                """There are three things:

                - **Live course** every second Tuesday, 45 minutes, free: {help}/training
                - **Recordings** of all webinars: {help}/webinars
                - **Handbook** as PDF (212 pages): {help}/handbook.pdf

                For a group of your own we can also do a session with your data.""",
            ),
            thanks("Signed all of them up. Thanks!", "212 pages, the printer is going to love me 😄"),
        ),
    ),
    scenario(
        tags="bug",
        priorities="normal low",
        subjects=("Button does nothing", "Can't click 'Apply'", "Save button not working"),
        openings=(
            """The *Save* button in the settings does nothing when I click it. No message. {browser} on {os},
            zoom 125 %.""",
            """Not sure if it's a bug: in the dialog for new entries I can't reach *Apply*, it is
            below the edge of the screen and the dialog doesn't scroll. My screen is small (1366x768).""",
        ),
        one_liners=("save button broken",),
        beats=(
            agent(
                """Thanks for the details about your screen, I could reproduce it with them: at this size the
                lower part of the dialog is cut off. As a first aid, Ctrl and minus makes the page smaller;
                **Enter** in any field saves too.""",
                """Could you send me a picture of the whole window? I suspect the dialog is higher than your
                screen. In that case Ctrl and minus helps for the moment, and **Enter** in any field saves as well.""",
            ),
            customer("Enter works! Good enough for now.", "With a smaller zoom I can see it. Picture attached anyway."),
            note("Reproduced at 1366x768. Dialog needs max-height. {eng}"),
            agent("Good to hear. The dialog scrolls from {version_next} on, filed as {eng}. Thanks for your help!"),
        ),
    ),
    scenario(
        product="tidepool",
        tags="bug notifications",
        priorities="normal low",
        subjects=("Mails say 'Hello null'", "Template placeholder not replaced"),
        openings=(
            """Our customers get mails that begin with "Hello null,". That is embarrassing. Only those without
            a first name, as far as I can see.""",
            """The confirmation mail shows `%CUSTOMER_NAME%` instead of the name. I only changed the colours of
            the template!""",
        ),
        beats=(
            agent(
                """I see where it comes from: the placeholder has no fallback. In **Templates**, write

                ```
                Hello %CUSTOMER_NAME|there%
                ```

                The part after the bar is used when there's no name. I've added it to your {few} active
                templates, hope that's OK.""",
            ),
            customer(
                "That's more than OK. Does it work in subjects as well?",
                "Thank you! The footer has the same problem with %CITY%.",
            ),
            agent("It works everywhere in a template, subjects and footers included. I've taken care of yours."),
            thanks("Super, thanks {agent}.", "Very kind. Done."),
        ),
    ),
    scenario(
        tags="how-to",
        priorities="low normal",
        subjects=("Quick question", "Two workspaces at the same time", "Is this possible?"),
        openings=(
            """Can I have two browser windows open with different workspaces? When I switch in one, the other
            one switches too, and I nearly changed the wrong one.""",
            """We look after {few} companies, each with its own workspace. Is there a way to have them side by
            side? Now I switch all day long, and sometimes I notice too late that I'm in the wrong one.""",
        ),
        one_liners=("can i be logged in to 2 workspaces at once?",),
        beats=(
            agent(
                """Two windows of the same browser share one session, so they always show the same workspace.
                Two browser *profiles* (or a private window) keep them apart. And you can give each workspace a
                colour of its own: **Settings > Workspace > Accent**. It saves you from the "wrong one" moments.""",
            ),
            thanks("Profiles and colours, perfect combination. Thanks!", "The colours help a lot."),
        ),
    ),
    scenario(
        tags="how-to",
        priorities="low normal",
        subjects=("Question", "Who changed this entry?"),
        openings=(
            """Where do I see who changed an entry? Somebody renamed half of our folders and I would like to
            have a friendly word.""",
            """Is there a log of who did what? {colleague} says it wasn't {colleague}, I say it wasn't me, and
            somebody must have done it :)""",
        ),
        beats=(
            agent(
                """Behind the clock symbol at the top right of every entry. Admins see the same for the whole
                workspace under **Settings > Audit log**, with filters by person and day. It goes back 12 months.""",
            ),
            customer("Found it. Can the log be exported?", "It says 'Automation'. So nobody did it?"),
            agent(
                """Yes, as CSV, for up to 90 days at a time.""",
                """A rule did it: click on the word *Automation* and you'll see which one, and who wrote it.""",
            ),
            thanks("Mystery solved, thank you.", "It was my own rule. Let's not talk about it. Thanks!"),
        ),
    ),
    scenario(
        tags="how-to sales",
        priorities="low",
        subjects=("Uptime and support hours, for a presentation", "Phone support?", "Uptime"),
        openings=(
            """I'm preparing a presentation about {product} for our management. What was your uptime in the
            last twelve months, and during which hours can we reach you?""",
        ),
        one_liners=("hi, do you have phone support?", "what's your uptime? and can one call you?"),
        beats=(
            agent(
                """Here's the short version:

                - uptime of the last twelve months: **99.96 %** ({status} has every incident);
                - by mail and chat we answer on weekdays from 8 to 18;
                - by phone for {plan_b} customers, same hours.""",
            ),
            thanks("Just what I needed.", "Ok thx"),
        ),
    ),
    scenario(
        tags="bug",
        priorities="normal",
        subjects=("Attachments can't be opened", "Upload fails at 99 %", "File upload error 413"),
        openings=(
            """Uploading a PDF of 38 MB fails at the end with "Something went wrong". Smaller ones work. Is
            there a limit? If so, please say so *before* I wait for five minutes.""",
            """upload error:

            ```
            POST https://{app}/api/internal/uploads
            413 Payload Too Large
            ```

            file is only 28 MB, docs say 50.""",
        ),
        beats=(
            agent(
                """The limit is 50 MB, but mail-like encoding adds a third, and one of our proxies counted the
                encoded size. So in truth it ended at about 25 MB. We've corrected the proxy just now; could
                you try once more?""",
            ),
            customer("Works. You may want to show the limit in the dialog.", "Still 413 here. Do I have to log out?"),
            agent(
                """A reload of the page is enough. The limit is shown in the dialog from {version_next} on,
                thank you for the idea."""
            ),
            thanks("OK now.", "It went through. Cheers!"),
        ),
    ),
]
