"""Sends the outbox in the worker's process, beside its tasks.

The rows are the queue: whatever is due leaves, whoever left it behind. Lines go side by side in threads, so that a call
that hangs holds up its own line alone, and of one team only a few, so that it cannot take all threads.
"""

import logging
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Thread

from django.db import close_old_connections, connections

from core import logs
from outbox.delivery import due_lines, send_line
from teams.models import Team

INTERVAL = 0.5  # seconds
THREADS = 8
OF_ONE_TEAM = 2

logger = logging.getLogger(__name__)


class Sender(Thread):
    """Sends due lines until `stop`, which waits for those under way."""

    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self._stopped = Event()
        self._under_way: dict[tuple, Future] = {}

    def run(self) -> None:
        with ThreadPoolExecutor(THREADS, thread_name_prefix="outbox") as pool:
            while not self._stopped.is_set():
                try:
                    self._start_due(pool)
                except Exception:  # the outbox must go on whatever the database has for a moment
                    logger.exception("The outbox could not be read; it is tried again.")
                finally:
                    close_old_connections()
                self._stopped.wait(INTERVAL)
        connections.close_all()

    def stop(self) -> None:
        self._stopped.set()
        if self.is_alive():
            self.join()

    def _start_due(self, pool: ThreadPoolExecutor) -> None:
        self._under_way = {line: future for line, future in self._under_way.items() if not future.done()}
        busy = Counter(team_id for team_id, _ in self._under_way)
        for team_id, line in due_lines():
            if (team_id, line) not in self._under_way and busy[team_id] < OF_ONE_TEAM:
                busy[team_id] += 1
                self._under_way[team_id, line] = pool.submit(_send, team_id, line)


def _send(team_id, line: str) -> None:
    with logs.about(team=str(team_id)):
        try:
            send_line(Team.objects.get(pk=team_id), line)
        except Exception:  # the entry's lease ends by itself, and it is tried again
            logger.exception("A line of the outbox could not be sent; it is tried again.")
        finally:
            # Threads that wait for the next line would hold a connection each, and PostgreSQL has not many to give.
            connections.close_all()
