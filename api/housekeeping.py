"""What the server does by itself once a day: the retention job, and the scheduled backup."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from actions.backup import run_scheduled
from actions.kept_places import kept_places
from actions.retention import run_retention
from api import process
from api.backup_secret import backup_folder, kept_passphrase
from api.export_files import remove_left_behind
from api.layers import forget_answers
from domain.errors import ConfigurationError
from store import utc_now

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


def back_up() -> None:
    """Take the scheduled backup where one is due; a failure is logged, shown by its age, tried again the next day."""
    here = process.configuration()
    try:
        folder, passphrase = backup_folder(here.data_dir), kept_passphrase(here.data_dir)
        if folder is None:
            return
        if passphrase is None:
            raise ConfigurationError("backup_secret_missing")  # noqa: TRY301  one log line for all of it
        report = run_scheduled(process.store(), folder=folder, passphrase=passphrase, now=utc_now())
    except Exception:
        log.exception("the scheduled backup failed")
        return
    if report is not None:
        log.info("backup: %s", report)


def warm_places() -> None:
    """Read what views of others' places are made from; a failure is logged, the first reader tries again."""
    try:
        kept_places(process.store()).warm()
    except Exception:
        log.exception("places could not be read beforehand")


@contextlib.asynccontextmanager
async def housekeeping() -> AsyncIterator[None]:
    """Run both at the start of the server and once a day while it runs; let old answers go at every change."""
    # What was erased, here or by another process on the same database, must not stay in memory either.
    process.store().on_change(forget_answers)
    remove_left_behind(process.configuration().data_dir)

    async def daily() -> None:
        await asyncio.to_thread(warm_places)
        while True:
            await asyncio.to_thread(keep_house)
            await asyncio.to_thread(back_up)
            await asyncio.sleep(INTERVAL_S)

    task = asyncio.create_task(daily())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
