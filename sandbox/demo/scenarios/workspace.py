"""Roles, people and settings of a workspace."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="permissions",
        priorities="normal high",
        subjects=("Owner has left the company", "Transfer ownership", "Nobody can change the billing details"),
        openings=(
            """The owner of our workspace was {colleague}, who left in {last_month}. The mailbox is gone as
            well. Now nobody can see the billing page. How do I become the owner?""",
            """Please transfer the ownership of {company} from {colleague} to me. I'm the new head of operations.""",
        ),
        beats=(
            agent(
                """That happens more often than you would think. Since the owner can't confirm it, I need a
                short letter on company paper, signed by somebody who may sign for {company}, naming the new
                owner. A photo is fine. Template: {help}/people/transfer""",
            ),
            customer("Attached, signed by our managing director.", "Here you go. Is the photo readable enough?"),
            note("Letter matches the company register, signature by managing director. OK to transfer."),
            agent("Thank you, that's all we need. You're the owner now; please sign in again to see the billing page."),
            thanks("Works, thanks. Have a nice weekend!", "I can see it. Many thanks."),
        ),
    ),
    scenario(
        tags="permissions how-to",
        priorities="low normal",
        subjects=("Give a temp limited access", "Roles explained", "What can a 'Coordinator' do?"),
        openings=(
            """We have a temp for {few} weeks who should see everything of the {city} office, but nothing about
            prices. Which role would that be? I'm a bit lost in the roles page.""",
            """Is there a table with roles and what they may do? I have to explain it to people who are not
            technical and the current page is... a lot of text.""",
        ),
        one_liners=("can a coordinator delete things? yes or no",),
        beats=(
            agent(
                """Here's the short version:

                | | see | edit | delete | prices |
                |---|---|---|---|---|
                | Viewer | yes | no | no | no |
                | Coordinator | yes | yes | no | no |
                | Manager | yes | yes | yes | yes |

                Each role can be limited to one or more offices in the person's profile.""",
            ),
            customer(
                "Super, the table is what I needed. Can a role have an end date?", "And can I make a role of my own?"
            ),
            agent(
                """The role can't, but the access can: *Access until* in the person's profile.""",
                """With {plan_b} you can. Most teams find that Coordinator, limited to an office, is close enough.""",
            ),
        ),
    ),
    scenario(
        tags="onboarding",
        priorities="normal low",
        subjects=("Merge two workspaces", "We have two accounts by mistake", "Combine {company} workspaces"),
        openings=(
            """It turns out that our {city} office opened its own workspace last year. We'd like to have one.
            The other has around {count} records and {seats} people. Can you merge them?""",
            """We have two {product} accounts, one on my name and one of my predecessor, and pay for both!!
            Please put them together.""",
        ),
        beats=(
            agent(
                """Yes, we can. It works in one direction: everything of workspace B moves into A, people are matched by
                e-mail, settings of A win. It takes about an hour in which B is read-only.

                Please tell me which one is A, and a time that suits you. Evenings and weekends are fine.""",
            ),
            customer(
                "A is the one with my address, {email}. {weekday} after 18:00 would be great.",
                "Keep mine. Any evening.",
            ),
            note("Merge planned with {peer}. Dry run: {few} people in both, no clashes."),
            WAIT,
            agent(
                """The merge is through: all records moved, {few} people were in both and have been matched. The second
                subscription ended today and the rest of it is credited. Old links to B redirect for a year.""",
            ),
            thanks("Looks great, even the attachments came along.", "Perfect. One bill. Thank you!"),
        ),
    ),
    scenario(
        tags="notifications how-to",
        priorities="low normal",
        subjects=("Too many e-mails", "How do I turn off notifications?", "Please stop mailing me 40 times a day"),
        openings=(
            """I get a mail for every single thing that happens. Yesterday it was {seats}. I only want to know
            when somebody mentions me. Where can I set this?""",
            """How can our team get ONE summary mail in the morning instead of all the single ones? People
            began to filter them into the bin, which is not the idea.""",
        ),
        one_liners=("unsubscribe", "stop the emails please!!", "STOP"),
        beats=(
            agent(
                """Your profile picture > **Notifications**:

                - *Only what concerns me* sends mentions and assignments;
                - *Daily digest* collects the rest into one mail at 8:00.

                Admins can set that as the default for all under **Settings > Defaults**.""",
            ),
            thanks("Peace at last. Thanks.", "Ahh, profile picture. I looked in Settings for half an hour.", "👍"),
        ),
    ),
    scenario(
        tags="integration how-to",
        priorities="normal",
        subjects=("CNAME set, still 'pending'", "Custom domain: certificate error"),
        openings=(
            """We set up `desk.{domain}` as a custom domain. CNAME is right as far as I can tell:

            ```
            $ dig +short desk.{domain} CNAME
            custom.{product_host}.
            ```

            The settings page has been at "Pending verification" since {date}.""",
            """custom domain shows certificate warning in {browser}: NET::ERR_CERT_COMMON_NAME_INVALID. what is
            missing?""",
        ),
        beats=(
            agent(
                """The CNAME is fine. What's in the way is a CAA record: {domain} only allows one certificate
                authority, and ours is another one. Please add

                ```
                {domain}.  CAA  0 issue "letsencrypt.org"
                ```

                and press *Verify* again. It takes a few minutes once the record is visible.""",
            ),
            customer("Our DNS people want to know if the record stays forever.", "Added. How long should I wait?"),
            agent(
                """It has to stay, because the certificate is renewed every two months. I just checked: verification has
                passed and the certificate is live. Please reload without cache.""",
            ),
            thanks(
                "Green lock ✅ thank you", "Works. Thanks for finding the CAA thing, that would have taken us days."
            ),
        ),
    ),
    scenario(
        tags="bug permissions",
        priorities="normal high",
        subjects=("Managers can't see the team's records", "'You don't have access' after update", "Permission bug?"),
        openings=(
            """Since the update to {version} our managers get "You don't have access to this record" for
            records of their own team. Admins are fine. {seats} people affected.""",
            """Something changed with permissions on {date}. {colleague} could edit yesterday and can't today.
            Nobody changed the role, I checked the audit log.""",
        ),
        beats=(
            agent(
                """Thanks for checking the log, that rules out the usual cause. Could you send me the link of
                one record where it happens and the name of one person affected? I'd like to look at exactly
                that pair.""",
            ),
            customer(
                "https://{app}/r/{few}8841, person: {colleague}.",
                "{colleague}, any record of the {city} office. For example https://{app}/r/77{few}2.",
            ),
            note("Reproduced. Nested teams: the parent's grant is ignored since {version}. {eng}."),
            agent(
                """Found it: when a team is part of another team, rights of the upper one no longer reach down.
                That's a bug ({eng}). **Workaround**: add the managers to the lower team as well. The fix is in
                review.""",
            ),
            WAIT,
            agent("The fix is live with {version_next}. You can take the managers out of the lower team again."),
            thanks("Removed the workaround, everything is as before.", "Confirmed."),
        ),
    ),
    scenario(
        tags="how-to",
        priorities="low",
        subjects=("Rename our workspace", "Logo is blurry"),
        openings=(
            """We renamed our company. I changed the name in settings but the address still has the old one in it
            ({app}/{company_slug}). Can that be changed too?""",
            """Our logo looks blurry in the top left corner and in mails. I uploaded a PNG of 64x64. What size
            do you need?""",
        ),
        beats=(
            agent(
                """It can: **Settings > Workspace > Address**. The old one redirects, so that no bookmark breaks.""",
                """SVG is best, or a PNG with at least 512 pixels. We scale it down; up is where it gets blurry.""",
            ),
            thanks("Done, thank you.", "Sharp as a knife now. Thanks!"),
        ),
    ),
]
