"""Who works on a run, and until when it counts as theirs."""

from __future__ import annotations

import os
import socket
from datetime import timedelta

from django.utils import timezone

from transfers.models import Run

# Longer than a call takes with its tries, and what follows from it; each call that is answered renews it.
LEASE = timedelta(seconds=60)


def worker() -> str:
    """This machine and process."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


def renew(run: Run) -> None:
    """Say, within a long step, that somebody still works on it; nothing if it is not this worker's."""
    Run.objects.filter(pk=run.pk, lease_by=worker()).update(lease_until=timezone.now() + LEASE)


def is_dead(holder: str) -> bool:
    """Whether a worker of this machine is no more. This process works on one run at a time: not on an older one."""
    host, _, pid = holder.rpartition(":")
    if holder == worker():
        return True
    if host != socket.gethostname()[:100] or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
