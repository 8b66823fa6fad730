"""The desk in front of a cStar that somebody else wrote (tests/strict_cstar).

    @on(refused_fields=frozenset({"senderName"}))     # the strict server with these switches; without it, as printed
    def test_a_reply_arrives(filled, cstar, ticket):  # the desk after its first fill, the server, an open ticket there
        filled.reply(ticket["id"], "Hello.")
        cstar.others.customer_writes(ticket["id"], "Thanks.")
        filled.poll()

`desk` is the desk before its first fill; `worker(minutes=5)` lets time pass while its worker runs.
"""
