"""Every test of a page has a store of its own."""

import pytest

from api import process


@pytest.fixture
def app_store(tmp_path, monkeypatch):
    """Return the store of the app, on an empty DATA_DIR; the first-run note has been seen."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    process.forget_process_state()
    store = process.store()
    store.settings.set("first_run_seen", value=True, actor=process.local_actor())
    yield store
    process.forget_process_state()
