"""pytest's own plugins that a project does not use: each of their hooks costs every test of every candidate."""

import os

_BYTES_MAX = 8 << 20

# What a project would have to say, in its configuration or code, for the plugin to make a difference to an outcome.
_WORDS = {
    "logging": ("caplog", "log_", "log-", "logging"),
    "unraisableexception": ("filterwarnings", "-W", "nraisable"),
    "threadexception": ("filterwarnings", "-W", "UnhandledThread"),
    "faulthandler": ("faulthandler",),
    "junitxml": ("junit", "record_"),
    "pastebin": ("pastebin",),
    "doctest": ("doctest",),
    "stepwise": ("stepwise",),
    "setuponly": ("setup-", "setup_"),
    "setupplan": ("setup-", "setup_"),
    "legacypath": ("tmpdir", "testdir", "legacypath", "startdir", "fspath", "py.path"),
    # What runs test cases of unittest asks for its options.
    "debugging": ("pdb", "set_trace", "breakpoint", "unittest", "TestCase"),
}


def options(project, source_files, other_plugins):
    """Other plugins may lean on pytest's own in ways that no text of the project shows: with any of them all stay."""
    text = None if other_plugins else _text(project, source_files)
    if text is None:
        return []
    unused = [name for name, words in _WORDS.items() if not any(word in text for word in words)]
    return [option for name in unused for option in ("-p", "no:" + name)]


def _text(project, source_files):
    parts = []
    left = _BYTES_MAX
    config = project.pytest_config()
    for path in [os.path.join(project.root, relative) for relative in source_files] + ([config] if config else []):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                parts.append(file.read(left + 1))
        except OSError:
            continue
        left -= len(parts[-1])
        if left < 0:
            return None
    return "\n".join(parts)
