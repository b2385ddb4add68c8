"""Rules about threads."""

LIFETIMES = (60, 1440, 4320, 10080)


def thread_faults(body):
    """What Discord would refuse in a thread that is started."""
    found = [] if 1 <= len(body.get("name", "").strip()) <= 100 else ["a thread's name has 1 to 100 characters"]
    lifetime = body.get("auto_archive_duration")
    return found + ([] if lifetime in (None, *LIFETIMES) else [f"auto_archive_duration {lifetime}"])
