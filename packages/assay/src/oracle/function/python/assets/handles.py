"""Calls between the examiner and a candidate, in both directions."""

import os
import types

from changes import apply_changes, changes_of, is_mutable
from errors import describe, revive
from frames import Closed, Flood
from handle import Handle
from lengths import Lengths
from values import Malformed, Unsupported, decode, encode

#: Objects that one side may have exported at a time in one check.
HANDLES_MAX = 10_000
#: Calls that may be open within one another.
NESTING_MAX = 100

_ITERATORS = (types.GeneratorType, type(iter([])), type(iter(())), type(iter({})), type(iter("")), zip, map, filter, enumerate, reversed)
_STOPS = (StopIteration, StopAsyncIteration)
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class Peer:
    """The other side of a connection. `lends` says what of an exported object the other side may ask for."""

    def __init__(self, frames, lends):
        self._frames = frames
        self._lends = lends
        self._exported = {}
        self._imported = {}
        self._next_call = 0
        self._depth = 0
        self.answered = 0
        #: Whether what is tested is a class: its instances are asked whatever the tests ask.
        self.tests_class = False
        self.lengths = Lengths()
        #: Why something could not travel; a check in which that happened proves nothing.
        self.refused = None
        #: What broke the connection; nothing that a test catches may hide it.
        self.broken = None

    def unsupported(self, message):
        self.refused = self.refused or message
        return Unsupported(message)

    def export(self, value):
        if type(value) is Handle:
            return {"own": value._number}
        if not self._lends(value, None):
            raise self.unsupported(f"a value of type {type(value).__name__} cannot travel")
        number = len(self._exported)
        if number >= HANDLES_MAX:
            raise self.unsupported("too many objects that cannot travel")
        self._exported[number] = value
        return {"h": number}

    def resolve(self, tag, content):
        if type(content) is not int:
            raise Malformed("not a handle")
        if tag == "own" and content in self._exported:
            return self._exported[content]
        if tag == "h" and 0 <= content < HANDLES_MAX:
            return self._imported.setdefault(content, Handle(self, content))
        raise Malformed("not a document")

    def encode(self, value):
        try:
            return encode(value, self.export)
        except Unsupported as refusal:
            raise self.unsupported(str(refusal)) from None

    def decode(self, document):
        try:
            return decode(document, self.resolve)
        except Exception as error:
            raise Malformed(f"not a value: {error}") from error

    def ask(self, operation, target, args=(), kwargs=None):
        """Asks the other side for something and answers what it asks meanwhile. Raises what was raised there."""
        try:
            return self._ask(operation, target, args, kwargs or {})
        except (Closed, Flood, Malformed) as error:
            self.broken = self.broken or error
            raise

    def stopped(self, error):
        """What becomes of the end of an iteration that nobody iterated: `map` and its like would take it for their own."""
        return error

    def ends_iteration(self, operation, args):
        return operation == "next"

    def finish(self):
        """Shows that the other side is still there, and has said nothing that it was not asked."""
        # Not the next number: an answer to that one may lie there already.
        call = int.from_bytes(os.urandom(7), "big")
        self._frames.send({"call": call, "do": "end", "on": 0, "args": [], "named": {}})
        if self._frames.receive() != {"answer": call, "value": None, "changed": []}:
            raise Malformed("something was sent that nobody asked for")

    def _ask(self, operation, target, args, kwargs):
        if self.broken is not None:
            raise self.broken
        call, self._next_call = self._next_call, self._next_call + 1
        sent = [self.encode(each) for each in args]
        named = {name: self.encode(each) for name, each in kwargs.items()}
        self._frames.send({"call": call, "do": operation, "on": target, "args": sent, "named": named})
        while True:
            frame = self._frames.receive()
            if type(frame) is dict and "do" in frame:
                self.serve(frame)
                continue
            if type(frame) is not dict or type(frame.get("answer")) is not int or frame["answer"] != call:
                raise Malformed("an answer to nothing that was asked")
            self.answered += 1
            try:
                raised, value = self._conclude(frame, {**dict(enumerate(args)), **kwargs})
            except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
                raise Malformed("not an answer") from error
            if raised:
                raise self.stopped(value) if isinstance(value, _STOPS) and not self.ends_iteration(operation, args) else value
            return value

    def _conclude(self, frame, given):
        if "unsupported" in frame:
            raise self.unsupported(str(frame["unsupported"])[:500])
        try:
            apply_changes(given, [(key, self.decode(document)) for key, document in frame.get("changed", ())])
        except Unsupported as refusal:
            raise self.unsupported(str(refusal)) from None
        if "raised" in frame:
            return True, revive(frame["raised"])
        return False, given[frame["argument"]] if "argument" in frame else self.decode(frame["value"])

    def serve(self, frame):
        """Does what the other side asks and answers it."""
        call = frame.get("call")
        self._depth += 1
        try:
            if self._depth > NESTING_MAX:
                raise Malformed("calls are nested too deeply")
            answer = self._perform(frame)
        except Unsupported as refusal:
            answer = {"unsupported": str(refusal)}
        except Exception as error:
            answer = {"raised": describe(error)}
        finally:
            self._depth -= 1
        self._frames.send({"answer": call, **answer})

    def _perform(self, frame):
        operation, target, count = frame["do"], self._exported[frame["on"]], len(frame["args"])
        documents = {**dict(enumerate(frame["args"])), **frame["named"]}
        given = {key: self.decode(document) for key, document in documents.items()}
        if not self._lends(target, operation):
            raise Unsupported(f"{operation} of a value that cannot travel")
        args, named = [given[index] for index in range(count)], {name: given[name] for name in frame["named"]}
        try:
            value = _OPERATIONS[operation](target, args, named)
        except Exception as error:
            return {"raised": describe(error), "changed": changes_of(documents, given, self.encode)}
        changed = changes_of(documents, given, self.encode)
        for key, each in given.items():
            if value is each and is_mutable(each):
                return {"argument": key, "changed": changed}
        return {"value": self.encode(value), "changed": changed}


_OPERATIONS = {
    "call": lambda target, args, named: target(*args, **named),
    "iter": lambda target, args, named: iter(target),
    "next": lambda target, args, named: next(target),
    "len": lambda target, args, named: len(target),
    "item": lambda target, args, named: target[args[0]],
    "get": lambda target, args, named: getattr(target, args[0]),
    "end": lambda target, args, named: None,
}


def lend_everything(value, operation):
    """A candidate's side: whatever it has may be asked for; the answers are only values."""
    return True


def lend_calls(value, operation):
    """The examiner's side: its functions may be called and its iterators advanced, and nothing of them be looked at."""
    if isinstance(value, _ITERATORS):
        return operation in (None, "iter", "next")
    return type(value) in _FUNCTIONS and operation in (None, "call")
