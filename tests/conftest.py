"""Rules of the whole suite: a skip is said in one line, and in CI it is a failure."""

import os

import pytest

from tests.store.homes import Clusters


@pytest.fixture(scope="session")
def clusters(tmp_path_factory):
    """The one PostgreSQL of a test run; it starts when the first test asks for a database."""
    running = Clusters(tmp_path_factory)
    yield running
    running.close()


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        terminalreporter.write_line("skipped: nothing")
        return
    reasons = sorted(
        {str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr) for report in skipped}
    )
    terminalreporter.write_line(f"skipped: {len(skipped)} ({'; '.join(reasons)})")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
