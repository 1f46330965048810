"""What the system says of files: which file system they lie on, and why one could not be written.

SQLite's log and locks hold only on a file system of this machine.
"""

import errno
import os
import re
from pathlib import Path

from domain.errors import StoreError

MOUNTINFO = Path("/proc/self/mountinfo")
NETWORK_TYPES = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "fuse.ceph", "fuse.cephfs", "fuse.davfs2",
        "fuse.gcsfuse", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.lustre", "fuse.mfs", "fuse.moosefs",
        "fuse.rclone", "fuse.s3fs", "fuse.seaweedfs", "fuse.smbnetfs", "fuse.sshfs", "fuse.vmhgfs-fuse", "gfs2",
        "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "pvfs2", "smb", "smb2",
        "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)  # fmt: skip
_OCTAL = re.compile(r"\\([0-7]{3})")
_LEAST_FIELDS = 6


# What the system says of a file, as a code that has a sentence.
_REFUSALS = {
    errno.ENOSPC: "disk_full",
    errno.EDQUOT: "disk_full",
    errno.EFBIG: "disk_full",
    errno.EACCES: "database_read_only",
    errno.EPERM: "database_read_only",
    errno.EROFS: "database_read_only",
}


def refused_by_system(error: OSError) -> StoreError:
    """Return the error with a sentence for a file that could not be written."""
    return StoreError(_REFUSALS.get(error.errno or 0, "disk_error"))


def refuse_network(folder: Path, mountinfo: str | None = None) -> None:
    """Raise `StoreError` (`network_file_system`) for a folder that another machine may hold too.

    Where the system does not tell its mounts as Linux does, nothing is refused.

    Parameters
    ----------
    folder
        The folder, or where it will be made.
    mountinfo
        Text as of /proc/self/mountinfo, by default that file's.
    """
    if mountinfo is None:
        try:
            mountinfo = MOUNTINFO.read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return
    kind = file_system_of(Path(os.path.realpath(folder)), mountinfo)
    if kind in NETWORK_TYPES:
        raise StoreError("network_file_system", path=str(folder), kind=kind)


def file_system_of(path: Path, mountinfo: str) -> str:
    r"""Return the type of the mount that an absolute path lies on, "" where none fits.

    Examples
    --------
    >>> mounts = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / /mnt/a\\040b rw shared:1 - nfs4 server:/x rw"
    >>> file_system_of(Path("/mnt/a b/data"), mounts)
    'nfs4'
    >>> file_system_of(Path("/mnt/a"), mounts)
    'ext4'
    """
    best, found = -1, ""
    for line in mountinfo.splitlines():
        before, separator, after = line.partition(" - ")
        fields = before.split(" ")
        if not separator or len(fields) < _LEAST_FIELDS:
            continue
        mount = Path(_OCTAL.sub(lambda octal: chr(int(octal[1], 8)), fields[4]))
        depth = len(mount.parts)
        # The later one of two at the same place lies on top.
        if (mount == path or mount in path.parents) and depth >= best:
            best, found = depth, after.split(" ")[0]
    return found
