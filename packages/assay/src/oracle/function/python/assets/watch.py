"""Watches one check on our own clock: the examiner ends it, or the clock, the candidate's processor time or its memory do."""

import os
import select
import time

#: How often a check that goes on is looked at, in seconds.
LOOK = 0.05
_TICK = os.sysconf("SC_CLK_TCK")


def watch(examiner_pid, candidate_pid, limits, started):
    """Returns when the examiner is done, or at a limit: `None`, `time` or `memory`."""
    done = os.pidfd_open(examiner_pid)
    try:
        poller = select.poll()
        poller.register(done, select.POLLIN)
        deadline = started + limits["wallMsMax"] / 1000
        while not poller.poll(max(1, 1000 * min(LOOK, deadline - time.monotonic()))):
            if time.monotonic() >= deadline or cpu_seconds(candidate_pid) * 1000 > limits["cpuMsMax"]:
                return "time"
            if memory_bytes(examiner_pid) > limits["memoryBytesMax"]:
                return "memory"
        return None
    finally:
        os.close(done)


def cpu_seconds(pid):
    """Of a process and of those of its children that have ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
        return sum(int(field) for field in fields[11:15]) / _TICK
    except (OSError, ValueError):
        return 0.0


def memory_bytes(examiner_pid):
    """
    What all processes of the candidate have beyond the warm interpreter that each of them started as. `RLIMIT_AS` bounds one process; many
    together would take the whole sandbox with them.
    """
    ours = {os.getpid(), examiner_pid, 1}
    warm = resident_bytes(os.getpid())
    others = [int(name) for name in os.listdir("/proc") if name.isdecimal() and int(name) not in ours]
    return sum(max(0, resident_bytes(pid) - warm) for pid in others)


def resident_bytes(pid):
    """Memory that is no file's."""
    try:
        with open(f"/proc/{pid}/status", "rb") as file:
            lines = [line.split() for line in file if line.startswith((b"RssAnon:", b"RssShmem:"))]
        return sum(int(line[1]) for line in lines) * 1024
    except (OSError, ValueError, IndexError):
        return 0
