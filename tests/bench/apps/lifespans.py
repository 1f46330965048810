"""What the pages we are measured against get from us, so that only the map makes the difference."""

import contextlib

from api import process


@contextlib.asynccontextmanager
async def same_socket(_app):
    """Send at once, as our own app does: without it each answer of Streamlit's takes some 40 ms longer."""
    process.send_at_once()
    yield


@contextlib.asynccontextmanager
async def same_process(_app):
    """Also keep what is loaded out of garbage collections, as our own app does: each run of a script makes one."""
    process.send_at_once()
    process.settle_memory()
    yield
