"""How gunicorn serves the desk: threads hide the waiting for cStar, two processes use two cores."""

import gc
import os
import shutil
import tempfile
from itertools import count

from prometheus_client import values

from config import env
from core import logs

wsgi_app = "config.wsgi:application"
bind = f"{os.environ.get('BIND', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = env.whole_number("WEB_CONCURRENCY", 2, least=1, most=64)
logconfig_dict = logs.configuration(as_json=not env.served_locally(env.allowed_hosts()))
threads = 8
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
# Longer than a proxy keeps its idle connections (nginx: 60 s), so that it never sends into one that we just closed.
keepalive = 75
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
# Nobody moves the desk by a header (SCRIPT_NAME, PATH_INFO), whatever the proxy in front lets through.
forwarder_headers = ""


def on_starting(server):
    # Where the processes count for /metrics; gone with them.
    server.counts = tempfile.mkdtemp(prefix="desk-metrics-")
    os.environ |= {"PROMETHEUS_MULTIPROC_DIR": server.counts}


def on_exit(server):
    shutil.rmtree(server.counts, ignore_errors=True)


def pre_fork(server, worker):
    taken = {other.slot for other in server.WORKERS.values()}
    worker.slot = next(slot for slot in count() if slot not in taken)


def post_fork(server, worker):
    # A successor goes on with the counts of the worker whose place it takes: one file a pid would be more each day.
    values.ValueClass = values.MultiProcessValue(lambda: worker.slot)
    # What was loaded before the first request lives for ever: the collector need not look at it again. A page makes
    # tens of thousands of objects that die with it; looking after every 700 finds nothing and costs time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
