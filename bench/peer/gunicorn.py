"""gunicorn's settings for the peer: workers, threads, keep-alive and garbage collection as in config/gunicorn.py."""

import gc
import os

wsgi_app = "django.core.wsgi:get_wsgi_application()"
bind = f"127.0.0.1:{os.environ['PORT']}"
raw_env = ["DJANGO_SETTINGS_MODULE=bench.peer.settings"]
loglevel = "warning"
workers = 2
threads = 8
worker_class = "gthread"
timeout = 60
keepalive = 75
control_socket_disable = True


def post_fork(server, worker):
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
