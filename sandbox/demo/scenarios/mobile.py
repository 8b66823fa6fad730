"""The phone app."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="mobile bug",
        priorities="high normal",
        subjects=("App crashes on start", "Android app closes right away", "App broken since update {version}"),
        openings=(
            """Since the update to {version} the app closes as soon as I open it. {device}. Reinstalled,
            restarted, same.""",
            """App crash, log from the phone:

            ```
            FATAL EXCEPTION: main
            java.lang.NullPointerException: Attempt to invoke virtual method
              'java.lang.String com.example.Profile.getLocale()' on a null object reference
                at com.example.MainActivity.onCreate(MainActivity.kt:61)
            ```

            {device}, app {version}. Happens only for people who were invited recently.""",
        ),
        one_liners=("app doesnt open anymore", "App crashes. {device}. Fix it please, I'm in the field all day."),
        beats=(
            agent(
                """I'm sorry. {version} has a fault for profiles without a chosen language. **Quick way out:**
                sign in once in the phone's browser, open your profile, choose a language, save. The app then
                starts again.

                The corrected version is with the app stores already.""",
            ),
            customer(
                "That worked, strange but OK. When is the proper fix out?",
                "I can't find the language on the mobile page.",
            ),
            agent(
                "{version_next} is being released step by step and should reach every phone within two days.",
                """It's the globe at the very bottom of the profile page, below *Sign out*. {version_next}
                won't need it any more.""",
            ),
            thanks("Updated, works.", "Got {version_next} this morning. All good 👌"),
        ),
    ),
    scenario(
        tags="mobile notifications",
        priorities="normal",
        subjects=("No push notifications", "Push stopped on {device}", "Notifications only when app is open"),
        openings=(
            """I get no push notifications any more on my {device}, they only appear when I open the app. All
            permissions are on.""",
            """Push works for my colleague with the same phone but not for me. Notification settings in
            {product}: everything ticked. Phone: allowed. Battery saver: off. What else is there?""",
        ),
        beats=(
            agent(
                """Let's look where they get lost. In the app: **Profile > About**, tap the version {few}
                times, then *Send test push*. Please tell me what it says below the button.""",
            ),
            customer("It says: token expired.", '"Token expired (410)". Sounds like something.'),
            agent(
                """That's it: your phone got a new address from its maker and the app didn't notice. Signing
                out of the app and in again registers it anew. From {version_next} on it does that by itself.""",
            ),
            thanks("Test push arrived, real ones too.", "Bing! Thanks."),
        ),
    ),
    scenario(
        tags="mobile bug",
        priorities="normal high",
        subjects=("Offline changes lost", "App lost my notes in the tunnel", "Entries without network disappear"),
        openings=(
            """I work in basements a lot (lift maintenance). Whatever I enter without network is sometimes gone
            when I'm back up. Yesterday {few} reports. I now write them on paper first, which can't be the idea.""",
            """Wrote a long note on the train, no signal, pressed save, "Saved". At home: nothing. Where's my
            note? 😡""",
        ),
        beats=(
            agent(
                """That's the worst thing an app can do, and I'm sorry. Before anything else: please **don't
                sign out or remove the app**. Unsent entries are still on the phone. Go to **Profile > About >
                Unsent** and tell me what you see there.""",
            ),
            customer(
                "There they are!! {few} entries, 'conflict'. Can I send them?", "It lists my note with a red triangle."
            ),
            agent(
                """Tap one and choose *Send as new*. They got stuck because somebody had changed the same
                record at the desk. In {version_next} the app asks you what to do instead of putting them aside
                in silence.""",
            ),
            thanks("All recovered. Thank you, really.", "My note is back. Back to trains and tunnels."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="mobile how-to",
        priorities="low",
        subjects=("iPad layout", "Tablet at the reception"),
        openings=(
            """On the iPad the app is just the phone version, blown up. Is there a setting for a real tablet layout?""",
            """We want to put a tablet at the reception so that visitors can check in themselves. Is that
            possible without giving them access to everything?""",
        ),
        beats=(
            agent(
                """In landscape the app shows two columns from {version} on. For a shared tablet I'd use *kiosk
                mode* (**Settings > Devices**): one screen, a PIN to leave it, no access to anything else.""",
            ),
            thanks("Two columns, lovely. Thank you.", "Kiosk mode is exactly it."),
        ),
    ),
    scenario(
        tags="mobile performance",
        priorities="normal low",
        subjects=("App drains battery", "Battery usage {percent} %", "Phone gets hot"),
        openings=(
            """{product} used {percent} % of my battery today according to the phone. I opened it maybe four
            times. {device}, app {version}.""",
            """since last update phone is hot and battery is empty at lunch. when I delete your app it's ok. so
            it's your app.""",
        ),
        beats=(
            agent(
                """Thank you for the numbers. In {version} the app asks for the position more often than it
                should when *Travel time* is on. Switching that off helps at once. We're testing a version
                without that fault.""",
            ),
            note("Location requests every 10 s instead of every 10 min. {eng}, fix in {version_next}."),
            WAIT,
            agent(
                """{version_next} is out and brings it down to about 2 % a day on our test phones. Please
                switch *Travel time* on again."""
            ),
            thanks("Phone stays cool, and me too.", "Much better!"),
        ),
    ),
]
