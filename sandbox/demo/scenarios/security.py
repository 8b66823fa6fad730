"""Security, privacy and compliance."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="security login",
        priorities="urgent high",
        subjects=("Sign-in from {city} that wasn't us", "Suspicious login!", "Was our account hacked?"),
        openings=(
            """I got a mail about a sign-in to my account from {city}, IP {ip}, at {time}. I have never been
            there, and at that time I was asleep. I changed my password. What else do I have to do, and what
            did they see?""",
            """Someone logged in as {colleague} from {ip}. {colleague} is on parental leave and hasn't used the
            laptop for weeks. We are quite worried, there's customer data in there.""",
        ),
        one_liners=("WHO IS {ip}??? logged in to my account at {time}. Lock everything NOW",),
        beats=(
            agent(
                """I've locked the account and ended all of its sessions, so nobody can get in for now, whoever it
                was.

                From the audit log: **one** sign-in from {ip} at {time}, three pages opened, nothing exported
                or changed. I'm checking now where the address belongs and will write again within the hour.""",
            ),
            note(
                """Address belongs to a VPN provider. Same browser fingerprint as always: {browser} on {os}.
                Likely harmless."""
            ),
            agent(
                """An update: {ip} belongs to the VPN service that several people at {domain} use, and the
                browser is the one that the account always uses. It looks as if the VPN simply left through
                {city}. Can you ask whether a VPN was switched on at the time?""",
            ),
            customer(
                "Hm, yes. Our IT changed the VPN on {date}. Nobody told us that it would look like this.",
                "Yes!! It was the VPN, just confirmed. Sorry for the alarm. Can you unlock again?",
            ),
            agent(
                """No need to be sorry, that's what the alert is for. The account is unlocked. If you add the VPN's
                addresses under **Settings > Security > Known networks**, you'll only hear from us when it matters.""",
            ),
            thanks("Added. Thanks for the quick reaction!", "Thank you, we sleep better now."),
        ),
    ),
    scenario(
        tags="security sales",
        priorities="low normal",
        subjects=("Security questionnaire", "Vendor assessment {company}", "SOC 2 report / ISO 27001?"),
        openings=(
            """As part of our yearly vendor review I need the attached questionnaire filled in by {soon} (184 questions,
            sorry). If you have a SOC 2 Type II report or an ISO 27001 certificate, that can replace sections C
            to H.""",
            """Our CISO would like to know: where is data stored, is it encrypted at rest, who at your company
            can see it, and when was the last penetration test? A link to a document is fine.""",
        ),
        beats=(
            agent(
                """Most of this is in our trust centre: {help}/trust. There you find, after accepting the NDA:

                - SOC 2 Type II report of this year,
                - summary of the last penetration test,
                - list of subprocessors and data locations (EU: Frankfurt, Dublin).

                For the remaining questions our security team needs about five working days.""",
            ),
            note("Sent to the security team's queue. Their deadline is {soon}, {lead} knows."),
            WAIT,
            agent(
                """The completed questionnaire is in your workspace's document folder. Two questions (about on-site
                audits) are answered with *upon agreement*; if that isn't enough, we can set up a call.""",
            ),
        ),
    ),
    scenario(
        tags="gdpr",
        priorities="normal high",
        subjects=(
            "Deletion request (GDPR art. 17)",
            "Delete personal data of a former client",
            "Right to be forgotten",
        ),
        openings=(
            """One of our clients asks us to delete all personal data about them. I deleted the contact, but
            the name still appears in old entries. How do we erase it completely? We have 30 days, until {soon}
            to be exact.""",
            """I hereby request the erasure of all personal data concerning me under Article 17 GDPR. My
            address is {email}. Please confirm in writing when this is done, including backups.""",
        ),
        beats=(
            agent(
                """Thanks for the request, it's on record with today's date. *Delete* moves a contact to the
                bin; *Erase* (in the bin's menu, for admins) also replaces the name in old entries with "Erased person".

                Backups are overwritten after 35 days; until then nobody can reach the data in them. Would you
                like me to carry out the erasure for you?""",
            ),
            customer(
                "Yes please, and send me the confirmation as a document.",
                "Please do it. I need a written confirmation with date.",
            ),
            note("Identity checked. Erasure run, job {order}."),
            agent(
                """Erased. The confirmation (reference {order}) with date and scope is on its way to {email} as
                a PDF. The backups will be clean 35 days from now.""",
            ),
        ),
    ),
    scenario(
        tags="security",
        priorities="high normal",
        subjects=("Is this mail from you?", "Phishing in your name", "Fake {product} invoice"),
        openings=(
            """I got this today, is it really from you?

            > Dear valued customer, your {product} mailbox is almost full. Confirm your password within
            > 24 hours to avoid interruption: hxxp://{product_slug}-verify.example/login

            It has your logo and everything. I have NOT clicked.""",
            """Two of our people received a "{product} invoice" with a ZIP attachment. One has opened it, I'm
            afraid. Did your customer list leak?""",
        ),
        beats=(
            agent(
                """That is not from us, well spotted. We never ask for a password by mail and never send ZIP files; our
                mails come from `@{product_host}` only.

                Could you forward the original **as an attachment** to abuse@{product_host}? With the headers we
                can have the site taken down. If somebody entered a password: change it now, and check the sessions in
                the profile.""",
            ),
            customer(
                "Sent. Could you put a warning on your status page so that others know?",
                "Forwarded. The person who opened it is offline now, IT has the laptop.",
            ),
            agent(
                """Thank you. The domain was reported and is offline since {time}. We've found no sign of a leak: the
                addresses they used are all public on company websites. A warning for everyone is up at {status}.""",
            ),
            thanks("Appreciate the fast answer.", "Thank you, I'll pass it on to the team."),
        ),
    ),
    scenario(
        tags="security permissions",
        priorities="high urgent",
        subjects=("Former employee still has access", "Remove access immediately", "Offboarding: {colleague}"),
        openings=(
            """{colleague} left us on {date}, not on good terms. The account was suspended in our directory but
            I can still see activity in {product} this morning. Please cut it off.""",
            """We let someone go yesterday and I need to be sure that *all* access is closed, including the
            phone app and API keys they may have made. I'm an admin but where do I see their keys?""",
        ),
        one_liners=("remove access for {colleague} right now pls, left the company. I'm admin",),
        beats=(
            agent(
                """Done: account disabled, all sessions ended (web and phone), and {few} personal API keys
                revoked. Shared links made by that account are listed under **Settings > Security > Links**; I
                haven't touched them because clients may be using them.""",
            ),
            note("Checked the requester: admin, mail matches, SPF fine."),
            customer(
                "Thank you. Was anything downloaded since {date}?",
                "Good. Can you tell whether data was exported in the last days?",
            ),
            agent(
                """Nothing was exported. The activity that you saw was the phone app refreshing in the background,
                which it does until its session ends. For the future: with SCIM switched on, suspending somebody in your
                directory closes {product} within a minute: {help}/security/scim""",
            ),
        ),
    ),
    scenario(
        tags="security bug",
        priorities="high normal",
        subjects=("Finding from our pentest: open redirect", "Vulnerability report: export link after logout"),
        openings=(
            """During a pentest of our own portal the testers noticed this in {product}:

            ```
            GET https://{app}/go?next=https://evil.example/
            HTTP/1.1 302 Found
            Location: https://evil.example/
            ```

            Low severity, but an open redirect helps phishing. Not public, of course.""",
            """I am independent security researcher. I found that export links at {app} stay valid
            after logout for {minutes} minutes. Steps: export, copy link, logout, open link in private window.
            Do you have bounty program?""",
        ),
        beats=(
            agent(
                """Thank you for reporting this to us first. I've passed it to the security team as **{eng}**
                and they've confirmed it. You'll hear from us when the fix is out; please keep it to yourself
                until then. Our policy and the rewards: {help}/trust/disclosure""",
            ),
            note("Confirmed by security, severity low to medium. Fix planned for {version_next}."),
            WAIT,
            agent("The fix went out with {version_next}. Would you be so kind as to test once more?"),
            thanks(
                "Retested, fixed. Pleasant process, thanks.",
                "I confirm it is not working anymore. Thank you sir/madam.",
            ),
        ),
    ),
]
