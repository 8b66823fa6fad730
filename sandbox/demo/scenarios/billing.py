"""Invoices, cards, taxes and refunds."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="billing refund",
        priorities="high normal",
        subjects=("Charged twice for {month}", "Double charge {invoice}", "Two payments of {amount} on the same day"),
        openings=(
            """Our card ending {card} shows two payments of {amount} on {date}, but we only have one invoice
            ({invoice}). Could you check what happened and send the second one back?""",
            """I was reconciling our statement and found {amount} from {product} *twice*. Only one invoice in the
            billing tab, {invoice}. I assume it is a retry that went wrong, but accounting needs it in writing
            before the end of the month.""",
            """Please have a look at {invoice}. The bank says it was paid two times:

            - {date}, {amount}, card {card}
            - {date}, {amount}, card {card}

            Same day, four minutes between them. We do not owe you this money two times.""",
        ),
        one_liners=(
            "You charged us {amount} TWICE on {date}. I want the money back today, not in '5 to 10 business days'.",
            "charged 2x for {invoice}. please refund one",
        ),
        beats=(
            agent(
                """Sorry about that. I can see both payments. The first attempt timed out at the card network, our
                system took it for a failure and tried again, and then both went through.

                I have refunded the second one ({amount}). It goes back to the card ending {card}; banks usually show it
                within three to five working days.""",
                """You are right, {invoice} was collected twice. I've sent one of the two payments ({amount})
                back to the card ending {card} just now. A credit note will follow by e-mail for your accountants.""",
            ),
            note("Refund issued in the payment console, ref {order}. Second case this week, telling {lead}."),
            customer(
                "Thank you. Can you send something that shows the refund? Our bank sees nothing yet.",
                "Okay, but it is not on the account yet. Is there a reference I can give to the bank?",
            ),
            agent(
                """Of course. The refund reference is `{order}`. Your bank can find it with that and the date. It is
                also under **Settings > Billing > Credit notes** now.""",
            ),
            thanks("The money arrived this morning. Thanks for sorting it out.", "Refund is there. Please close this."),
        ),
    ),
    scenario(
        tags="billing invoice",
        priorities="normal low",
        subjects=("VAT number missing on {invoice}", "Please correct our invoice", "Invoice without VAT ID"),
        openings=(
            """Invoice {invoice} was issued without our VAT number, so our tax adviser won't accept it. The number is
            {vat}. Could you reissue it? We will need the same for all coming invoices.""",
            """we moved our office and the invoices still have the old address and no VAT number. Correct would be:

            {company}\\
            VAT {vat}

            Please change {invoice} too, it is for the tax office.""",
            """I entered our VAT number ({vat}) in the settings last week but {invoice} still came with tax added and
            without the number. Did I do it in the wrong place?""",
        ),
        beats=(
            agent(
                """I've added {vat} to your billing details and reissued {invoice}; the corrected copy is in
                **Settings > Billing > Invoices** and replaces the old one. All future invoices will carry it.""",
                """Thanks, that's all I needed. {invoice} has been reissued with {vat} on it. You can change the details
                yourself at any time, here is how: {help}/billing/tax-details""",
            ),
            customer(
                "Got it, thank you. Does this also change the invoices from earlier this year?",
                "Great. One more: can the invoice go to our accounting address as well, accounts@{domain}?",
            ),
            agent(
                """The older ones stay as they are unless you want them changed. Reply with the invoice numbers
                and I'll reissue them in one go (up to twelve months back).""",
                """It can: add accounts@{domain} under **Billing > Recipients** and it gets every invoice from
                now on. I've sent {invoice} there as well.""",
            ),
        ),
    ),
    scenario(
        tags="billing",
        priorities="normal",
        subjects=("We pay for {seats} seats?", "Seat count looks wrong", "Question about number of users on the bill"),
        openings=(
            """The bill for {month} says {seats} seats. We are {few} people fewer than that, a few left over the summer
            and I removed them from the workspace. Why are we still paying for them?""",
            """I don't understand how you count seats. Our workspace lists fewer people than the {seats} on the
            invoice. Do invited people count? Do viewers count? It is nowhere explained, or I did not find it.""",
        ),
        one_liners=("why {seats} seats on {invoice}, we are not that many people",),
        beats=(
            agent(
                """A seat is counted for everyone who is **active or invited** on the day of the invoice. Viewers are
                free. In your workspace there are {few} invitations that nobody accepted, and they count.

                You can withdraw them under **Settings > People > Pending**. I have credited the difference for
                {month} because the page really doesn't say this clearly.""",
            ),
            customer(
                "Ah, the pending ones! Removed. Will the next bill be lower then?",
                "OK that explains it. Honestly, an open invitation should not cost money.",
            ),
            agent(
                """Yes, the next invoice counts active people only.""",
                """I agree with you, and you're not the first to say so. I've added your vote to the request.""",
            ),
        ),
    ),
    scenario(
        tags="billing",
        priorities="high urgent",
        subjects=("Card declined, account about to be suspended", "Payment failed", "Please do not suspend us!"),
        openings=(
            """We got the mail "Your workspace will be suspended on {soon}". Our bank says that there was no
            attempt from your side at all. The card ending {card} is valid and has enough limit. We have
            {seats} people working in {product} every day, so please stop the suspension while we sort it out.""",
            """Payment for {invoice} fails each time with this:

            ```
            Your card was declined (do_not_honor). Please contact your bank.
            ```

            Bank has nothing in their log. Tried two cards, two browsers ({browser}).""",
        ),
        one_liners=("URGENT card was replaced, new one gets declined, we can NOT be suspended during payroll week!!",),
        beats=(
            agent(
                """Nobody will be suspended: I have moved the date by 14 days, so there is no need to hurry.

                `do_not_honor` is what the bank answers when it wants the holder to confirm the payment. Please try once
                more and look out for a prompt in the bank's app. If that doesn't come up, I can send you an invoice to
                be paid by transfer.""",
            ),
            note("Suspension moved by 14 days. Good payer since years, no risk."),
            customer(
                "The prompt never comes. Could we do the transfer, please? To which account?",
                "Tried again at {time}, same result. We'd rather pay by bank transfer.",
            ),
            agent(
                """No problem. {invoice} is now set to bank transfer and a PDF with our account details is on its way to
                {email}. Please put the invoice number in the reference line.""",
            ),
            thanks("Transferred. Thanks for not cutting us off 😅", "Paid today, thank you for the patience."),
        ),
    ),
    scenario(
        tags="billing sales",
        priorities="low normal",
        subjects=("Switching to yearly billing", "Annual plan?", "Discount if we pay per year?"),
        openings=(
            """We are on {plan}, paid monthly, and happy with it. What would yearly cost for {seats} seats, and what
            happens with the month that we already paid?""",
            """I'm preparing the budget for next year. Can you send me a quote for {plan_b}, {seats} users, annual
            payment? Deadline on our side is {soon}.""",
        ),
        one_liners=("do you give discount for yearly payment?",),
        beats=(
            agent(
                """Happy to help. Yearly is ten months for the price of twelve. What you have paid for the current month
                is deducted from the first yearly invoice, day by day.

                You can switch under **Settings > Billing > Plan**, or I can send you a formal quote for {seats} seats
                first. Which would you prefer?""",
            ),
            customer(
                "A formal quote please, made out to {company}. My boss signs only paper.",
                "Quote please. And is the number of seats fixed for the year then?",
            ),
            agent(
                """The quote is attached to your billing page and valid for 30 days. Seats can be added at any time
                and are charged for the rest of the year only; you can reduce them when the year is over.""",
            ),
        ),
    ),
    scenario(
        tags="billing refund cancellation",
        priorities="normal high",
        subjects=("Charged after cancelling", "Refund for {invoice}", "I cancelled and you still took {amount}"),
        openings=(
            """I cancelled our subscription on {date} and today you took {amount} ({invoice}). I have the
            confirmation page as a screenshot. Please refund.""",
            """Let me get this straight. I cancel. Your site says "We're sorry to see you go". And then you bill us
            anyway? {amount} for a product that nobody at {company} has opened in weeks. I'd like this back,
            and I'd like to know how it could happen.""",
        ),
        one_liners=("Cancelled on {date}, charged {amount} today. Refund please.",),
        beats=(
            agent(
                """I'm sorry, that must be annoying. What happened: the cancellation was started on {date}, but the last
                step (confirming by e-mail) was never completed, so the plan renewed. That mail went to {email}.

                It is our job to make that clear, so I've cancelled the plan as of {date} and refunded {amount} in
                full.""",
            ),
            customer(
                "There was no such mail, also not in spam. But fine, as long as the money comes back. How long?",
                "Thanks. Please also confirm that our data will be deleted.",
            ),
            agent(
                """Three to five working days, depending on your bank. I'm sorry about the mail, I'll have
                somebody look into why it got lost.""",
                """Your data stays for 30 days in case you change your mind and is then erased. An admin can
                also erase it right away under **Settings > Workspace > Delete**.""",
            ),
        ),
    ),
    scenario(
        tags="billing invoice",
        priorities="low normal",
        subjects=("PO number on invoices", "Purchase order for {month}", "Our procurement needs a PO on the invoice"),
        openings=(
            """From this month on our procurement pays only invoices that show a purchase order number. Ours is
            `{order}`. Where do I enter this? I can see a field for tax number but none for PO.""",
            """{invoice} was rejected by our finance system because of missing purchase order. Please put {order} on it
            and send again to accounts@{domain}, subject must contain the number. I know, I know. I don't make
            the rules.""",
        ),
        beats=(
            agent(
                """There is a free text field for that: **Settings > Billing > Invoice notes**. What you write there
                appears under the address on each invoice. I've put `PO {order}` in and reissued {invoice}.""",
            ),
            thanks("Accepted by the system on first try. A small miracle. Thanks!", "Perfect."),
        ),
    ),
    scenario(
        tags="billing how-to",
        priorities="low normal",
        subjects=("Downgrade to {plan}", "Do we lose data when downgrading?", "Going back to the smaller plan"),
        openings=(
            """We tried {plan_b} for a while and don't need most of it. What exactly do we lose when going back to
            {plan}? I'm mostly afraid for the history of the last two years.""",
            """Before I click "Downgrade" I want to be sure: is anything deleted? The dialog says "Some features will no
            longer be available" which can mean everything and nothing.""",
        ),
        beats=(
            agent(
                """Fair question. Nothing is deleted. On {plan}:

                1. history older than 12 months is **hidden**, not erased, and comes back when you upgrade;
                2. automations beyond the fifth are paused;
                3. single sign-on is switched off, so people need a password.

                Number 3 is the one that surprises people, so tell them before.""",
            ),
            customer(
                "Number 3 is a problem. Can we keep SSO as an add-on?",
                "Good that I asked. Which five automations stay on, the oldest?",
            ),
            agent(
                """I'm afraid single sign-on comes only with {plan_b}. If that rules it out: you can change
                back within the month at no cost.""",
                """You choose them before you confirm; if you don't, it's the five that are used most. The
                others keep their settings and can be switched on again later.""",
            ),
        ),
    ),
    scenario(
        tags="billing bug",
        priorities="normal",
        subjects=(
            "Receipts don't reach our accounting",
            "No invoice mail since {last_month}",
            "Invoice emails missing",
        ),
        openings=(
            """Since {last_month} the invoice mails no longer arrive at accounts@{domain}. Payments go through. I can
            download the PDFs by hand but I am not the only one who would like to automate this.""",
            """no invoice mail for {month}. usually it comes on the 1st. spam folder checked. amount was
            {amount} I think""",
        ),
        beats=(
            note(
                "Mail log: accounts@{domain} bounced three times in {last_month}, we stopped sending. Mailbox was full."
            ),
            agent(
                """Our mails to accounts@{domain} came back three times with "mailbox full", and after that our system
                stops trying. I've switched it on again and resent the ones that were missed. Could you check whether
                they arrived?""",
            ),
            customer("Two arrived, {invoice} did not.", "Yes, there they are! Except {invoice}."),
            agent(
                "Sent {invoice} again by hand a moment ago, as a PDF this time. Please tell me if it's still missing."
            ),
            thanks("It's here.", "All complete now, thanks {agent}."),
        ),
    ),
    scenario(
        product="tidepool",
        tags="billing",
        priorities="normal high",
        subjects=("Price increase without notice?", "{amount} became {amount_b}", "Why is it more expensive now"),
        openings=(
            """Last month we paid {amount}, this month {amount_b}. Same seats, same plan. I found no announcement
            anywhere. What is this?""",
            """I'd like to understand the jump from {amount} to {amount_b} on {invoice}. If prices went up I would have
            expected a message beforehand; our contract says 60 days.""",
        ),
        one_liners=("{amount_b}??? Since when. Nobody told us.",),
        beats=(
            agent(
                "I'd like to know as well. Let me compare the two invoices line by line; you'll have an answer today."
            ),
            WAIT,
            agent(
                """The price of your plan has not changed. The difference is usage: in {month} the workspace
                sent many more text-message reminders than the plan includes, and those are billed one by one.
                The details are on page two of {invoice}.""",
            ),
            customer(
                "Text messages?! We didn't switch that on. Who did?",
                "I see. How do we stop that? Nobody here wants text messages.",
            ),
            agent(
                """According to the audit log, {colleague} turned on *Send reminders by text* on {date}. I've set a
                monthly limit of 0 for you, so that it can't happen again, and credited half of the messages as a
                goodwill gesture.""",
            ),
        ),
    ),
]
