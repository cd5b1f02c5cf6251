"""Calls between the examiner and a candidate, in both directions, and handles for what cannot travel by value."""

import types

from frames import Closed, Flood
from values import Malformed, Unsupported, decode, encode

#: Objects that one side may have exported at a time in one check.
HANDLES_MAX = 10_000
#: Calls that may be open within one another.
NESTING_MAX = 100

_EXCEPTIONS = {
    e.__name__: e
    for e in (
        Exception, ArithmeticError, AssertionError, AttributeError, BufferError, EOFError, FloatingPointError, ImportError,
        IndexError, KeyError, LookupError, MemoryError, ModuleNotFoundError, NameError, NotImplementedError, OSError,
        OverflowError, PermissionError, RecursionError, ReferenceError, RuntimeError, StopIteration, SyntaxError, SystemError,
        TimeoutError, TypeError, UnboundLocalError, UnicodeError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip

_ITERATORS = (types.GeneratorType, type(iter([])), type(iter(())), type(iter({})), type(iter("")), zip, map, filter, enumerate, reversed)


class RemoteError(Exception):
    """An exception of a class that only the other side knows."""


class Handle:
    """Something of the other side that stays there. It equals itself only: what it equals is never asked of who made it."""

    __slots__ = ("_peer", "_number")

    def __init__(self, peer, number):
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args, **kwargs):
        return self._peer.ask("call", self._number, args, kwargs)

    def __iter__(self):
        return self._peer.ask("iter", self._number)

    def __next__(self):
        return self._peer.ask("next", self._number)

    def __len__(self):
        return self._peer.ask("len", self._number)

    def __getitem__(self, key):
        return self._peer.ask("item", self._number, (key,))

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise self._peer.unsupported(f"{name} of an object that cannot travel")
        return self._peer.ask("get", self._number, (name,))

    def __setattr__(self, name, value):
        raise self._peer.unsupported("an attribute of an object that cannot travel is set")

    def __eq__(self, other):
        if self is other:
            return True
        raise self._peer.unsupported("an object that cannot travel is compared")

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__

    def __hash__(self):
        raise self._peer.unsupported("an object that cannot travel is hashed")

    def __bool__(self):
        raise self._peer.unsupported("an object that cannot travel is taken for true or false")


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
        if type(content) is not int or isinstance(content, bool):
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
            return self._ask(operation, target, args, kwargs)
        except (Closed, Flood, Malformed) as error:
            self.broken = self.broken or error
            raise

    def _ask(self, operation, target, args, kwargs):
        if self.broken is not None:
            raise self.broken
        call, self._next_call = self._next_call, self._next_call + 1
        sent = [self.encode(each) for each in args]
        named = {name: self.encode(each) for name, each in (kwargs or {}).items()}
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
                kind, outcome = self._conclude(frame, args)
            except (KeyError, IndexError, TypeError, ValueError) as error:
                raise Malformed("not an answer") from error
            if kind == "raised":
                raise outcome
            return outcome

    def _conclude(self, frame, args):
        if "unsupported" in frame:
            raise self.unsupported(str(frame["unsupported"])[:500])
        if "raised" in frame:
            names, message = frame["raised"]
            known = next((name for name in names if name in _EXCEPTIONS), None) if type(names) is list else None
            return "raised", (RemoteError if known is None else _EXCEPTIONS[known])(str(message)[:2000])
        for index, document in frame.get("changed", ()):
            update(args[index], self.decode(document))
        if "argument" in frame:
            return "value", args[frame["argument"]]
        return "value", self.decode(frame["value"])

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
            names = [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
            names = names if type(error).__module__ == "builtins" or names[:1] != ["Exception"] else []
            answer = {"raised": [names, _message(error)]}
        finally:
            self._depth -= 1
        self._frames.send({"answer": call, **answer})

    def _perform(self, frame):
        operation, target = frame["do"], self._exported[frame["on"]]
        args = [self.decode(each) for each in frame["args"]]
        named = {str(name): self.decode(each) for name, each in frame["named"].items()}
        if not self._lends(target, operation):
            raise Unsupported(f"{operation} of a value that cannot travel")
        value = _OPERATIONS[operation](target, args, named)
        for index, arg in enumerate(args):
            if value is arg and type(arg) in _MUTABLE:
                return {"argument": index, "changed": self._changes(frame["args"], args)}
        return {"value": self.encode(value), "changed": self._changes(frame["args"], args)}

    def _changes(self, before, args):
        """What a call did to its arguments; one that now holds what cannot travel could not be told to have stayed."""
        changed = []
        for index, arg in enumerate(args):
            if type(arg) in _MUTABLE:
                document = self.encode(arg)
                if document != before[index]:
                    changed.append([index, document])
        return changed


_MUTABLE = (list, dict, set, bytearray)


def _message(error):
    try:
        return str(error.args[0]) if len(error.args) == 1 else str(error)
    except Exception:
        return ""


def update(mine, theirs):
    """Gives my object the contents of theirs in place, so that everybody who holds it sees them."""
    if type(mine) is not type(theirs) or type(mine) not in _MUTABLE:
        raise Malformed("an argument changed its type")
    if type(mine) in (list, bytearray):
        same = type(mine) is list and len(mine) == len(theirs)
        mine[:] = [_merged(a, b) for a, b in zip(mine, theirs)] if same else theirs
    elif type(mine) is dict:
        merged = {key: _merged(mine[key], each) if key in mine else each for key, each in theirs.items()}
        mine.clear()
        mine.update(merged)
    else:
        mine.clear()
        mine.update(theirs)


def _merged(mine, theirs):
    """An inner object keeps its identity where it can."""
    if type(mine) is type(theirs) and type(mine) in _MUTABLE:
        update(mine, theirs)
        return mine
    return theirs


_OPERATIONS = {
    "call": lambda target, args, named: target(*args, **named),
    "iter": lambda target, args, named: iter(target),
    "next": lambda target, args, named: next(target),
    "len": lambda target, args, named: len(target),
    "item": lambda target, args, named: target[args[0]],
    "get": lambda target, args, named: getattr(target, args[0]),
}


def lend_everything(value, operation):
    """A candidate's side: whatever it has may be asked for; the answers are only values."""
    return True


def lend_calls(value, operation):
    """The examiner's side: its functions may be called and its iterators advanced, and nothing of them be looked at."""
    if isinstance(value, _ITERATORS):
        return operation in (None, "iter", "next")
    callable_kinds = (types.FunctionType, types.BuiltinFunctionType, types.MethodType)
    return type(value) in callable_kinds and operation in (None, "call")
