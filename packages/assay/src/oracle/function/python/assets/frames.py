"""Frames on a stream socket: one JSON document a line, capped. JSON writes no line feed of its own."""

import json
import os

from values import Malformed

# Made once: `json.dumps` makes one for every call that asks for its own separators.
_encode = json.JSONEncoder(separators=(",", ":")).encode


class Closed(BaseException):
    """The other end is gone."""


class Flood(BaseException):
    """A frame is longer than allowed."""


class Frames:
    """One end. `bytes_max` bounds what is read as one frame; what is written is bounded by who reads it."""

    def __init__(self, reading, writing, bytes_max):
        self._reading = reading
        self._writing = writing
        self._bytes_max = bytes_max
        self._rest = b""

    def send(self, document):
        line = memoryview(_encode(document).encode("ascii") + b"\n")
        while line:
            try:
                line = line[os.write(self._writing, line) :]
            except OSError as error:
                raise Closed from error

    def receive(self):
        """The next document. Whatever it is, it was made of plain JSON types."""
        parts, length = [self._rest], len(self._rest)
        while b"\n" not in parts[-1]:
            if length > self._bytes_max:
                raise Flood
            try:
                chunk = os.read(self._reading, 65536)
            except OSError as error:
                raise Closed from error
            if not chunk:
                raise Closed
            parts.append(chunk)
            length += len(chunk)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        if len(line) > self._bytes_max:
            raise Flood
        try:
            return json.loads(line.decode("ascii"))
        except (ValueError, RecursionError) as error:
            raise Malformed("not JSON") from error
