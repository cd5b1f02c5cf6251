"""
Edits that cannot be told apart by a test: wherever the test comes by the place of one, the others have the value there that this one has,
so that the test makes of them what it makes of this one. The values are asked for while the test runs on the one: those of expressions
that only read, and of conditions that a statement is put under.
"""

import ast
import builtins
import sys
import time

from assay_pure import is_pure, names_defined

ENTER = "__assay_enter__"
LEAVE = "__assay_leave__"
#: Whose truth nobody can have changed.
_PLAIN = (bool, int, float, str, bytes, list, tuple, dict, set, frozenset, type(None))
#: Asked about at one place.
_EDITS_MAX = 256
_ITEMS_MAX = 1_000
#: What that may take of a test's time.
_SECONDS_MAX = 0.05
_LOAD = ast.Load()
#: Python 3.10 has these.
_PATTERNS = (ast.pattern,) if hasattr(ast, "pattern") else ()


class Place:
    """Where edits differ from the unedited function and from one another by one value alone. `kind`: `value`, `insert` or `wrap`."""

    def __init__(self, number, unit, kind, path, truth):
        self.number = number
        self.unit = unit
        self.kind = kind
        self.path = path
        #: Whether only the value's truth counts.
        self.truth = truth
        #: By edit: what it has there.
        self.values = {}


class Value:
    """An expression to be worked out beside the one in force."""

    def __init__(self, expression):
        self.code = compile(ast.Expression(expression), "<edit>", "eval", dont_inherit=True)
        self.names = frozenset(node.id for node in ast.walk(expression) if isinstance(node, ast.Name))
        self.new = _is_new(expression)


class Alike:
    """The places of a batch's edits of one file, `source`. `computed`: see `is_pure`."""

    def __init__(self, source, meter, computed=()):
        self._source = source
        self._defined = names_defined(source.tree) if source else ()
        self._computed = computed
        self._watch = Watch(meter)
        self._places = {}
        self._of = {}
        self._originals = {}

    def add(self, number, unit, node, lines):
        """An edit by what it makes of its unit's function, and the `Lines` it is on."""
        found = self._difference(unit, node, lines)
        if found is None:
            return
        kind, path, rest, expression, truth = found
        key = (unit.number, kind, path, rest)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = Place(len(self._places), unit, kind, path, truth)
        if len(place.values) < _EDITS_MAX:
            place.values[number] = Value(expression)
            self._of[number] = place

    def units(self):
        return sorted({place.unit for place in self._places.values()}, key=lambda unit: unit.number)

    def original(self, unit):
        """The code of the unedited function, watched at all places. Raises what compiling raises."""
        module, function = self._source.parse(unit)
        places = [place for place in self._places.values() if place.unit is unit]
        # Found before anything is moved.
        spots = [(place, _spot(function, place.path)) for place in places]
        for place, (holder, field, index) in spots:
            if place.kind == "value":
                _watch(place, holder, field, index, _is_new(_at(holder, field, index)))
        # From the last one on, for each moves what is behind it.
        for place, (holder, field, index) in sorted(spots, key=lambda spot: -(spot[1][2] or 0)):
            if place.kind != "value":
                statements = getattr(holder, field)
                line = statements[min(index, len(statements) - 1)]
                without = ast.copy_location(ast.Constant(place.kind == "wrap"), line)
                statements.insert(index, ast.copy_location(ast.Expr(without), line))
                _watch(place, statements[index], "value", None, False)
        self._watch.add(places)
        return self._source.code(unit, module, function)

    def edited(self, number, unit, module, function, settled):
        """The code of an edit, watched for others at its place that are not settled yet. Raises what compiling raises."""
        place = self._of.get(number)
        others = [] if place is None else [one for one in place.values if one != number and one not in settled]
        self._watch.forget()
        if others:
            holder, field, index = _spot(function, place.path)
            if place.kind != "value":
                # The condition that the statement is under.
                holder, field, index = getattr(holder, field)[index], "test", None
            _watch(place, holder, field, index, place.values[number].new)
            self._watch.add([place], others)
        return self._source.code(unit, module, function)

    def forget(self):
        self._watch.forget()

    def restart(self):
        """Before each test."""
        self._watch.restart()

    def found(self):
        """The edits that had the same values as the one in force throughout the last test."""
        return self._watch.alike()

    def _original(self, unit):
        if unit not in self._originals:
            self._originals[unit] = self._source.parse(unit)[1]
        return self._originals[unit]

    def _difference(self, unit, node, lines):
        """Kind and path of the place, what else is different there, and the edit's expression; None where it is no value that differs."""
        original = self._original(unit)
        path = _first_difference(original, node, lines)
        if not path:
            return None
        if isinstance(path[-1], int) and len(_resolve(original, path[:-1])) != len(_resolve(node, path[:-1])):
            return self._statement(original, node, path)
        return self._statement(original, node, path) or self._value(original, node, path)

    def _statement(self, original, node, path):
        """A statement that was put in under a condition, or one that was put under it."""
        if not isinstance(path[-1], int):
            return None
        made = _resolve(node, path)
        if not isinstance(made, ast.If) or made.orelse or not self._pure(made.test):
            return None
        before, after = (_dumps(_resolve(tree, path[:-1])) for tree in (original, node))
        index, body = path[-1], _dumps(made.body)
        if before[index:] == after[index + 1 :]:
            return "insert", path, "\n".join(body), made.test, True
        if before[index : index + 1] == body and before[index + 1 :] == after[index + 1 :]:
            return "wrap", path, "", made.test, True
        return None

    def _value(self, original, node, path):
        """The largest expression around what differs that only reads."""
        found = None
        for length in range(len(path), 0, -1):
            one, other = (_resolve(tree, path[:length]) for tree in (original, node))
            if isinstance(one, (*_PATTERNS, ast.stmt)):
                break
            if not isinstance(one, ast.expr) or not isinstance(other, ast.expr):
                continue
            if not (self._pure(one) and self._pure(other)) or not isinstance(getattr(one, "ctx", _LOAD), ast.Load):
                break
            if _stands_alone(one) and _stands_alone(other) and path[length - 1] != "format_spec":
                inside = [] if length < 3 else [_resolve(original, path[: length - 2])]
                if not any(isinstance(holder, ast.JoinedStr) for holder in inside):
                    found = path[:length]
        if found is None or any(isinstance(_resolve(original, found[:at]), _PATTERNS) for at in range(1, len(found))):
            return None
        truth = found[-1] == "test" and isinstance(_resolve(original, found[:-1]), (ast.If, ast.While))
        return "value", found, "", _resolve(node, found), truth

    def _pure(self, node):
        return is_pure(node, self._defined, self._computed)


class Watch:
    """Compares the value in force at a place with what the others would be there."""

    def __init__(self, meter):
        self._meter = meter
        #: By place: what is watched, and of that what was the same so far.
        self._watched = {}
        self._live = {}
        self._open = set()
        self._left = 0.0
        self._busy = False
        setattr(builtins, ENTER, self._enter)
        setattr(builtins, LEAVE, self._leave)

    def forget(self):
        self._watched, self._live = {}, {}

    def add(self, places, edits=None):
        for place in places:
            watched = {one: place.values[one] for one in (place.values if edits is None else edits)}
            self._watched[place.number] = (watched, frozenset().union(*(value.names for value in watched.values())))

    def restart(self):
        self._live = {number: set(watched) for number, (watched, _) in self._watched.items()}
        self._open = set()
        self._left = _SECONDS_MAX

    def alike(self):
        """What raised an error, or was left alone, at a place in force is known of none there."""
        return [one for number, live in self._live.items() if number not in self._open for one in live]

    def _enter(self, number):
        """What the others are, worked out before the one in force is."""
        live = self._live.get(number)
        if not live or self._busy:
            return None
        began, used = time.perf_counter(), self._meter.used
        self._busy = True
        self._open.add(number)
        try:
            watched, names = self._watched[number]
            frame = sys._getframe(1)
            known = {**frame.f_globals, **frame.f_locals}
            if any(hasattr(type(known.get(name)), "__next__") for name in names):
                # To look at what it gives would take it away.
                return None
            return [(one, watched[one].new, _worked_out(watched[one].code, known)) for one in live]
        finally:
            self._busy = False
            self._meter.used = used
            self._left -= time.perf_counter() - began

    def _leave(self, number, others, truth, new, value):
        if others is None or number not in self._live:
            return value
        live = self._live[number]
        self._open.discard(number)
        for one, other_new, other in others:
            same = _same_truth(value, other) if truth else _equal(value, other, new and other_new)
            if other is _RAISED or not same:
                live.discard(one)
        if self._left < 0:
            self._live = {}
        return value


_RAISED = object()


def _worked_out(code, known):
    try:
        return eval(code, known)  # noqa: S307 - what stands in an edit is run anyway
    except Exception:  # noqa: BLE001
        return _RAISED


def _same_truth(a, b):
    return type(a) in _PLAIN and type(b) in _PLAIN and bool(a) == bool(b)


def _equal(a, b, new=False):
    """Whether nobody could tell them apart: the same thing, equal ones that cannot change, or new collections of such."""
    kind = type(a)
    if a is b:
        return True
    if type(b) is not kind:
        return False
    if kind in (int, str, bytes, bool):
        return a == b
    if kind in (float, complex):
        return repr(a) == repr(b)
    if kind is tuple or (new and kind is list):
        return len(a) == len(b) <= _ITEMS_MAX and all(map(_equal, a, b))
    if new and kind is dict:
        same_size = len(a) == len(b) <= _ITEMS_MAX
        return same_size and all(map(_equal, a.keys(), b.keys())) and all(map(_equal, a.values(), b.values()))
    return False


def _watch(place, holder, field, index, new):
    value = _at(holder, field, index)
    number = ast.Constant(place.number)
    others = ast.Call(ast.Name(ENTER, _LOAD), [number], [])
    call = ast.Call(ast.Name(LEAVE, _LOAD), [number, others, ast.Constant(place.truth), ast.Constant(new), value], [])
    _set(holder, field, index, ast.fix_missing_locations(ast.copy_location(call, value)))


def _first_difference(a, b, lines, path=()):
    """The path of the smallest part that holds all that differs; None for equal trees."""
    if type(a) is not type(b):
        return path
    if isinstance(a, list):
        if len(a) != len(b):
            if len(b) != len(a) + 1 or not isinstance(b[0], ast.stmt):
                return path
            same = (lines.apart(x, y) or ast.dump(x) == ast.dump(y) for x, y in zip(a, b))
            return (*path, next((index for index, one in enumerate(same) if not one), len(a)))
        pairs = enumerate(zip(a, b))
    elif isinstance(a, ast.AST):
        if lines.apart(a, b):
            return None
        pairs = [(field, (getattr(a, field, None), getattr(b, field, None))) for field in a._fields]
    else:
        return None if a == b and repr(a) == repr(b) else path
    found = None
    for step, (x, y) in pairs:
        one = _first_difference(x, y, lines, (*path, step))
        if one is not None and found is not None:
            return path
        found = found if one is None else one
    return found


class Lines:
    """Of the unedited file, those that an edit is on, and by how many lines it moves what is behind."""

    def __init__(self, first, last, shift):
        self._first = first
        self._last = last
        self._shift = shift

    def apart(self, a, b):
        """Whether a node is on other lines and so is the same with the edit."""
        if not hasattr(a, "lineno") or not hasattr(b, "lineno"):
            return False
        before = a.end_lineno < self._first and b.end_lineno == a.end_lineno
        return before or (a.lineno > self._last and b.lineno == a.lineno + self._shift)


def _stands_alone(node):
    return not isinstance(node, (ast.Slice, ast.Starred, ast.FormattedValue))


def _is_new(node):
    """Whether what it makes is nobody else's, if it is a list, a set or a dictionary."""
    if isinstance(node, ast.IfExp):
        return _is_new(node.body) and _is_new(node.orelse)
    if isinstance(node, ast.Subscript):
        return isinstance(node.slice, ast.Slice)
    if isinstance(node, ast.Call):
        return not (isinstance(node.func, ast.Attribute) and node.func.attr == "get") and not (
            isinstance(node.func, ast.Name) and node.func.id in ("max", "min")
        )
    return not isinstance(node, (ast.Name, ast.Attribute, ast.BoolOp))


def _resolve(tree, path):
    for step in path:
        tree = tree[step] if isinstance(step, int) else getattr(tree, step)
    return tree


def _spot(tree, path):
    """What holds the place: a node, its field, and the index in it if that is a list."""
    if isinstance(path[-1], int):
        return _resolve(tree, path[:-2]), path[-2], path[-1]
    return _resolve(tree, path[:-1]), path[-1], None


def _at(holder, field, index):
    value = getattr(holder, field)
    return value if index is None else value[index]


def _set(holder, field, index, value):
    if index is None:
        setattr(holder, field, value)
    else:
        getattr(holder, field)[index] = value


def _dumps(nodes):
    return [ast.dump(node) for node in nodes]
