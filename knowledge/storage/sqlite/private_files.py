"""The data folder and the database are for the account that runs the assistant alone: what members say is in them."""

import os
import stat
from pathlib import Path

_OWNER_ONLY = 0o700
_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Make a folder that only its owner may look into, with those above it; one that is there is closed to others.

    Raises:
        OSError: It cannot be made.
    """
    folder.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
    close_to_others(folder)


def make_private_file(path: Path) -> bool:
    """Make an empty file that only its owner may read; false where there is something of that name already.

    Raises:
        OSError: It cannot be made.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return False
    return True


def close_to_others(path: Path) -> None:
    """Take from all others what they may do with a file or folder of ours; where that cannot be, it stays as it is.

    The root of the system, the home folder and folders that all share (such as /tmp) are no folders of ours.
    """
    if os.name == "nt":
        return  # Windows gives a person's files to that person alone
    try:
        state = path.stat()
        shared = state.st_mode & stat.S_ISVTX or path.resolve() in (Path("/"), Path.home().resolve())
        if state.st_uid == os.geteuid() and state.st_mode & _OTHERS and not (path.is_dir() and shared):
            path.chmod(stat.S_IMODE(state.st_mode) & ~_OTHERS)
    except (OSError, RuntimeError):
        return  # a drive without permissions, or an account without a home: the assistant works all the same


def allow_files(number: int) -> int:
    """Let this process open so many files, or as many as the system lets it ask for; return how many it may."""
    try:
        import resource
    except ImportError:  # Windows has a limit of its own
        return 0
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = number if most == resource.RLIM_INFINITY else min(number, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        return wanted
    return number if now == resource.RLIM_INFINITY else now
