"""What is too large is refused before it is read."""


def test_a_body_beyond_any_upload_is_refused_unread(client):
    answer = client.post("/accounts/sign-in/", {"x": "y"}, headers={"content-length": "55000001"})
    assert answer.status_code == 413
    assert "55 MB" in answer.content.decode()
    assert answer["Content-Security-Policy"]
