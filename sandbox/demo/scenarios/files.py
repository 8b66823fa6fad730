"""Harbor: files that sync, conflict, vanish and come back."""

from sandbox.demo.script import agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        product="harbor",
        tags="sync bug",
        priorities="high normal",
        subjects=("Sync stuck on 'Preparing'", "Files don't sync since {date}", "Stuck: {count} files remaining"),
        openings=(
            """The client on my laptop says "{count} files remaining" since {date} and the number doesn't move.
            {os}, client {version}. Pause and resume changes nothing.""",
            """Sync stuck. Log repeats this line forever:

            ```
            WARN walker: path too long (271), retry in 30s: /Projects/{company_slug}/2026/Archive/…/final_final_v2.docx
            ```""",
        ),
        one_liners=("sync stuck at {percent} % since {weekday}",),
        beats=(
            agent(
                """One path is longer than what Windows allows, and the client waits for it instead of skipping
                it. Please shorten one of the folder names, then *Retry all*. From {version_next} on such files
                are listed and the rest goes on.""",
            ),
            customer(
                "Renamed the folder, now it's running. Are the others up to date?",
                "How do I find the file among {count}?",
            ),
            agent(
                """They are. I can see your files arriving right now; the rest will follow within the hour.""",
                """**Activity > Problems** names it, with a button that opens the folder.""",
            ),
            thanks("All green. Thank you!", "Done, everything is synced."),
        ),
    ),
    scenario(
        product="harbor",
        tags="sync how-to",
        priorities="normal",
        subjects=("'Conflicted copy' everywhere", "What are these conflict files", "Two versions of the same document"),
        openings=(
            """Our shared folder is full of files called "(conflicted copy of {colleague})". Which is the right
            one and can I delete the others?""",
            """{colleague} and I work on the same spreadsheet and each evening there are two of it. We never
            have it open at the same time. Well, hardly ever.""",
        ),
        beats=(
            agent(
                """A conflicted copy is made when two people save the same file before either of them has
                synced. Nothing is lost: the one without the addition was there first, the copy has the other
                person's changes.

                To avoid them: right-click > **Lock while editing**. Others then open it read-only.""",
            ),
            customer(
                "Is there a way to compare them? There are {seats}.", "Lock is great. Can it be automatic for a folder?"
            ),
            agent(
                """**Tools > Conflicts** shows the pairs side by side, with a button to keep one and move the
                other to the bin (30 days).""",
                """Yes: folder settings > *Lock automatically*.""",
            ),
        ),
    ),
    scenario(
        product="harbor",
        tags="restore",
        priorities="urgent high",
        subjects=("Ransomware: need to roll back everything", "All files encrypted!", "Files renamed to .locked"),
        openings=(
            """One of our PCs was hit by ransomware at around {time} and the encrypted files were synced to
            everyone. {count} files end in `.locked`. Do you have the old versions??""",
            """All our files are called `.locked` and can't be opened. There is a README asking for bitcoin.
            Please tell me that you can bring back yesterday.""",
        ),
        beats=(
            agent(
                """Yes, we have the versions from before. First two things, please, in this order:

                1. Take the infected PC **off the network** (cable and Wi-Fi).
                2. Don't delete anything, don't rename anything.

                I've paused syncing for your whole company so that it can't spread. We can put everything back
                to any minute of the last 30 days. What time shall I take?""",
            ),
            note(
                """Paused sync for {domain}. First .locked upload from one device at {time}. Paging restore
                team, {lead} informed."""
            ),
            customer(
                "PC is off. Take half an hour before {time}, to be safe.",
                "It's unplugged. Please go back to the morning.",
            ),
            agent(
                """The restore is running: {percent} % done, the rest will take about {minutes} minutes. Files
                which people saved after that time are kept next to the restored ones with `(after)` in the
                name, so no work is lost.""",
            ),
            agent(
                "Finished: {count} files are back. Sync stays off on the infected PC until you tell me that it's clean."
            ),
            thanks(
                "Checked the most important folders, all there. You saved our company today.",
                "It's all back. Thank you. Thank you!",
            ),
        ),
    ),
    scenario(
        product="harbor",
        tags="restore how-to",
        priorities="normal high",
        subjects=("Deleted folder, how to restore", "Folder gone and not in the bin", "Deleted by mistake"),
        openings=(
            """{colleague} deleted the folder "Contracts" on {date} and emptied the bin right after. Is it gone
            for good?""",
            """A folder with {count} photos disappeared on {date}. It isn't in the bin either, and of course
            nobody did anything.""",
        ),
        one_liners=("deleted wrong folder. help",),
        beats=(
            agent(
                """It's still there. Admins can see what was removed from the bin for another 60 days under
                **Admin > Recovery**. I've restored it to the same place, with its sharing settings.""",
            ),
            customer(
                "It's back! Who can empty the bin, can I restrict that?",
                "Thank you!! Some sub-folders are missing though.",
            ),
            agent(
                """It can be restricted to admins in **Admin > Policies**.""",
                """Those were deleted earlier, on their own. I've brought them back as well.""",
            ),
            thanks("Policy is set. Thank you.", "All there now. Thanks {agent}!"),
        ),
    ),
    scenario(
        product="harbor",
        tags="backup",
        priorities="high normal",
        subjects=("Backup failed 3 nights in a row", "Backup error 0x80070005", "Server not backed up since {date}"),
        openings=(
            """Our file server hasn't been backed up since {date}:

            ```
            [ERROR] snapshot: VSS writer "SqlServerWriter" failed, state 8, 0x800423f4
            [ERROR] job nightly-full aborted after {minutes} min
            ```

            Disk has space, service account didn't change.""",
            """I get "Backup incomplete" mails each morning. {few} folders "access denied". Worked for two
            years, nobody changed a thing. (I know everybody says that.)""",
        ),
        beats=(
            agent(
                """Thank you for the log. A Windows update of last week resets the rights of the service
                account. Please add it to *Backup Operators* again, restart the service *Harbor Agent*, and
                start the job by hand once.""",
            ),
            customer(
                "Running now, no errors so far. Will this come back with the next update?", "Done. It's at {percent} %."
            ),
            agent(
                """It went through at {time}, {count} files, no errors. Agent {version_next} checks its rights
                before each run and warns you in the evening rather than the next morning.""",
            ),
            thanks("Three good nights in a row. Closing.", "Perfect, thanks."),
        ),
    ),
    scenario(
        product="harbor",
        tags="sharing security",
        priorities="normal high",
        subjects=("Shared link visible on Google", "Link without password", "Who opened my shared link?"),
        openings=(
            """I found one of our shared links through a web search. It's a price list, not a catastrophe, but
            how does it get there?""",
            """I shared a link with a client and would like to know whether they have opened it. They say no, I
            think yes.""",
        ),
        beats=(
            agent(
                """Links of the kind *Anyone with the link* can end up on a public page, and search engines
                then find them. I looked at your link: opened {seats} times, first on {date}. You can see that
                yourself under **Shared > (link) > Activity**.

                For sensitive files choose *Named people* or set a password and an end date.""",
            ),
            customer("Can I forbid public links for the whole company?", "Can I change all existing links at once?"),
            agent(
                """Yes, **Admin > Sharing**: you choose which kinds are allowed, and old ones that break the
                rule are listed and can be closed with one button. The people who made them get a message.""",
            ),
        ),
    ),
    scenario(
        product="harbor",
        tags="sync performance",
        priorities="normal low",
        subjects=("Initial sync takes weeks", "Limit bandwidth during the day"),
        openings=(
            """First upload of our archive (2.1 TB) runs at {few} Mbit/s although our line has 500. It'd take
            weeks at that rate.""",
            """When {product} syncs, our video calls stutter. Can it be told to be slow from 8 to 18 and fast
            at night?""",
        ),
        beats=(
            agent(
                """Both sit in **Preferences > Network**: number of parallel transfers (4 by default; with many
                small files 16 is better) and a timetable for the bandwidth. For more than 1 TB, we can also
                send you a disk.""",
            ),
            customer(
                "With 16 it's ten times as fast. Thanks! What does the disk cost?",
                "Timetable is great. Can I set it for all PCs?",
            ),
            agent(
                "It's free with {plan_b}: we send it, you fill it, a courier takes it back.",
                "Yes, under **Admin > Devices > Profile**.",
            ),
        ),
    ),
    scenario(
        product="harbor",
        tags="bug sync",
        priorities="normal",
        subjects=("Green ticks gone after macOS update", "Finder freezes"),
        openings=(
            """After the update of macOS the little sync icons in Finder are gone, and right-click > Share as
            well. {product} itself runs.""",
            """Finder freezes for {few} seconds whenever I open the {product} folder. Only that folder. Apple
            silicon, client {version}.""",
        ),
        beats=(
            agent(
                """macOS switches off extensions with each big update. Please go to *System Settings >
                General > Login Items & Extensions > Finder* and tick {product}. Then `Option`-right-click on
                the Finder icon > Relaunch.""",
            ),
            thanks("Icons are back. Thanks!", "That helped, no more freezing."),
        ),
    ),
    scenario(
        product="harbor",
        tags="billing storage",
        priorities="normal",
        subjects=("Storage full, but we have only few files", "{percent} % used by what?", "Storage quota"),
        openings=(
            """Admin page says that {percent} % of our storage is used. I add up all folders and get to about
            half of it. What fills the rest?""",
            """We get the "almost full" mail daily. Before we buy more I'd like to know what takes the space.""",
        ),
        beats=(
            agent(
                """Old versions and the bin count too. In your case: 41 % live files, 33 % old versions (you
                keep 365 days), 9 % bin. With 90 days of versions you would be far below the limit: **Admin >
                Policies > Versions**.""",
            ),
            customer(
                "What happens with a version which is older, at once?", "Can I set it to 90 only for the video folder?"
            ),
            agent(
                """Per folder is possible (folder settings > Versions). A shorter time takes effect in the
                following night, and for seven days we can still undo it. After that they are gone.""",
            ),
            thanks("Done, {few} % more space. Thanks.", "We're fine for a year now. Thank you!"),
        ),
    ),
    scenario(
        product="harbor",
        tags="how-to onboarding",
        priorities="low normal",
        subjects=("Moving our file server", "Can {product} be a drive letter?"),
        openings=(
            """We're replacing our old file server ({count} folders, rights by group). What's the best way to
            move without changing all the shortcuts people have to `S:`?""",
            """Can {product} show up as a drive letter, like a network drive? Our accounting program only knows
            drives.""",
        ),
        beats=(
            agent(
                """Yes: **Preferences > Drive letter**, for all PCs through the device profile. For the move
                itself there's a tool that takes over folders *and* group rights; it can run several times, so
                you switch over when the last run takes minutes only. {help}/move/file-server""",
            ),
            customer(
                "Read it, looks good. Does it handle nested groups?",
                "Drive works! Is a file there when we have no internet?",
            ),
            agent(
                """It does. The report of the first run lists how each nested group was resolved.""",
                """Files that are marked *Keep on this device* are. For an accounting program I'd mark its
                whole folder.""",
            ),
        ),
    ),
]
