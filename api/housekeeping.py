"""What the server does by itself once a day: the retention job."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from actions.retention import run_retention
from api import process
from api.layers import forget_answers

log = logging.getLogger(__name__)
INTERVAL_S = 24 * 60 * 60


def keep_house() -> None:
    """Run the retention job once; a failure is logged and tried again the next day."""
    try:
        report = run_retention(process.store())
    except Exception:
        log.exception("the retention job failed")
        return
    log.info("retention: %s", report)


@contextlib.asynccontextmanager
async def housekeeping() -> AsyncIterator[None]:
    """Run the job at the start of the server and once a day while it runs; let old answers go at every change."""
    # What was erased, here or by another process on the same database, must not stay in memory either.
    process.store().on_change(forget_answers)

    async def daily() -> None:
        while True:
            await asyncio.to_thread(keep_house)
            await asyncio.sleep(INTERVAL_S)

    task = asyncio.create_task(daily())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
