"""The candidate's side: imports the project's modules and does with them what the examiner asks. Nothing rests on what it says."""

import importlib
import operator
import types

from changes import changes_of, is_mutable
from errors import EXCEPTIONS
from handle import Handle
from handles import Peer, lend_everything
from values import _TYPE_NAMES, Unsupported, encode

_LENT_MAX = 200_000
_FUNCTIONS = (types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.MethodWrapperType)


class Lender(Peer):
    def __init__(self, frames):
        super().__init__(frames, lend_everything)
        self._number_of = {}
        # A description counts as given once its frame is out: an answer that fails half-way is never sent.
        self._described = set()
        self._fresh = set()
        send = frames.send

        def send_and_note(document):
            send(document)
            self._described |= self._fresh
            self._fresh.clear()

        frames.send = send_and_note

    def export(self, value):
        """What stays here keeps its number, and is described until that has been sent."""
        if type(value) is Handle:
            return {"own": value._number}
        number = self._number_of.get(id(value))
        if number in self._described:
            return {"h": [number]}
        if number is None:
            number = len(self._exported)
            if number >= _LENT_MAX:
                raise self.unsupported("too many objects that cannot travel")
            self._exported[number] = value
            self._number_of[id(value)] = number
        self._fresh.add(number)
        return {"h": [number, *self._describe(value)]}

    def _describe(self, value):
        kind = type(value)
        if isinstance(value, type):
            bases = [self._base(base) for base in value.__bases__ if base is not object]
            return ["class", value.__name__, issubclass(value, BaseException), bases]
        if kind is types.ModuleType:
            return ["module", value.__name__]
        if kind in _FUNCTIONS:
            return ["function"]
        return ["instance", self.export(kind)]

    def _base(self, base):
        if EXCEPTIONS.get(base.__name__) is base:
            return {"e": base.__name__}
        return {"T": _TYPE_NAMES[base]} if base in _TYPE_NAMES else self.export(base)

    def serve(self, frame):
        try:
            answer = self._perform(frame)
        except Unsupported as refusal:
            self._fresh.clear()
            answer = {"unsupported": str(refusal)}
        except (Exception, SystemExit) as error:
            self._fresh.clear()
            answer = self._raised(error)
        self._frames.send({"answer": frame["call"], **answer})

    def _raised(self, error):
        try:
            kind = type(error)
            named = {"e": kind.__name__} if _is_builtin(kind) else self.export(kind)
            return {"raised": [named, self.export(error), str(error), self._arguments(error)]}
        except BaseException as second:
            self._fresh.clear()
            return {"unsupported": "an exception that cannot be told: %s" % type(second).__name__}

    def _arguments(self, error):
        try:
            return encode(list(error.args), _refuse)
        except Unsupported:
            return [str(error)]

    def _perform(self, frame):
        args = [self.decode(each) for each in frame["args"]]
        named = {name: self.decode(each) for name, each in frame["named"].items()}
        given = {**dict(enumerate(args)), **named}
        documents = {**dict(enumerate(frame["args"])), **frame["named"]}
        if frame["do"] == "import":
            module = importlib.import_module(args[0])
            return {"value": [getattr(module, "__all__", None), hasattr(module, "__path__")]}
        target = self._exported[frame["on"]] if type(frame["on"]) is int else importlib.import_module(frame["on"])
        value = _OPERATIONS[frame["do"]](target, args, named)
        changed = changes_of(documents, given, self.encode)
        for key, each in given.items():
            if value is each and is_mutable(each):
                return {"argument": key, "changed": changed}
        return {"value": self.encode(value), "changed": changed}


def _refuse(value):
    raise Unsupported("not plain")


def _is_builtin(kind):
    return kind is SystemExit or EXCEPTIONS.get(kind.__name__) is kind


_OPERATIONS = {
    "call": lambda target, args, named: target(*args, **named),
    "method": lambda target, args, named: getattr(target, args[0])(*args[1:], **named),
    "get": lambda target, args, named: getattr(target, args[0]),
    "set": lambda target, args, named: setattr(target, args[0], args[1]),
    "del": lambda target, args, named: delattr(target, args[0]),
    "function": lambda target, args, named: {"iter": iter, "next": next, "len": len, "str": str, "repr": repr, "bool": bool,
                                             "int": int, "float": float, "complex": complex, "round": round, "format": format,
                                             "reversed": reversed, "divmod": divmod, "bytes": bytes}[args[0]](target, *args[1:]),
    "operator": lambda target, args, named: getattr(operator, args[0])(target, *args[1:]),
    "swapped": lambda target, args, named: getattr(operator, args[0])(args[1], target),
}
