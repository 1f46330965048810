"""Opens an old DATA_DIR again and again and kills itself at given steps of the migration.

`python -m tests.drills.migration_killer DATA_DIR [STEP ...]`; without steps at every one of them. A step is a
statement or a commit. After each it says whether it was killed and whether the database is as before or complete;
with the last line it is complete.
"""

import json
import os
import signal
import sys
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from store import open_store
from tests.drills.old_databases import all_revisions, read


def open_and_die(data_dir, step):
    """In a child: open the store; at its `step`th statement or commit, die. Return whether it died."""
    child = os.fork()
    if child == 0:
        left = step

        def die(*_arguments, **_more):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(sa.engine.Engine, "before_cursor_execute", die)
        sa.event.listen(sa.engine.Engine, "commit", die)
        store = open_store(data_dir)
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", die)
        sa.event.remove(sa.engine.Engine, "commit", die)
        store.close()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit("the opening failed")
    return os.WIFSIGNALED(status)


def main():
    data_dir = Path(sys.argv[1])
    steps = [int(step) for step in sys.argv[2:]]
    revision, columns, before = read(data_dir)
    for step in [*steps, 10**9] if steps else count(1):
        killed = open_and_die(data_dir, step)
        now, _, after = read(data_dir, columns)
        whole = after == before and (now == revision if killed else now == all_revisions()[-1])
        # Killed after the last commit it is complete already.
        whole = whole or (killed and after == before and now == all_revisions()[-1])
        print(json.dumps({"step": step, "killed": killed, "whole": whole}), flush=True)
        if not killed:
            return


if __name__ == "__main__":
    main()
