"""What a proxy in front passes on of a client's own headers."""

import httpx


def test_a_client_does_not_say_where_the_desk_is(desk_url):
    """gunicorn would believe a proxy about SCRIPT_NAME, and our links are kept for everybody."""
    path = "/accounts/sign-in/"
    moved = httpx.get(f"{desk_url}/elsewhere{path}", headers={"SCRIPT_NAME": "/elsewhere"})
    pages = [httpx.get(f"{desk_url}{path}", headers={"SCRIPT_NAME": "/elsewhere"}) for _ in range(4)]
    assert moved.status_code == 404
    assert all("elsewhere" not in page.text for page in pages)
