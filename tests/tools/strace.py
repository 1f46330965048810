"""Finds strace for the drill that watches system calls, or installs it where it may: `python -m tests.tools.strace`."""

import os
import shutil
import subprocess
import sys


def find_strace():
    """Return the path of strace."""
    found = shutil.which("strace")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "strace"], check=True, stdout=subprocess.DEVNULL)
        found = shutil.which("strace")
    if found is None:
        raise RuntimeError("this drill watches system calls: install strace (apt-get install strace)")
    return found


if __name__ == "__main__":
    sys.exit(0 if find_strace() else 1)
