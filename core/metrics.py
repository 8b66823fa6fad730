"""Counts what this machine's web processes answered, for `/metrics` (config/metrics.py)."""

import time

from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter, Histogram

from core.logs import route

# Routes are patterns and not addresses, so that there are as many as in urls.py.
REQUESTS = Counter("desk_requests", "Requests answered.", ["method", "route", "status"])
SECONDS = Histogram(
    "desk_request_seconds",
    "How long answers took, in seconds.",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


def count_requests(get_response):
    """Counts each request that reached an address of ours or none; files that WhiteNoise serves are not counted."""

    def middleware(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        where = route(request)
        method = request.method if request.method in _METHODS else "other"  # a client may call it what it likes
        REQUESTS.labels(method, where, response.status_code).inc()
        SECONDS.labels(where).observe(time.perf_counter() - began)
        return response

    return middleware
