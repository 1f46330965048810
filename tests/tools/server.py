"""Starts the real app as its user would, on a free port and a DATA_DIR of its own."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).parents[2]
START_TIMEOUT_S = 120


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@contextlib.contextmanager
def running_app(data_dir, *, script="app.py", environment=None, port=None, cwd=PROJECT):
    """Yield the address of a running app; stop it at the end."""
    port = port or free_port()
    log = Path(data_dir).parent / f"server-{port}.log"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--server.headless=true",
    ]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=cwd,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "MALLOC_ARENA_MAX": "1", "DATA_DIR": str(data_dir), **(environment or {})},
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_answering(address, process, log)
        yield RunningApp(address, process, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class RunningApp:
    def __init__(self, address, process, log):
        self.address = address
        self.process = process
        self.log = log

    def __str__(self):
        return self.address


def wait_until_answering(address, process, log):
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the app ended at start:\n{log.read_text(errors='replace')}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the app did not answer:\n{log.read_text(errors='replace')}")
