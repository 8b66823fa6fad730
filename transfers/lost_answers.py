"""Answers that never came."""

from __future__ import annotations

import cstar
from transfers.models import RunBatch


def note(batch: RunBatch, error: cstar.CStarError) -> None:
    """Let the batch go on at once after the first answer that was lost; raise the error where it has to wait.

    `batch` is as it was before the call, so that its first try has no time yet.
    """
    if batch.first_sent_at is None and error.may_have_applied:
        return
    if batch.first_sent_at is None:
        RunBatch.objects.filter(pk=batch.pk).update(first_sent_at=None, state=RunBatch.State.WAITING)
    raise error
