"""Where namespaces cannot be made inside the sandbox: candidate and examiner are commands of their own, and Assay relays between them."""

import json
import os
import resource
import sys

from frames import Closed, Frames

#: The channel to Assay.
CHANNEL = 3


class Marked(Frames):
    """What goes to the candidate is marked as such."""

    def send(self, document):
        write(">" + json.dumps(document, separators=(",", ":")))


def be_candidate(memory_bytes_max):
    import candidate

    reading = own_input()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes_max, memory_bytes_max))
    try:
        candidate.serve(Frames(reading, CHANNEL, 1 << 30))
    except Closed:
        pass


def be_examiner():
    import examiner

    reading = own_input()
    sys.setrecursionlimit(10_000)
    frames = Marked(reading, CHANNEL, 1 << 30)
    job = frames.receive()
    outcome, calls = examiner.examine(job, frames)
    if outcome["kind"] == "gone":
        # Assay sees how it ended.
        return
    if outcome["kind"] == "failed" and outcome["type"] == "MemoryError":
        outcome = {"kind": "out-of-memory"}
    write("=" + json.dumps({"secret": job["secret"], "outcome": outcome, "calls": calls, "cpuMs": 0}))


def own_input():
    """Frames come on standard input, which code that asks for input must not read."""
    reading = os.dup(0)
    nothing = os.open("/dev/null", os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    return reading


def write(line):
    rest = memoryview(line.encode("ascii") + b"\n")
    while rest:
        rest = rest[os.write(CHANNEL, rest) :]


if __name__ == "__main__":
    be_examiner() if sys.argv[1] == "examiner" else be_candidate(int(sys.argv[2]))
