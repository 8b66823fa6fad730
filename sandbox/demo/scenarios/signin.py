"""Passwords, second factors and single sign-on."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="login",
        priorities="high normal",
        subjects=("Password reset mail never arrives", "Cannot log in to my account", "Reset link missing"),
        openings=(
            """I have requested a password reset {few} times now and nothing arrives at {email}. Spam is empty as well.
            I have a meeting at {time_later} and need to get in before.""",
            """I can't login since {weekday}. It tells "invalid credentials" but I am sure about my password.
            Then I make reset and the mail is not coming. Please help, I am blocked.""",
        ),
        one_liners=(
            "cant log in, no reset mail",
            "Password reset doesn't work. Tried {browser} and my phone. Nothing. Help?",
        ),
        beats=(
            agent(
                """I can see your requests, and each mail was accepted by the mail server of {domain}, so it is
                most likely held in a quarantine there. Could you ask your IT to release mails from
                `no-reply@{product_host}`?

                So that you're not stuck meanwhile, I've sent a one-time link to the recovery address on your
                profile. It works for an hour.""",
                """The mails are leaving our side, but {domain} puts them in quarantine (reason given: *new
                sender*). Your IT can release them. In the meantime {colleague}, who is an admin of your
                workspace, can set a temporary password for you under **Settings > People**.""",
            ),
            customer(
                "IT released it but the link says it is expired. Can you send a new one?",
                'Found it in quarantine, thank you! But now: "This link has expired".',
            ),
            agent("A fresh one is on its way to {email}. It's good for 24 hours this time. Use the newest mail only."),
            thanks("I'm in! Thank you so much.", "Worked. Made it to my meeting with two minutes to spare 🙏"),
        ),
    ),
    scenario(
        tags="login 2fa",
        priorities="high urgent",
        subjects=("Lost my phone, no 2FA codes", "New phone: authenticator gone", "Locked out because of two-factor"),
        openings=(
            """My phone fell into the harbour on {weekday} (yes, really) and with it my authenticator app. I didn't save
            the backup codes. How do I get back into my account, {email}?""",
            """I changed to a new {device} and only after resetting the old one realised that the codes for
            {product} did not move over. Now I can't sign in. I'm the only admin of our workspace.""",
        ),
        one_liners=("lost phone. no backup codes. need access ASAP, salaries go out tomorrow",),
        beats=(
            agent(
                """Sorry to hear that. We can remove the second factor, but only after checking that it is really you,
                and I'm sure you would want us to be strict about that.

                Please reply **from {email}** with:

                1. the last four digits of the card you pay with,
                2. the number of any invoice of this year.

                Once that matches, it takes about ten minutes.""",
            ),
            customer(
                "Card ends in {card}, invoice {invoice}.",
                "Of course, I'm glad you ask. {card} and {invoice}.",
            ),
            note("Both match. Reset approved by {lead}, call-back to the number on file done."),
            agent(
                """Thank you, both match. Your second factor is removed; you'll be asked to set up a new one when you
                next sign in. Please store the backup codes somewhere dry this time.""",
                """That matches. I've removed the old device. When you sign in, you'll be asked to enrol the new one and
                shown ten backup codes. Do print them!""",
            ),
            thanks(
                "Back in, and the codes are printed and in the safe.", "Perfect, I'm in. Thank you for being careful."
            ),
        ),
    ),
    scenario(
        tags="sso login",
        priorities="high urgent",
        subjects=("SAML: 'Audience mismatch' after certificate change", "SSO broken for everyone", "Okta login fails"),
        openings=(
            """We rotated our IdP certificate on {date} and since then nobody can sign in through SSO:

            ```
            SAMLResponse rejected: Audience mismatch
              expected: https://{app}/sso/{company_slug}
              received: https://{app}/sso/{company_slug}/
            RequestId: {reqid}
            ```

            We haven't touched the audience, only the cert. Entity ID in Okta is without the slash.""",
            """{seats} users can't sign in. Our IdP is Azure AD (Entra), app was set up from your gallery. Error in the
            URL: `?error=saml_audience`. Request id {reqid}. Password sign-in is disabled by policy so there is
            no way around.""",
        ),
        one_liners=("SSO down for the whole company since {time}. Nobody can work. Call me.",),
        beats=(
            agent(
                """Thanks for the request id, that saved us half an hour. Your identity provider now sends the audience
                **with** a trailing slash. This comes from the application template, which was updated together with
                the certificate.

                Two ways to fix it:

                - on your side: remove the slash from *Identifier (Entity ID)*;
                - on ours: I can allow both spellings. Say the word and I'll do it right away.""",
            ),
            customer(
                "Please allow both, our identity team is in another time zone and I can't reach anyone.",
                "Do it on your side please. We'll correct ours in the next change window.",
            ),
            note("Allowed both audiences for {domain}. Reminder: template update hit more people, see {eng}."),
            agent(
                """Done, both are accepted now. I just saw {few} successful sign-ins from {domain}. Nobody
                needs to clear anything; signing in again is enough.""",
            ),
            thanks(
                "Confirmed, people are getting in. Thanks for the quick turnaround.", "Works. You saved my {weekday}."
            ),
        ),
    ),
    scenario(
        tags="login bug",
        priorities="normal high",
        subjects=("Login loop in Safari", "Keeps sending me back to sign-in", "Endless redirect after sign in"),
        openings=(
            """After I enter my password the page reloads and I'm on the sign-in page again. No error. In a
            private window it works. {browser} on {os}.""",
            """It's the weirdest thing: I sign in, see my dashboard for half a second, and am back at sign-in. On my
            colleague's laptop the same account works. I've cleared cookies twice. What am I missing?""",
        ),
        one_liners=("login -> dashboard -> login -> dashboard -> login. forever.",),
        beats=(
            agent(
                """That looks like a blocked session cookie. Could you check two things?

                - Is an extension active that blocks trackers? If so, please allow `{app}`.
                - In the browser's privacy settings: is *Block all cookies* switched on?

                If neither is the case, a recording of the network tab would help: {help}/troubleshooting/har""",
            ),
            customer(
                "It was the privacy extension that our IT rolled out last week. With an exception for {app} it works.",
                "No extensions, cookies allowed. HAR file is on its way. It also happens with {colleague} now.",
            ),
            agent(
                """Good to hear. For the others at {domain}, this is the page to send to your IT:
                {help}/sign-in/cookies""",
                """Thank you both. In the recording, the answer with the cookie is dropped by a proxy between
                you and us (`via: 1.1 webgate`). Your IT can exclude `{app}` from it; the details are at
                {help}/sign-in/cookies""",
            ),
        ),
    ),
    scenario(
        tags="onboarding login",
        priorities="normal low",
        subjects=("Invitation link expired", "Invite for {colleague} doesn't work", "New colleague can't join"),
        openings=(
            """I invited {colleague} on {date} and the link says "Invitation is no longer valid". Can't see a
            way to send it again, only "Withdraw".""",
            """Our new colleague {colleague} gets an error when accepting the invitation. I tried to invite
            again but then it says "already invited". Kind of a deadlock 🙃""",
        ),
        beats=(
            agent(
                """Invitations are valid for seven days. Please *withdraw* the old one and then invite again; that
                "withdraw" frees the address is not obvious, I admit. Here's the page with pictures:
                {help}/people/invitations""",
                """I've renewed the invitation for {colleague}; a new mail is on its way and good for seven days. Next
                time: **Settings > People > Pending > Withdraw**, then invite anew.""",
            ),
            thanks("{colleague} is in. Thanks!", "That did it. A 'resend' button would be nice."),
        ),
    ),
    scenario(
        tags="login",
        priorities="normal low",
        subjects=("New company domain: e-mail change for all", "Change my e-mail address"),
        openings=(
            """We have been bought and all our addresses change from @{domain} to a new domain on {soon}.
            {seats} people. Can you do this in one go, or does each person have to change it?""",
            """I got married and my e-mail address changed. How can I change it in {product} without losing my
            stuff? In the profile the field is grey.""",
        ),
        beats=(
            agent(
                """The address is locked because your workspace manages people centrally. An admin can change it under
                **Settings > People**, one by one or by uploading a two-column CSV (`old,new`). Nothing gets lost:
                everything belongs to the account, not to the address.""",
            ),
            customer(
                "Good. Do people have to sign in again afterwards?",
                "And what happens to links that were shared under the old address?",
            ),
            agent(
                """Yes, once: people are signed out and sign in with the new address and their old password.""",
                """They go on working, because the address isn't part of them.""",
            ),
        ),
    ),
    scenario(
        tags="login bug",
        priorities="normal high",
        subjects=("Magic link already used?!", "One-time link never valid", "'Link was already used' on first click"),
        openings=(
            """Every sign-in link I get is "already used" when I click it. I click *once*. It began when our
            company moved to a new mail filter, in case that matters.""",
            """the sign in link is always expired even if I click after 5 seconds. colleagues same problem.
            password login is not possible for us, admin has disable it""",
        ),
        beats=(
            note("Scanner at {domain} opens the link before the person does: hits from {ip} 2 s after delivery."),
            agent(
                """We found it: your mail filter opens each link to check it for malware, and by doing so uses it up.

                Since {version} the link leads to a page with a **Sign in** button, and only the button uses it up. I've
                turned that on for your workspace. Could you request a new link and try?""",
            ),
            customer(
                "With the button it works, for me and for {colleague}. Is that going to stay?",
                "Works now. Will it stay?",
            ),
            agent(
                "It will stay. It becomes the default for everybody with {version_next}, thanks to reports like yours."
            ),
        ),
    ),
]
