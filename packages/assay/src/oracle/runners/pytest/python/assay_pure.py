"""Which expressions only read: to work out their values once more changes nothing, and takes no time to speak of."""

import ast

_NODES = (
    ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.Slice, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp,
    ast.Tuple, ast.List, ast.Set, ast.Dict, ast.JoinedStr, ast.FormattedValue, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.Call, ast.comprehension, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.expr_context, ast.keyword,
)
#: Numbers of no end come of these.
_SLOW = (ast.Pow, ast.LShift, ast.MatMult)
_FUNCTIONS = frozenset(
    "abs all any ascii bin bool bytes callable chr complex dict divmod enumerate float format frozenset hasattr hash hex int "
    "isinstance issubclass len list max min oct ord range repr reversed round set slice sorted str sum tuple type zip".split()
)
_METHODS = frozenset(
    "bit_length capitalize casefold center copy count difference encode endswith expandtabs find format get index intersection "
    "is_integer isalnum isalpha isascii isdecimal isdigit isdisjoint isidentifier islower isnumeric isprintable isspace issubset "
    "issuperset istitle isupper items join keys ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust "
    "rpartition rsplit rstrip split splitlines startswith strip swapcase symmetric_difference title translate union upper values "
    "zfill".split()
)


def is_pure(node, defined, computed):
    """`defined`: names that the file gives a meaning of its own; `computed`: attributes that a function is behind."""
    for part in ast.walk(node):
        if not isinstance(part, _NODES) or isinstance(part, _SLOW):
            return False
        if isinstance(part, ast.Attribute) and (part.attr in computed or _is_private(part.attr)):
            return False
        if isinstance(part, ast.comprehension) and part.is_async:
            return False
        if isinstance(part, ast.Call) and not _is_pure_call(part.func, defined):
            return False
    return True


def _is_private(name):
    """A class gives it another name."""
    return name.startswith("__") and not name.endswith("__")


def _is_pure_call(function, defined):
    if isinstance(function, ast.Name):
        return function.id in _FUNCTIONS and function.id not in defined
    return isinstance(function, ast.Attribute) and function.attr in _METHODS and function.attr not in defined


def names_defined(tree):
    """Names that anything in a file is given: variables, parameters, functions, classes, imports."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).split(".")[0])
            if node.name == "*":
                found |= _FUNCTIONS
    return found


def names_computed(tree):
    """Names of a file's functions that are decorated, as properties are: what reads one may call it."""
    functions = (node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
    return {function.name for function in functions if function.decorator_list}
