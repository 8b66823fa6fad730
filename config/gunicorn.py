"""How gunicorn serves the desk: threads hide the waiting for cStar, two processes use two cores."""

import gc
import os

wsgi_app = "config.wsgi:application"
bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True


def post_fork(server, worker):
    # What was loaded before the first request lives for ever: the collector need not look at it again. A page makes
    # tens of thousands of objects that die with it; looking after every 700 finds nothing and costs time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
