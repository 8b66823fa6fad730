"""A portal with the desk in its page, in Python without any library: copy what you need of it.

    DESK=https://desk.example.com SECRET=… PERSON=ada@corp.example python docs/embedding/portal.py

SECRET is the one of this portal in the desk's EMBED_PORTALS. Serve the portal by HTTPS, behind nginx for example.
"""

import json
import os
from html import escape
from urllib.request import Request, urlopen
from wsgiref.simple_server import make_server

DESK = os.environ.get("DESK", "https://desk.example.com")
SECRET = os.environ.get("SECRET", "")
PERSON = os.environ.get("PERSON", "")

PAGE = """<!doctype html>
<html lang="en">
<title>Portal</title>
<script src="/portal.js" data-desk="{desk}"></script>
<h1>Portal <small id="unread"></small></h1>
<iframe id="desk" src="{address}" title="Support" width="100%" height="800"></iframe>
"""

SCRIPT = """
const { desk } = document.currentScript.dataset;

addEventListener("message", async ({ source, origin, data }) => {
  const frame = document.getElementById("desk");
  if (source !== frame.contentWindow || origin !== desk || data.source !== "cstar-desk") return;
  if (data.type === "unread") document.getElementById("unread").textContent = `${data.count} tickets`;
  if (data.type === "route") document.title = `${data.title} - Portal`;
  if (data.type === "signed-out") {
    const answer = await fetch("/desk-token", { method: "POST" });
    if (!answer.ok) return; // they have to sign in to the portal first
    const { token } = await answer.json();
    frame.contentWindow.postMessage({ type: "token", token }, desk);
  }
});
"""


def who_is_signed_in(environ: dict) -> str:
    """Your portal knows its people; this one has a single one."""
    return PERSON


def ask_desk(person: str) -> dict:
    """`token`, `url` and `expiresIn`. The secret never leaves this server."""
    body = json.dumps({"email" if "@" in person else "username": person, "next": "/tickets/"}).encode()
    headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "application/json"}
    with urlopen(Request(f"{DESK}/embed/token/", body, headers), timeout=10) as answer:  # noqa: S310
        return json.load(answer)


def portal(environ: dict, start_response):
    asked = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    person = who_is_signed_in(environ)
    if asked == ("GET", "/"):
        address = ask_desk(person)["url"]
        kind, text = "text/html", PAGE.format(address=escape(address), desk=escape(DESK))
    elif asked == ("GET", "/portal.js"):
        kind, text = "text/javascript", SCRIPT
    # Only to the portal's own page: nobody else may have a token made for whoever looks at theirs.
    elif asked == ("POST", "/desk-token") and environ.get("HTTP_SEC_FETCH_SITE") == "same-origin":
        kind, text = "application/json", json.dumps({"token": ask_desk(person)["token"]})
    else:
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"There is nothing here."]
    start_response("200 OK", [("Content-Type", f"{kind}; charset=utf-8"), ("Cache-Control", "no-store")])
    return [text.encode()]


if __name__ == "__main__":
    make_server("127.0.0.1", int(os.environ.get("PORT", "9000")), portal).serve_forever()
