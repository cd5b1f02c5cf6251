"""The way out: JSON lines on a descriptor of their own, each stamped with the run's nonce."""

import fcntl
import json
import os

_HIGH = 200


def _move(fd, flags):
    """Moves `fd` out of reach of code that counts descriptors, closed on exec; /dev/null takes its place."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _HIGH)
    null = os.open(os.devnull, flags)
    os.dup2(null, fd)
    if null != fd:
        os.close(null)
    return moved


def take_input():
    """The descriptor that was stdin."""
    return _move(0, os.O_RDONLY)


def read_all(fd):
    parts = []
    while True:
        part = os.read(fd, 1 << 20)
        if not part:
            os.close(fd)
            return b"".join(parts)
        parts.append(part)


class Channel:
    def __init__(self, nonce, fd=None):
        self._nonce = nonce
        self._fd = _move(3, os.O_WRONLY) if fd is None else fd
        self._pid = os.getpid()

    def send(self, event, **fields):
        self.write(dict(fields, e=event))

    def write(self, message):
        # A test that forks and lets the child fall out of the test must not report a second time.
        if os.getpid() != self._pid:
            return
        data = json.dumps(dict(message, n=self._nonce)).encode("ascii") + b"\n"
        while data:
            data = data[os.write(self._fd, data):]
