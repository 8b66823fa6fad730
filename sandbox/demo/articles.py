"""The help centre: what customers can read before they write."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """An article before it has an id; `product` is empty where it fits every product."""

    title: str
    category: str
    tags: str
    content: str
    product: str = ""
    status: str = "published"
    is_public: bool = True


ALL = (
    Draft(
        "First steps in {product}",
        "Getting started",
        "onboarding how-to",
        """Welcome! This page takes you from an empty workspace to one that your colleagues can use. Plan about
        half an hour.

        ## 1. Describe your company

        Open **Settings > Workspace** and enter name, address and time zone. The time zone matters: everything
        that has a date is shown in it unless a person chooses another one in their profile.

        ## 2. Bring in your people

        Go to **Settings > People > Invite** and paste the addresses, one a line. Choose a role for each:

        | Role | May |
        |---|---|
        | Viewer | see everything, change nothing |
        | Coordinator | see and edit |
        | Manager | see, edit, delete, see prices |
        | Admin | all of it, and the settings |

        Invitations are valid for **seven days**. One that has expired has to be withdrawn before you can
        invite the same address again.

        ## 3. Try it with an example

        *Example* is a small set of made-up data. Play with it, break it, and delete it with one click when you
        are done: **Settings > Workspace > Remove example**.

        ## 4. Make it yours

        - Upload your logo (SVG, or PNG with at least 512 pixels).
        - Choose an accent colour, above all if you work with several workspaces.
        - Switch on the daily digest, so that nobody gets forty mails a day.

        ## Where to go from here

        - [Signing in with SSO](https://help.{host}/sign-in/sso)
        - [Importing your data](https://help.{host}/imports)
        - [Live course, every second Tuesday](https://help.{host}/training)""",
    ),
    Draft(
        "Inviting people and choosing roles",
        "Getting started",
        "permissions onboarding",
        """Everybody works with an account of their own. That is what makes the history useful: it shows *who*
        changed something.

        ## Invite

        1. Open **Settings > People > Invite**.
        2. Paste one or more addresses.
        3. Choose a role and, if you like, an office.
        4. Press **Send**.

        Each person gets a mail with a link that is valid for seven days.

        ## When an invitation does not arrive

        Ask the person to look into the spam folder, then ask your IT to look into the quarantine of the mail
        filter. Mails come from `no-reply@{host}`. To send again, choose **Pending > Withdraw** and invite once more.

        ## Roles

        A role says what a person may do, an office says where. Somebody with the role *Coordinator* and the
        office *Leeds* edits everything of Leeds and sees nothing of the others.

        > **Note:** Viewers are free. All other roles count as a seat, open invitations included.

        ## Temporary access

        Set *Access until* in the person's profile. On that day the account is switched off, and nothing that
        it made is lost.

        ## When somebody leaves

        Choose **Deactivate**, not *Delete*: sessions end at once, the history keeps the name, and the seat
        becomes free. Then look at **Settings > Security > Links** for links they shared, and at **Reports**
        for scheduled ones they own.""",
    ),
    Draft(
        "Fewer mails: notifications and the daily digest",
        "Getting started",
        "notifications how-to",
        """By default you get a mail for everything that concerns your team. Most people want less after a
        week. Here is how.

        ## For yourself

        Click your profile picture, then **Notifications**. There are three levels:

        | Level | You hear of |
        |---|---|
        | Everything | each change in your teams |
        | What concerns me | mentions, assignments, answers to what you wrote |
        | Nothing | only what is about your account, such as a new sign-in |

        *Daily digest* collects all the rest into **one mail at 8:00** in your time zone. A day without news is
        a day without a mail.

        ## On your phone

        Push notifications are set in the app, under **Profile > Notifications**, independent of mail. If none
        arrive, open
        **Profile > About**, send a test push and look at what it says below the button.

        ## For everybody

        Admins choose the level that new people start with under **Settings > Defaults**. Those who chose for
        themselves keep their choice.

        ## "The mails end up in spam"

        Ask your IT to allow `no-reply@{host}`. Mail filters that open links in order to check them may also
        use up sign-in links; if yours does, write to us and we switch your workspace to links with a button.""",
    ),
    Draft(
        "Importing contacts from a CSV file",
        "Getting started",
        "import how-to",
        """You can import up to 50,000 contacts from one file. The import has three steps and changes nothing
        before the last.

        ## Prepare the file

        - **Encoding:** UTF-8. In Excel choose *CSV UTF-8 (comma delimited)*; the plain *CSV* breaks umlauts
        and accents.
        - **First row:** names of the columns. Any names will do.
        - **E-mail:** should be there, because existing contacts are found by it.

        ```csv
        name,email,company,birthday
        Jürgen Weiß,j.weiss@nordlicht.example,Nordlicht Logistik,14.03.1979
        ```

        ## Step 1: choose the file

        Drag it onto the page. Up to 50 MB are fine.

        ## Step 2: check the preview

        Look at the first rows. Are accents right? Are dates right? `03/04/2026` can be read in two ways: click
        the arrow at the head of the column and choose *Day first* or *Month first*.

        ## Step 3: existing contacts

        | Choice | What happens to contacts that exist |
        |---|---|
        | Skip existing | nothing |
        | Update existing | fields of the file replace the old ones |
        | Only fill gaps | empty fields are filled |

        ## Something went wrong?

        **Import > History > Roll back** removes what was created and restores what was changed. Records that
        somebody edited since are listed for you to decide. It works for 30 days.""",
        product="tidepool",
    ),
    Draft(
        "Connecting Google Calendar and Outlook",
        "Everyday work",
        "calendar integration",
        """Connect your calendar to see bookings where you plan your day, and to keep customers from booking
        when you are busy.

        ## Connect

        1. Open **Profile > Calendars**.
        2. Choose Google or Microsoft and sign in there.
        3. Under **Write bookings to**, choose *one* calendar.
        4. Under **Read busy times from**, tick *all* calendars that should block you.

        The last step is the one that is forgotten most. Shared calendars count as one each, and the main
        calendar is not always the one you look at.

        ## How quickly does it sync?

        - From us to your calendar: within seconds.
        - From your calendar to us: within five minutes.

        ## Common questions

        **A cancelled booking stays as "Canceled: ..."**
        Outlook keeps it on purpose. *Sync > Clean up* removes them all.

        **My dentist's appointment is not respected.**
        Is it marked as *free*? Only entries that are marked as *busy* block.

        **Bookings are an hour off.**
        See *Settings > Locations > Repair series*. It shows a preview and mails nobody unless you tick the box.

        ## Disconnect

        Choose **Remove** next to the calendar. Entries that were written stay there, new ones are not added.""",
        product="tidepool",
    ),
    Draft(
        "Reminders: by mail, by text, and when they are skipped",
        "Everyday work",
        "notifications calendar",
        """Fewer no-shows are worth a minute of reading.

        ## Set up a reminder

        **Settings > Notifications > Reminders > Add**. Choose the time before the appointment and the channel.
        Most teams use two: a mail 48 hours before, a text message 3 hours before.

        Text messages are **billed one by one** once your plan's are used up. Set a monthly limit in the same
        place; at the limit, mails are sent in their stead.

        ## Why was a reminder skipped?

        The log (**Notifications > Log**) gives the reason:

        | Reason | What to do |
        |---|---|
        | `unverified` | the sending domain lost its DKIM record, see below |
        | `no_address` | the customer has neither e-mail nor mobile number |
        | `too_late` | the booking was made after the reminder would have been due |
        | `opted_out` | the customer does not want reminders |

        ## Sending as your own domain

        Add this record where your DNS is managed, then press **Verify**:

        ```
        tp1._domainkey.your-domain.example.  CNAME  dkim.{host}.
        ```

        If the record vanishes (typically when a web agency moves a site), we tell the owner and send from our
        own address until it is back.""",
        product="tidepool",
    ),
    Draft(
        "Reports: which number is the right one?",
        "Everyday work",
        "reports",
        """Two reports with two totals are rarely a mistake. They count by different dates.

        ## By service or by invoice

        - *Revenue by service* counts on the **day of the service**.
        - *Revenue by employee* and *Taxes* count on the **day of the invoice**.

        A booking on 30 March that is invoiced on 2 April is in March in one and in April in the other. Over a
        whole year, the two differ only by what is still to be invoiced.

        ## What is included

        | | Service | Employee | Taxes |
        |---|:---:|:---:|:---:|
        | Bookings | yes | yes | yes |
        | Cancellation fees | yes | *no* | yes |
        | Vouchers sold | no | no | yes |

        ## Compare with last year

        The three dots above a chart hold *Compare with...*: the period before, or the same period of last year.

        ## Send a report regularly

        Open it, choose **Repeat**, pick a day and recipients. A scheduled report runs with the rights of the
        person who made it. When that person leaves, it stops: look at **Reports > Orphaned** and take it over.""",
        product="tidepool",
    ),
    Draft(
        "How syncing works, and what 'conflicted copy' means",
        "Everyday work",
        "sync how-to",
        """{product} keeps a folder the same on all your devices. It helps to know what it does when two people
        save at once.

        ## The symbols

        - ✅ up to date
        - 🔄 being transferred
        - ☁️ in the cloud only, is fetched when opened
        - ⚠️ needs you: open **Activity > Problems**

        ## Conflicted copies

        Anna and Ben open the same spreadsheet. Anna saves, Ben saves before Anna's version has reached him.
        Neither may be lost, so {product} keeps both:

        ```
        Budget.xlsx
        Budget (conflicted copy of Ben 2026-03-04).xlsx
        ```

        Open both, merge what is needed, and delete the copy. **Tools > Conflicts** shows such pairs side by side.

        ## Avoiding them

        1. Right-click > **Lock while editing**. Others open the file read-only meanwhile.
        2. For folders: *settings > Lock automatically*.
        3. Close files when you go home. A laptop that was asleep for a weekend is the most common cause.

        ## Files that can't be synced

        Windows allows paths of up to 260 characters and forbids `< > : " | ? *` in names. Such files are
        listed under *Problems*; the rest goes on.""",
        product="harbor",
    ),
    Draft(
        "Restoring files, folders, or everything",
        "Everyday work",
        "restore how-to",
        """Deleted, overwritten, encrypted: there are three ways back, from small to large.

        ## One file

        Right-click > **Versions**. Choose a version and *Restore* or *Save as copy*. Versions are kept for 30
        days, or for as long as your admin has set.

        ## A folder

        **Bin** holds what was deleted in the last 30 days. An emptied bin is not the end: for another 60 days,
        admins find its contents under **Admin > Recovery**.

        ## Everything, to a point in time

        After ransomware, or a script that went wrong:

        1. Take the computer that caused it **off the network**. Cable *and* Wi-Fi.
        2. Delete nothing, rename nothing.
        3. As an admin, open **Admin > Recovery > Roll back** and choose a minute before it began.
        4. Read the preview. Files saved after that minute are kept beside the restored ones, with `(after)` in
        their names.

        Syncing is paused for all while this runs. A hundred thousand files take about twenty minutes.

        > If you are not sure, write to us first. Mark it as urgent: somebody is there around the clock for this.""",
        product="harbor",
    ),
    Draft(
        "Sharing links safely",
        "Everyday work",
        "sharing security",
        """A link is the quickest way to give somebody a file, and the easiest way to give it to everybody.

        ## Kinds of links

        | Kind | Who can open it | Good for |
        |---|---|---|
        | Named people | those who sign in with the address you entered | contracts, salaries |
        | Company | all your colleagues | handbooks |
        | Anyone with the link | really anyone | press photos |

        ## Make a link expire

        Choose **Share > Options** and set an end date, a password or a maximum number of downloads. All three
        can be changed later without changing the link.

        ## See who opened it

        **Shared > (link) > Activity** lists time and, for named people, the person. For public links you see
        the number only.

        ## "Our link is on Google!"

        A public link that stands on a public page is found by search engines. Close it (**Shared > (link) >
        Close**), make a new one with a password, and ask the search engine to forget the old address.

        ## For admins

        **Admin > Sharing** decides which kinds are allowed. Links that break a new rule are listed and can be
        closed together.""",
        product="harbor",
    ),
    Draft(
        "Signing in with SSO (SAML)",
        "Account and security",
        "sso login",
        """With single sign-on your people use the account that they have anyway, and lose access to {product}
        when they lose that account.

        ## What you need

        - the plan *Business* or *Scale*,
        - an identity provider that speaks SAML 2.0 (Okta, Entra ID, Keycloak, ...),
        - the role *Admin* on both sides.

        ## Set it up

        1. Open **Settings > Security > SSO** and copy the two addresses:

           ```
           ACS URL:   https://app.{host}/sso/your-workspace/acs
           Audience:  https://app.{host}/sso/your-workspace
           ```

        2. Enter both at your identity provider, **without** a slash at the end.
        3. Upload the metadata file of your provider.
        4. Press **Test**. Only when the test has passed can SSO be required for all.

        ## When certificates change

        Upload the new certificate *before* the old one expires; both are accepted for 30 days.

        ## If it fails

        | Message | Cause |
        |---|---|
        | `Audience mismatch` | a slash too many, or another workspace |
        | `Signature invalid` | the certificate was changed on one side only |
        | `Unknown user` | the e-mail differs, often by upper and lower case |

        Keep one admin with a password, so that you can get in when the provider is down.""",
    ),
    Draft(
        "Lost your second factor?",
        "Account and security",
        "2fa login",
        """It happens: a new phone, a lost one, one that fell into water. Here is how to get back in.

        ## With a backup code

        Choose **Use a backup code** below the field for the code. Each works once. When fewer than three are
        left, make new ones under **Profile > Security**.

        ## With the help of an admin

        Any admin of your workspace can remove your second factor: **Settings > People > (you) > Reset second
        factor**. You set up a new one when you next sign in.

        ## If you are the only admin

        Write to us **from the address of your account**. We ask for:

        - the last four digits of the card on file,
        - the number of an invoice of this year,

        and call back the number in your company profile. Please understand that we are strict: what lets you
        in quickly would let others in quickly too.

        ## So that it does not happen again

        1. Print the backup codes and keep them where you keep other important papers.
        2. Add a second device, or a security key.
        3. Make a colleague admin as well.""",
    ),
    Draft(
        "Deleting personal data (GDPR)",
        "Account and security",
        "gdpr security",
        """People have the right to know what you hold about them and to have it erased. {product} helps with both.

        ## A copy of the data (article 15)

        Open the person's record, choose **... > Copy of data**. You get a ZIP with a readable PDF and a JSON
        file. Look through it before you hand it over: it may contain data about others.

        ## Erasure (article 17)

        *Delete* moves a record to the bin, from where it can be restored for 30 days. To erase it for good:

        1. Delete the record.
        2. Open **Bin**, choose **... > Erase** (admins only).
        3. Confirm with your password.

        The name in old entries becomes *Erased person*; figures stay as they are, because they no longer say
        anything about anyone.

        ## Backups

        Backups are overwritten after **35 days**. Until then nobody can read single records in them.

        ## Proof

        Every erasure has a number and a confirmation as PDF, under **Settings > Privacy > Log**. Keep the
        number, not the name: a list of erased people would be a new list of people.""",
    ),
    Draft(
        "Reading your invoice",
        "Billing",
        "billing invoice",
        """What is on the invoice, where it comes from, and how to change it.

        ## Seats

        Everyone who is **active or invited** on the day of the invoice counts, viewers do not. Withdraw
        invitations that nobody accepted under **Settings > People > Pending**.

        Adding a person in the middle of a month costs the rest of that month. Removing one takes effect with
        the next invoice.

        ## Address, tax number, order number

        **Settings > Billing > Details**. For an invoice that was issued already, change the details and choose
        **Reissue**; the corrected copy replaces the old one and keeps its number.

        Does your company want a purchase order number? Use *Invoice notes*: the text appears below the address.

        ## Who gets it

        **Billing > Recipients**, up to five addresses. If an address refuses our mails three times, we stop
        and tell the owner.

        ## When a payment fails

        We try again after 1, 3 and 7 days and write to the owner each time. Your workspace goes on working for
        14 days. *do_not_honor* means that the bank wants a confirmation: look for a prompt in its app.

        ## Monthly or yearly

        Yearly costs as much as ten months. What you have paid for the current month is deducted, day by day.""",
    ),
    Draft(
        "Cancelling, and taking your data with you",
        "Billing",
        "cancellation export",
        """We hope that you stay. If you go, it should be easy.

        ## Before you cancel

        Make a **full export** (*Settings > Workspace > Full export*). It holds one CSV for each kind of record
        and all attachments. The link in the mail is valid for a day, because the file holds everything.

        ## Cancel

        1. The **owner** opens *Settings > Billing > Plan > Cancel*.
        2. We send a mail; the cancellation is complete when the link in it has been clicked.
        3. The plan runs until the end of the paid period.

        If you don't see the button, you aren't the owner. *Settings > People* shows who is.

        ## What happens to the data

        | When | What |
        |---|---|
        | End of the plan | the workspace can be read but not changed |
        | 30 days later | everything is erased |
        | 35 days after that | the last backup is overwritten |

        An admin can have it erased earlier: **Settings > Workspace > Delete**.

        ## Refunds

        A payment that was taken after you cancelled is returned in full. Just reply to the invoice mail.""",
    ),
    Draft(
        "Runbook: answering during an outage",
        "Getting started",
        "outage",
        """For the support team only.

        ## In the first ten minutes

        1. Confirm it from a second network. One ticket may be one customer's network; three are ours.
        2. Post in the incident channel and get the number of the incident.
        3. Put a line on the status page, even if it only says *We are looking into it*.

        ## Answering

        - Use the quick reply **outage**. Add *one* sentence of your own, so that people notice a person.
        - Promise the next message, not the solution: "I'll write again at 14:30".
        - Write again at 14:30, news or not.
        - Tag every ticket `outage` and put the number of the incident into the notes.

        ## Don't

        - guess at causes,
        - name other customers,
        - close anything before the customer has confirmed it.

        ## Afterwards

        | When | What |
        |---|---|
        | same day | tell everyone with an open ticket that it's over |
        | within two days | send the link to the report |
        | on request | service credit, up to one month without asking |

        Write down what you wished you had known. The next edition of this page is made of that.""",
        status="draft",
        is_public=False,
    ),
)
