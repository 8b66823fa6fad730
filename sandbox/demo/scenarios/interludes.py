"""What is said while both sides wait, and how mails begin and end. Fits into every conversation."""

CHASERS = (
    "Any news on this?",
    "Just checking in, has somebody had a chance to look at it?",
    "Hello? It's been a while.",
    "Sorry to push, but my manager asks me every morning. Is there an estimate?",
    "Could you at least tell me whether it's being worked on?",
    "Hi again. Anything that I can do from my side to speed it up?",
    "bump 🙂",
    "We need to plan around this, so even a *not this week* would help.",
    "I haven't heard anything, so I thought I'd ask.",
)

HOLDING = (
    "No news yet, I'm afraid. I look at it every day and will write as soon as I know more.",
    "Thanks for asking. It's being worked on; I can't promise a day yet, but it's among the next things to be done.",
    "Still open, sorry. I've asked again just now and made clear that you are waiting for it.",
    "A short sign of life: we're nearly there. Nothing you need to do at the moment.",
    "You're right to ask. I expect to hear about it by {weekday} and will let you know either way.",
)

IMPATIENT = (
    "Hello, is anybody reading this?",
    "?",
    "Any update please.",
    "Forgot to say: I'm reachable until {time_later} today, after that by mail only.",
    "Still waiting for a first answer...",
)

NOTES = (
    "Looked for similar tickets: {few} in the last month. Same pattern.",
    "Customer is on {plan}, {seats} seats, no open invoices.",
    "Called back, went to voicemail. Continuing here.",
    "{peer} had something like this last week, asking there first.",
    "Handed over from {peer}, end of shift.",
    "Long-standing customer, always friendly. Let's be generous.",
    "Phone number on file is out of date, use mail.",
    "If this comes back, take it to {lead}.",
)

GRATEFUL = (
    "Thank you!",
    "Thanks, you can close this.",
    "Perfect, thanks for the quick help.",
    "Great, thank you {agent}.",
    "OK thanks",
    "👍",
    "Understood, many thanks.",
    "That answers it. Thanks and have a nice day!",
    "Brilliant, cheers.",
)

# A sentence more, in some first messages.
ASIDES = (
    "No rush.",
    "I'm in the office until {time_later} if you need me.",
    "Happy to send more details.",
    "We're on the {plan} plan, if that matters.",
    "Please copy {colleague} in your answer.",
    "A short answer is enough.",
    "I looked through {help} but found nothing that fits.",
    "Apologies if this has been asked before.",
    "I'm out from {soon} on, so an answer before that would be great.",
    "PS: your last webinar was really good.",
    "Please answer in simple English, it's not my first language.",
    "We've been with you for {few} years and are happy otherwise.",
)

# For tickets that ended without the customer coming back.
GOODBYES = (
    "I haven't heard back from you, so I'm closing this for now. A reply opens it again, whenever you like.",
    "I take it that this is settled and close the ticket. If not, simply answer here.",
)

AUTO_CLOSED = "Closed automatically: no reply for 7 days."
