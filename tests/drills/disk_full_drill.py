"""Writing is made impossible: the disk is full, the file of the database is read-only, the folder has lost its
permissions, another program holds the lock. Every write must be either stored or refused with a sentence; what was
stored must be there, nothing by halves; and once the cause is gone, writing goes on. A form whose writing was refused
must still hold what was typed into it.
"""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from store.data_dir import DATABASE_NAME
from tests.drills.findings import at_least, none_of, told
from tests.drills.refused_writer import FILLER
from tests.drills.whole_store import half_written, lost

PROJECT = Path(__file__).parents[2]
DISK_BYTES = 6 * 1024 * 1024
FILLER_BYTES = 2 * 1024 * 1024
SEEDS, SHORT_SEEDS = 5, 1
TYPED = {"name": "Vymyšlené místo", "note": "První řádek\ndruhý"}


def run(seed, *, full):
    total = Counter()
    codes = Counter()
    for number in range(SEEDS if full else SHORT_SEEDS):
        with tempfile.TemporaryDirectory(prefix="disk-full-drill-") as folder:
            # Nobody must be able to reach what lies in it.
            Path(folder).chmod(0o755)
            for name in ("full_disk", "read_only_file", "lost_permission", "lock_held"):
                found = scenario(name, Path(folder), seed + number)
                codes.update(found.pop("codes"))
                total.update(found)
    forms = form_keeps_its_text()
    return [
        at_least("writes stored", total["stored"], 100 if full else 20),
        at_least("refused for want of room", codes["disk_full"] + codes["disk_error"], 20),
        at_least("refused because the file may not be written", codes["database_read_only"] + codes["data_dir_not_writable"], 2),
        at_least("refused because of the lock", codes["database_locked"], 1),
        none_of("refused without a sentence", total["unsaid"]),
        none_of("stored writes lost", total["lost"]),
        none_of("things there by halves", total["half"]),
        none_of("scenarios after which writing did not go on", total["stuck"]),
        none_of("forms that lost what was typed", forms["lost"]),
        at_least("forms refused", forms["refused"], 1),
        told("full disks that were a real one (the others a limit of size)", total["mounted"]),
    ]  # fmt: skip


def scenario(name, folder, seed):
    place = folder / f"{name}-{seed}"
    place.mkdir(mode=0o755)
    mounted = name == "full_disk" and mount(place)
    ran = name if mounted or name != "full_disk" else "size_limit"
    data_dir = place / "data"
    if mounted:
        (place / FILLER).write_bytes(bytes(FILLER_BYTES))
    try:
        command = [sys.executable, "-m", "tests.drills.refused_writer", ran, str(data_dir), str(seed)]
        environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=PROJECT, env=environment)
        found = json.loads(said.stdout)
        return {
            "stored": len(found["acknowledged"]),
            "codes": found["codes"],
            "unsaid": len(found["unsaid"]),
            "lost": len(lost(data_dir, found["acknowledged"])),
            "half": len(half_written(data_dir)),
            "stuck": found["after"] == 0,
            "mounted": mounted,
        }
    finally:
        if mounted:
            subprocess.run(["umount", str(place)], check=True)


def mount(place):
    """Return whether a small disk could be mounted: root may, in most containers nobody may."""
    if os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)]
    with contextlib.suppress(OSError):
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0
    return False


def form_keeps_its_text():
    """Fill the form of the app while another program holds the lock; save; look what it still holds."""
    from api import process
    from domain.text import Language
    from tests.ui.app_walk import by_label, open_page, press
    from ui.localisation import Messages

    say = Messages(Language.CS)
    before = os.environ.get("DATA_DIR")
    with tempfile.TemporaryDirectory(prefix="disk-full-drill-") as folder:
        os.environ["DATA_DIR"] = str(Path(folder) / "data")
        process.forget_process_state()
        try:
            process.store().settings.set("first_run_seen", value=True, actor=process.local_actor())
            app = open_page("zaznamenat")
            by_label(app.selectbox, say("record-city-part")).set_value("547158")
            by_label(app.button_group, say("record-kind")).set_value("ubytovna")
            by_label(app.text_input, say("record-name")).set_value(TYPED["name"])
            by_label(app.text_area, say("record-note")).set_value(TYPED["note"])
            with closing(sqlite3.connect(process.store().data_dir / DATABASE_NAME, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                press(app, say("record-save"))
                other.execute("ROLLBACK")
            warned = say("error-database-locked") in [text.value.replace("\\", "") for text in app.warning]
            held = {
                "name": by_label(app.text_input, say("record-name")).value,
                "note": by_label(app.text_area, say("record-note")).value,
            }
            press(app, say("record-save"))
            stored = [(place.name, place.note) for place in process.store().places.find()]
        finally:
            process.forget_process_state()
            if before is None:
                del os.environ["DATA_DIR"]
            else:
                os.environ["DATA_DIR"] = before
    kept = held == TYPED and stored == [(TYPED["name"], TYPED["note"])]
    return {"refused": int(warned), "lost": int(not kept)}
