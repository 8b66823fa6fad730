from operator import itemgetter

from tests.browser.desk import rows

BAR = 70_000  # bytes on the wire, heads included


def test_the_first_load_of_the_inbox_is_small(visit):
    page = visit()
    sizes = {}
    page.on("requestfinished", lambda request: sizes.update({request.url: request.sizes()}))
    page.goto("/tickets/", wait_until="networkidle")
    assert rows(page).count() == 50
    bytes_of = {url: size["responseBodySize"] + size["responseHeadersSize"] for url, size in sizes.items()}
    total = sum(bytes_of.values())
    print(f"{total:,} bytes in {len(sizes)} requests; the bar is {BAR:,}")  # noqa: T201
    assert total <= BAR, "\n".join(f"{size:7,} {url}" for url, size in sorted(bytes_of.items(), key=itemgetter(1)))


def test_the_next_page_fetches_nothing_but_itself_and_its_news(visit):
    page = visit()
    page.goto("/tickets/", wait_until="networkidle")
    page.goto("/customers/", wait_until="networkidle")
    fetched = page.evaluate("""() => performance.getEntriesByType("resource")
        .filter((entry) => entry.transferSize > 0).map((entry) => entry.name)""")
    assert [url for url in fetched if "/live/?" not in url] == []
