"""Turns an exception into what the report says about it."""

import os

TEXT_MAX = 4096
FRAMES_MAX = 50
_DEPTH_MAX = 5000


def cap(text):
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + "\u2026"


def safe_text(make, value):
    """`str` or `repr` of a value that is the project's, and may do anything but must not end the run."""
    try:
        return cap(make(value))
    except Exception as error:  # noqa: BLE001
        return "<%s of a %s raised %s>" % (make.__name__, type(value).__name__, type(error).__name__)


def unwrap(error):
    """The project's own exception inside pytest's wrappers for collection."""
    for _ in range(5):
        inner = None
        if type(error).__name__ in ("CollectError", "ConftestImportFailure"):
            inner = error.__cause__ or getattr(error, "cause", None)
        if not isinstance(inner, BaseException):
            return error
        error = inner
    return error


def _frames(traceback, project):
    """Innermost first, the project's own only."""
    found = []
    for _ in range(_DEPTH_MAX):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        path = project.relative(code.co_filename)
        if path is not None and traceback.tb_lineno:
            frame = {"file": path, "line": traceback.tb_lineno}
            if code.co_name != "<module>":
                frame["function"] = cap(code.co_name)
            found.append(frame)
        traceback = traceback.tb_next
    return found[::-1][:FRAMES_MAX]


def _unittest_operands(traceback):
    """`assertEqual(first, second)` and its kin keep what they compared in their frames."""
    operands = None
    while traceback is not None:
        frame = traceback.tb_frame
        directory, name = os.path.split(frame.f_code.co_filename)
        if name == "case.py" and os.path.basename(directory) == "unittest":
            values = frame.f_locals
            if "first" in values and "second" in values and frame.f_code.co_name.endswith("Equal"):
                operands = operands or (values["first"], values["second"])
        traceback = traceback.tb_next
    return operands


def describe(error, traceback, project, comparison=None):
    """
    `comparison` is what pytest compared last: (file, line, left, right) as texts; it counts only if it was made
    where this exception was raised. The convention `assert actual == expected` names the two sides.
    """
    error = unwrap(error)
    frames = _frames(error.__traceback__ or traceback, project)
    failure = {
        "type": cap(type(error).__name__) or "Exception",
        "message": safe_text(str, error),
        "frames": frames,
    }
    if frames:
        failure["file"], failure["line"] = frames[0]["file"], frames[0]["line"]
    if isinstance(error, SyntaxError):
        _place_syntax_error(failure, error, project)
    operands = _unittest_operands(error.__traceback__) if isinstance(error, AssertionError) else None
    if operands is not None:
        failure["actual"], failure["expected"] = (safe_text(repr, value) for value in operands)
    elif comparison is not None and frames and comparison[:2] == (frames[0]["file"], frames[0]["line"]):
        failure["actual"], failure["expected"] = comparison[2:]
    return failure


def _place_syntax_error(failure, error, project):
    path = project.relative(error.filename) if isinstance(error.filename, str) else None
    failure["message"] = safe_text(str, error.msg)
    if path is not None:
        failure["file"] = path
        failure["line"] = error.lineno if isinstance(error.lineno, int) and error.lineno > 0 else 1
