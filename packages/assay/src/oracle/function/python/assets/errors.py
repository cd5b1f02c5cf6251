"""Exceptions as documents: a name from a fixed table, and a message. Never one that is not an `Exception`."""

#: Characters of one message.
MESSAGE_MAX = 2000

EXCEPTIONS = {
    e.__name__: e
    for e in (
        Exception, ArithmeticError, AssertionError, AttributeError, BlockingIOError, BrokenPipeError, BufferError,
        ChildProcessError, ConnectionError, EOFError, FileExistsError, FileNotFoundError, FloatingPointError, ImportError,
        IndentationError, IndexError, InterruptedError, IsADirectoryError, KeyError, LookupError, MemoryError,
        ModuleNotFoundError, NameError, NotADirectoryError, NotImplementedError, OSError, OverflowError, PermissionError,
        ProcessLookupError, RecursionError, ReferenceError, RuntimeError, StopAsyncIteration, StopIteration, SyntaxError,
        SystemError, TimeoutError, TypeError, UnboundLocalError, UnicodeError, ValueError, ZeroDivisionError,
    )
}  # fmt: skip


class RemoteError(Exception):
    """An exception of a class that only the other side knows."""


def describe(error):
    """The names of a class's built-in ancestors, nearest first, and what it says."""
    names = [cls.__name__ for cls in type(error).__mro__ if cls.__module__ == "builtins"]
    of_its_own = type(error).__module__ != "builtins" and names[:1] == ["Exception"]
    return [[] if of_its_own else names, _message(error)]


def revive(document):
    """The exception of a document; whatever is wrong with the document is a `TypeError` or `ValueError`."""
    names, message = document
    if type(names) is not list:
        raise TypeError("not a list of names")
    known = next((name for name in names if type(name) is str and name in EXCEPTIONS), None)
    # Its argument keeps its type: `KeyError(3)` and `KeyError("3")` do not print the same.
    argument = message if message is None or type(message) in (bool, int) else str(message)[:MESSAGE_MAX]
    return (RemoteError if known is None else EXCEPTIONS[known])(argument)


def _message(error):
    try:
        if len(error.args) == 1 and (error.args[0] is None or type(error.args[0]) in (bool, int)):
            return error.args[0]
        return (str(error.args[0]) if len(error.args) == 1 else str(error))[:MESSAGE_MAX]
    except Exception:
        return ""
