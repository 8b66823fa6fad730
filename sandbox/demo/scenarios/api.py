"""Developers: keys, limits, webhooks and client libraries."""

from sandbox.demo.script import WAIT, agent, customer, note, scenario, thanks

SCENARIOS = [
    scenario(
        tags="api",
        priorities="normal high",
        subjects=("401 after rotating API key", "API key stopped working", "invalid_api_key with a fresh key"),
        openings=(
            """After rotating our API key all calls return 401:

            ```
            $ curl -s -H "Authorization: Bearer sk_live_…" https://{api}/v2/workspace
            {"error":{"code":"invalid_api_key","message":"Unknown key","request_id":"{reqid}"}}
            ```

            The key is copied with the button on the page, so no typo. What am I overlooking?""",
            """We rotate secrets each quarter. This time the new key is refused ("Unknown key", {reqid}) while the old
            one still works, although the dashboard says that it's revoked. Feels like the two were swapped.""",
        ),
        one_liners=("new api key -> 401. old one -> 200. shouldn't that be the other way round? {reqid}",),
        beats=(
            agent(
                """Thanks for {reqid}. The key you send belongs to the **test** environment: test and live keys
                look alike but for the prefix, and the *Rotate* button acts on the environment chosen at the top right.

                So the test key was rotated, and the live one is untouched. Please switch to *Live* and rotate
                there.""",
            ),
            customer(
                "Oh no. You're right. But the old key must stop working *today*, is that so once I rotate?",
                "OK, embarrassing. Is there a grace period so that I can deploy without downtime?",
            ),
            agent(
                """When you rotate, you choose: at once, or after 1, 12 or 24 hours in which both keys work. Details:
                {help}/api/keys#rotation""",
            ),
            thanks("Rotated with 12 hours overlap, no errors. Thanks.", "All good, thank you."),
        ),
    ),
    scenario(
        tags="api performance",
        priorities="normal",
        subjects=("429 Too Many Requests", "Rate limit too low for our sync", "Hitting the rate limit every night"),
        openings=(
            """Our nightly sync gets 429 after roughly {count} requests. We fetch each record on its own
            because the list doesn't include custom fields. Can the limit be raised for us?""",
            """What's the actual rate limit? Docs say 1,000/hour, headers say something else:

            ```http
            HTTP/1.1 429 Too Many Requests
            Retry-After: 1260
            X-RateLimit-Limit: 600
            X-RateLimit-Remaining: 0
            ```""",
        ),
        beats=(
            agent(
                """The limit depends on the plan (600 on {plan}, 1,000 from {plan_b} on), and the header is
                always right.

                Before raising anything: the list accepts `?include=custom_fields` and up to 200 records a page. That
                should turn your sync into a handful of calls. Example:

                ```
                GET https://{api}/v2/records?include=custom_fields&page_size=200&updated_since=2026-01-01
                ```""",
            ),
            customer(
                "`include` is exactly what I needed, how did I miss that? Is `updated_since` inclusive?",
                "Works like a charm, from {count} calls to 41. Does a deleted record show up with `updated_since`?",
            ),
            agent(
                """It's inclusive, so expect the last record of the previous run once more.""",
                """Only when you add `&deleted=true`; they come with their id and `deleted_at` and nothing else.""",
            ),
            thanks("Great support, thank you.", "Clear. Closing this from my side."),
        ),
    ),
    scenario(
        tags="webhooks api",
        priorities="normal high",
        subjects=("Webhook signature never matches", "HMAC mismatch", "Verifying webhooks in Node"),
        openings=(
            """I can't get the webhook signature to match. Code:

            ```js
            app.use(express.json());
            app.post("/hooks", (req, res) => {
              const mac = crypto.createHmac("sha256", SECRET)
                .update(JSON.stringify(req.body)).digest("hex");
              if (mac !== req.get("X-Signature")) return res.sendStatus(400);
              res.sendStatus(200);
            });
            ```

            Secret is right, I checked three times.""",
            """We verify like this in Python and get a mismatch for about {percent} % of the events, the others
            are fine:

            ```python
            body = json.dumps(request.json, separators=(",", ":"))
            mac = hmac.new(SECRET, body.encode(), "sha256").hexdigest()
            ```

            The failing ones all seem to have accents or emoji in them.""",
        ),
        beats=(
            agent(
                """The signature is made over the **raw bytes** of the body. Parsing and serialising again changes them
                (key order, spaces, escaped characters), so the hash differs. Please hash the body as it arrived, before
                any JSON parsing, and compare in constant time. Ready-made snippets: {help}/api/webhooks#verify""",
            ),
            customer(
                "That was it. One more thing: events sometimes arrive twice. Bug?",
                "Raw body works. Are deliveries guaranteed to be in order?",
            ),
            agent(
                """Delivery is *at least once*: we repeat when your endpoint doesn't answer within ten seconds.
                Please remember the `X-Event-Id` of what you've handled and skip repeats.""",
                """No, and repeats are possible too. Use `created_at` in the body for the order, and skip an
                `X-Event-Id` that you've seen before.""",
            ),
        ),
    ),
    scenario(
        tags="api bug",
        priorities="normal",
        subjects=("Pagination returns duplicates", "Missing records when paging", "page=2 repeats rows of page=1"),
        openings=(
            """When I page through all records, some come twice and others never. Reproducible:

            1. `GET /v2/records?page=1&page_size=100`
            2. somebody creates a record
            3. `GET /v2/records?page=2&page_size=100`

            The last row of page 1 is the first row of page 2.""",
            """Our warehouse export is always off by a few rows. I wrote a test that pages through and compares the ids:
            {few} duplicates, {few} missing out of {count}. Is the order not stable?""",
        ),
        beats=(
            agent(
                """Your analysis is right: pages are counted from the newest record, so anything created while you're
                paging pushes rows to the next page.

                Please use the cursor instead: leave out `page` and pass the `next_cursor` of the response as `cursor`.
                It is stable under inserts. We should recommend it more loudly.""",
            ),
            note("Docs show page= in every example. {peer}, could the article mention the cursor first?"),
            customer(
                "Cursor works. Please deprecate `page` before it bites others.", "Cursor it is, numbers match now."
            ),
            agent(
                """Glad to hear it. The guide is being rewritten with the cursor first; your example is going
                to be in it."""
            ),
        ),
    ),
    scenario(
        tags="api bug",
        priorities="high normal",
        subjects=("500 on PATCH /v2/records", "Internal server error when updating", "PATCH fails with null"),
        openings=(
            """Since {date} updating a record gives 500 when a date is cleared:

            ```
            PATCH /v2/records/8841 {"due_on": null}
            -> 500 {"error":{"code":"internal","request_id":"{reqid}"}}
            ```

            Worked before. With `""` instead of `null` it's a proper 422.""",
            """Stack trace from our side, in case that helps:

            ```
            Traceback (most recent call last):
              File "/srv/sync/worker.py", line 214, in push
                client.records.update(rec.id, due_on=None)
              File "/srv/sync/.venv/lib/python3.11/site-packages/client/http.py", line 88, in _send
                raise ServerError(resp.status_code, resp.json())
            client.errors.ServerError: 500 internal (request {reqid})
            ```

            Only for records without a due date. {few} to {minutes} times an hour.""",
        ),
        beats=(
            agent(
                """Thank you for such a clear report. I could reproduce it at once and handed it to the developers
                as **{eng}**. Until it's fixed, you can leave the field out or send a date far in the future.""",
            ),
            note(
                "Reproduced on staging. Regression from {version}: validator expects a string. {eng} created, prio 2."
            ),
            WAIT,
            agent(
                """{eng} is fixed and live with {version_next}: `null` clears the date again, and there's a
                test now that keeps it that way. Could you confirm it on your side?""",
            ),
            thanks("Confirmed, queue is empty again. Thanks {agent}!", "Yes, all green since the deploy."),
        ),
    ),
    scenario(
        tags="api how-to",
        priorities="low normal",
        subjects=("Time zone of API timestamps", "created_at is off by hours", "UTC or local time?"),
        openings=(
            """Quick question: are the timestamps of the API in UTC or in the time zone of the workspace? We
            are in {city} and see a difference that changed when the clocks changed.""",
            """In the app I see {time}, in the API it's another hour. Which one is true, and where is it written?""",
        ),
        beats=(
            agent(
                """The API always speaks UTC, in ISO 8601 with a `Z` at the end. The app shows the time zone of the
                person's profile. For a conversion that survives the clock change, use a zone name such as
                `Europe/Paris` rather than a fixed offset.""",
            ),
            thanks("Thanks, fixed offset was indeed our bug.", "Clear. Thanks!"),
        ),
    ),
    scenario(
        tags="integration api",
        priorities="normal",
        subjects=(
            "Zapier connection keeps breaking",
            "Zap stopped: reconnect account",
            "Integration disconnects weekly",
        ),
        openings=(
            """Our Zaps stop about once a week with "Please reconnect your {product} account". After I
            reconnect it works for a few days. There are {few} Zaps so it's a bit of a chore every time.""",
            """The Zapier integration disconnected AGAIN. Third time this month. Leads got lost between {date} and today
            because nobody noticed. How do we make it stay connected?""",
        ),
        beats=(
            agent(
                """I had a look at the connection: it was made with {colleague}'s account, and each time
                {colleague} signs in anew with SSO, older sessions end, this one included.

                Please connect once with a **service account** instead ({help}/integrations/service-accounts). It has no
                session that could end.""",
            ),
            customer(
                "Makes sense. Does a service account cost a seat?",
                "Done. Is there any way to be told when a connection breaks?",
            ),
            agent(
                """They're free, three per workspace.""",
                """There is: **Settings > Integrations > Alerts**. Choose who gets a mail when a connection
                fails twice in a row.""",
            ),
            thanks("Ten days without a disconnect. I'd call that solved 🎉", "Great, thanks!"),
        ),
    ),
    scenario(
        tags="api how-to",
        priorities="low normal",
        subjects=("CORS error in the browser", "Calling the API from our website", "fetch() blocked"),
        openings=(
            """I try to call the API from our website and {browser} blocks it:

            > Access to fetch at 'https://{api}/v2/records' from origin 'https://www.{domain}' has been blocked by CORS
            > policy: No 'Access-Control-Allow-Origin' header is present

            Can you add our domain to the allowed ones?""",
            """is it possible to use the api directly from frontend (react)? getting cors error. backend is no
            option for us at the moment, we only have static hosting""",
        ),
        beats=(
            agent(
                """We don't allow that on purpose: the secret key would be in your page's source and everybody
                could read and change your data with it. What you *can* use in a browser is a publishable key with the
                `/v2/public/` endpoints (read only, the fields that you choose).

                **Please rotate the key** if it was online already, even for a minute.""",
            ),
            customer(
                "It was online for two days on a test page 😬 Rotated now. Can you see if someone used it?",
                "Understood, public endpoints will do for us. How many requests may they get?",
            ),
            agent(
                """I looked through the log of that key: only addresses that belong to you, the last one being
                {ip}. You were lucky!""",
                """As many as you like, in practice: they're cached for a minute.""",
            ),
        ),
    ),
]
