"""
The functions of a source file: the outermost ones and the methods of outermost classes, each of which can be compiled by itself with
an edit inside its body. The compiled code spends fuel when a function in it is entered and when a loop in it goes round.
"""

import __future__
import ast
import bisect

TICK = "__assay_tick__"
_FUTURE_FLAGS = 0
for _name in __future__.all_feature_names:
    _FUTURE_FLAGS |= getattr(__future__, _name).compiler_flag
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Unsuited(Exception):
    """This edit cannot be tried by itself."""


class Unit:
    def __init__(self, number, node, wrappers, span, body):
        #: Its own in the whole project.
        self.number = number
        self.name = node.name
        self.line = node.lineno
        #: Of its first decorator, which is what the interpreter takes for its first line.
        self.first_line = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
        self.last_line = node.end_lineno
        self.wrappers = wrappers
        #: Offsets in UTF-16 code units: of the whole from its `def` on, and of what an edit may touch.
        self.span = span
        self.body = body


class SourceUnits:
    """`numbers` gives each unit its number. Raises `SyntaxError` or `ValueError` for what does not parse."""

    def __init__(self, path, text, numbers):
        if "\r" in text.replace("\r\n", "") or "\f" in text:
            raise ValueError("lines are counted otherwise here")
        # A mark of the byte order is no part of the program, and counts as one character.
        mark = int(text.startswith("\ufeff"))
        self.path = path
        self._numbers = numbers
        self._wide = text.encode("utf-16-le", "surrogatepass")
        text = text[mark:]
        self._lines = text.split("\n")
        self._starts = [mark + start for start in _line_starts(self._lines)]
        self.tree = tree = ast.parse(text)
        self._flags = compile(text, path, "exec", dont_inherit=True).co_flags & _FUTURE_FLAGS
        self.units = list(self._find(tree.body, ()))

    def around(self, start, end):
        """The unit whose body holds all of an edit."""
        for unit in self.units:
            if unit.body[0] <= start and end <= unit.body[1]:
                return unit
        raise Unsuited("outside of any function's body")

    def lines(self, start, end):
        """The first and the last line, from 1 on, of what is between the offsets."""
        return bisect.bisect_right(self._starts, start), bisect.bisect_right(self._starts, end)

    def holding(self, line):
        return [unit for unit in self.units if unit.first_line <= line <= unit.last_line]

    def compile(self, unit, start=0, end=0, text=""):
        """The code of the unit's function with what is between the offsets replaced. Raises `SyntaxError`, `ValueError` or `Unsuited`."""
        return self.code(unit, *self.parse(unit, start, end, text))

    def parse(self, unit, start=0, end=0, text=""):
        """As `compile`; gives a module and the function in it, which is all that it holds."""
        first, last = unit.span
        wide = self._wide
        start, end = (start, end) if start or end else (first, first)
        parts = (wide[2 * first : 2 * start], text.encode("utf-16-le", "surrogatepass"), wide[2 * end : 2 * last])
        prefix = "".join(" " * depth + opening for depth, opening in enumerate(unit.wrappers))
        padding = "\n" * max(0, unit.line - 1 - len(unit.wrappers))
        tree = ast.parse(padding + prefix + b"".join(parts).decode("utf-16-le", "surrogatepass"))
        body = tree.body
        for _ in unit.wrappers:
            body = _only(body).body
        node = _only(body)
        if not isinstance(node, _FUNCTIONS) or node.name != unit.name:
            raise Unsuited("the function is no longer the same one")
        return tree, node

    def code(self, unit, tree, node):
        """What `parse` gave becomes the function's code, and is changed by it."""
        _Ticks(unit.number).visit(node)
        code = compile(tree, self.path, "exec", self._flags, dont_inherit=True)
        for opening in unit.wrappers:
            if opening.startswith("class "):
                code = _constant(code, opening[6:-2])
        return _constant(code, unit.name)

    def _find(self, body, wrappers):
        for node in body:
            if isinstance(node, _FUNCTIONS):
                yield self._unit(node, wrappers)
            elif isinstance(node, ast.ClassDef):
                yield from self._find(node.body, (*wrappers, "class %s:\n" % node.name))
            else:
                # What is behind a condition, as where the platform is asked about, is defined like anything else.
                for inner in (getattr(node, "body", ()), getattr(node, "orelse", ()), getattr(node, "finalbody", ())):
                    if isinstance(inner, list):
                        yield from self._find(inner, (*wrappers, "if 1:\n"))
                for handler in getattr(node, "handlers", ()):
                    yield from self._find(handler.body, (*wrappers, "if 1:\n"))

    def _unit(self, node, wrappers):
        first = node.body[0]
        own_line = first.lineno > node.lineno and not self._lines[first.lineno - 1][: first.col_offset].strip()
        begin = self._starts[first.lineno - 1] if own_line else self._offset(first.lineno, first.col_offset)
        end = self._starts[node.end_lineno]
        return Unit(next(self._numbers), node, wrappers, (self._starts[node.lineno - 1], end), (begin, end))

    def _offset(self, line, column):
        """`column` counts bytes of UTF-8."""
        before = self._lines[line - 1].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass")
        return self._starts[line - 1] + _width(before)


class _Ticks(ast.NodeTransformer):
    def __init__(self, number):
        self._number = number

    def _tick(self, node):
        self.generic_visit(node)
        name, number = ast.Name(TICK, ast.Load()), ast.Constant(self._number)
        call = ast.Expr(ast.Call(name, [number], []))
        for made in (name, number, call.value):
            ast.copy_location(made, node.body[0])
        documented = isinstance(node, _FUNCTIONS) and ast.get_docstring(node, clean=False) is not None
        at = 1 if documented else 0
        node.body = [*node.body[:at], ast.copy_location(call, node.body[0]), *node.body[at:]]
        return node

    visit_For = visit_While = visit_AsyncFor = visit_FunctionDef = visit_AsyncFunctionDef = _tick


def _only(body):
    if len(body) != 1:
        raise Unsuited("there is more than the function")
    return body[0]


def _constant(code, name):
    for constant in code.co_consts:
        if hasattr(constant, "co_name") and constant.co_name == name:
            return constant
    raise Unsuited("the function was not found again")


def _line_starts(lines):
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += _width(line) + 1
    return [*starts, at - 1]


def _width(text):
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
