"""What is said while somebody watches: customers' answers to any reply, and colleagues' first words."""

import re
from random import Random

_QUESTION = re.compile(r"\?(\s|$)")
_REQUEST = re.compile(r"\b(please|try|reload|click|open|check|restart|update|switch|choose|send)\b", re.IGNORECASE)
_PROMISE = re.compile(
    r"\b(look(ing)? into|get back|let you know|write (to you )?again|keep you posted)\b", re.IGNORECASE
)

TO_A_QUESTION = (
    "Let me check, I'll send it to you in a few minutes.",
    "I'd have to ask our IT about that. I'll come back to you today.",
    "As far as I can tell, yes. I can send a screenshot if it helps.",
    "I'm not sure, to be honest. Where would I see that?",
    "Not that I know of. Nothing has changed on our side since last week.",
    "I've just asked a colleague, it's the same for her.",
)
TO_A_REQUEST = (
    "Did that just now, and it works! What was it?",
    "I tried it as you said. It's better, but now it takes much longer than before.",
    "Done. I still get the same message, I'm afraid.",
    "OK, I'll do that after lunch and tell you how it went.",
    "That did the trick, thank you. You can leave this open until tomorrow, in case it comes back.",
    "I don't have that button. Could it be that my role isn't allowed to see it?",
)
TO_A_PROMISE = (
    "Thanks, good to know that someone's on it.",
    "All right, I'll wait to hear from you. Is there anything that I can do meanwhile?",
    "Thank you! If it takes longer than today, a short word would be nice.",
    "Great. You can reach me here until six.",
)
TO_ANYTHING = (
    "Thank you for the quick answer!",
    "Understood, thank you. I'll try it with the rest of the team and write again if something is unclear.",
    "Thanks, that helps. I'll pass it on to my colleagues.",
    "Perfect, that's what I needed.",
    "Hm, I'm not sure that I follow. Could you explain it once more, in simple words?",
    "OK. And does that go for the whole team, or for my account alone?",
)
FIRST_ANSWERS = (
    "thanks for writing. I'm looking into this now and will get back to you within the hour.",
    "sorry about the trouble. I can see it in our logs; let me find out what's behind it, then I'll write again.",
    "thank you for writing. Two questions first: which browser do you use, and since when has it been like this?",
    "I've taken this over and asked the developers. Until I know more: does it help to sign out and in again?",
)
FURTHER_ANSWERS = (
    "a short sign of life: we've found the cause and are testing the remedy. I'll let you know as soon as it's live.",
    "it should be fixed by now. Could you try once more and tell me whether you still see it?",
    "I've changed the setting for your account. Please reload the page; it should look right at once.",
    "good point, I hadn't thought of that. I'll check with the team and get back to you today.",
)


def answer(rng: Random, said: str) -> str:
    """Choose a customer's answer that fits what the agent wrote."""
    if _QUESTION.search(said):
        return rng.choice(TO_A_QUESTION)
    if _PROMISE.search(said):
        return rng.choice(TO_A_PROMISE)
    if _REQUEST.search(said):
        return rng.choice(TO_A_REQUEST)
    return rng.choice(TO_ANYTHING)


def reply(rng: Random, customer: str, member: str, *, first: bool) -> str:
    """Write a reply by the member of that name."""
    text = rng.choice(FIRST_ANSWERS if first else FURTHER_ANSWERS)
    return f"Hi {_given(customer)},\n\n{text}\n\n{_given(member)}"


def _given(name: str) -> str:
    return name.split(maxsplit=1)[0]
