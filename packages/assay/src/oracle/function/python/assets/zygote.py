"""A warm interpreter that clones a candidate and an examiner for each check and watches both.

It reads a header of fixed length from standard input for each check and nothing else: the body, with the candidate's source and
the tests, is read by the examiner. So no clone ever finds in its memory what a check is about, nor an earlier one. Results go to
descriptor 3, a line from the examiner and a line from here.
"""

import gc
import json
import os
import signal
import socket
import sys
import time

import candidate
import confinement
import examiner
from frames import Frames
from watch import watch

HEADER_BYTES = 256
RESULTS = 3
# Asked here: in namespaces without a map yet nobody has a number.
UID, GID = os.getuid(), os.getgid()
#: What the tests may take, beyond the warm interpreter: a candidate's answers may grow in their hands.
EXAMINER_MEMORY_BYTES = 1 << 30


def main():
    with open(sys.argv[1], "rb") as file:
        seccomp_filter = file.read()
    confinement.inherit_orphans()
    preload()
    gc.collect()
    gc.disable()
    gc.freeze()
    os.write(RESULTS, b'{"ready":true}\n')
    while True:
        header = read_exactly(HEADER_BYTES)
        if header is None:
            return
        check(json.loads(header), seccomp_filter)


def preload():
    """What solutions usually import is there before they are cloned."""
    import bisect, collections, copy, datetime, decimal, fractions, functools, hashlib, heapq, itertools  # noqa: F401, E401
    import math, operator, random, re, statistics, string, sys, typing  # noqa: F401, E401


def check(header, seccomp_filter):
    started = time.monotonic()
    ours, theirs = socket.socketpair()
    try:
        candidate_pid = confinement.clone(confinement.NEW_NAMESPACES)
    except OSError as error:
        skip(header, str(error))
        return
    if candidate_pid == 0:
        become_candidate(theirs, header, seccomp_filter)
    theirs.close()
    examiner_pid = os.fork()
    if examiner_pid == 0:
        become_examiner(ours, header, seccomp_filter)
    ours.close()
    limit = watch(examiner_pid, candidate_pid, header, started)
    kill(candidate_pid)
    candidate_status, cpu = reap(candidate_pid)
    if limit is not None:
        kill(examiner_pid)
    examiner_status, _ = reap(examiner_pid)
    sweep()
    tell(header, {
        "by": "zygote",
        "candidate": candidate_status,
        "examiner": examiner_status,
        "timedOut": limit == "time",
        "outOfMemory": limit == "memory",
        "cpuMs": cpu * 1000,
        "wallMs": (time.monotonic() - started) * 1000,
    })  # fmt: skip


def become_candidate(sock, header, seccomp_filter):
    try:
        # A signal to a process group reaches all of it, in whatever namespace they are.
        os.setsid()
        confinement.die_with_parent()
        kept = os.dup(sock.fileno())
        confinement.own_root(UID, GID, header["diskBytesMax"])
        descriptor = candidate.close_all_but(kept)
        seconds = -(-header["cpuMsMax"] // 1000)
        confinement.limit(header["memoryBytesMax"] + own_memory, seconds, header["processesMax"], header["fileBytesMax"])
        gc.enable()
        confinement.drop_privileges(seccomp_filter)
        # The examiner is trusted; what bounds it is what bounds the tests.
        candidate.serve(Frames(descriptor, descriptor, 1 << 30))
    except BaseException as error:
        # An exit that was asked for keeps its code; nobody reads a message.
        os._exit(error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1)
    os._exit(0)


def become_examiner(sock, header, seccomp_filter):
    status = 1
    try:
        confinement.die_with_parent()
        body = read_exactly(header["bodyBytes"])
        job = json.loads(body)
        results = os.dup(RESULTS)
        examiner.quiet()
        confinement.limit_memory(EXAMINER_MEMORY_BYTES + own_memory)
        gc.enable()
        confinement.drop_privileges(seccomp_filter)
        outcome, calls = examiner.examine(job, Frames(sock.fileno(), sock.fileno(), header["frameBytesMax"]))
        line = {"id": header["id"], "by": "examiner", "secret": job["secret"], "outcome": outcome, "calls": calls}
        os.write(results, json.dumps(line).encode("ascii") + b"\n")
        status = 0
    finally:
        os._exit(status)


def kill(pid):
    """The candidate is the first process of its namespace: the kernel ends everything in it."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def reap(pid):
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


def sweep():
    """Ends what the tests left running, and removes what they left in /tmp."""
    while True:
        with open("/proc/self/task/%d/children" % os.getpid(), "rb") as file:
            left = [int(pid) for pid in file.read().split()]
        if not left:
            break
        for pid in left:
            kill(pid)
            reap(pid)
    for name in os.listdir("/tmp"):
        remove(os.path.join("/tmp", name))


def remove(path):
    import shutil

    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        os.unlink(path)


def skip(header, message):
    """A check that could not begin; its body is still to be taken out of the way."""
    reader = os.fork()
    if reader == 0:
        read_exactly(header["bodyBytes"])
        os._exit(0)
    reap(reader)
    tell(header, {"by": "zygote", "fault": message[:500]})


def tell(header, line):
    os.write(RESULTS, json.dumps({"id": header["id"], **line}).encode("ascii") + b"\n")


def read_exactly(length):
    parts = []
    while length > 0:
        part = os.read(0, min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


with open("/proc/self/statm", "rb") as _statm:
    #: Address space of the warm interpreter itself, in bytes.
    own_memory = int(_statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + (64 << 20)

if __name__ == "__main__":
    main()
