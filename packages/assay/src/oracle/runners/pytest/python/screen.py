"""
A warm pytest that forks for each candidate. Stdin: one JSON line to set up, then one for each candidate; descriptor 3: one line each.
The parent never imports anything of the project.
"""

import gc
import json
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
import time

_STARTUP_SECONDS = 20.0
_REPLY_BYTES_MAX = 1 << 20
# By how many times its limit a test that hardly ran may be late.
_EXTENSIONS_MAX = 2


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    import assay_channel

    requests = os.fdopen(assay_channel.take_input(), "rb", buffering=1 << 16)
    setup = json.loads(requests.readline())
    channel = assay_channel.Channel(setup["nonce"])

    import assay_collected
    import assay_compiled
    import assay_lean
    import assay_options
    import assay_prepared
    import assay_project
    import assay_screen_plugin
    import assay_selection
    import assay_swapping
    import assay_tidy
    import assay_warm

    project = assay_project.Project(setup["root"])
    project.ignore_bytecode()
    plugins, modules = assay_warm.warm(project, here, setup.get("modules"))
    assay_project.take_place(setup["pythonPath"])
    options = assay_options.fixed_options(project, here) + ["-s", "-q", "--no-header", "--no-summary"]
    options += assay_lean.options(project, setup["sourceFiles"], plugins)
    tidy = assay_tidy.Tidy(project.root)
    screen = Screen(project, tidy, setup["testSecondsMax"], setup["memoryBytesMax"])
    compiled = assay_compiled.Compiled(project, setup["sourceFiles"])

    def serve(run_pytest):
        """Returns only in a child: where `run_pytest` did, or with what a process that collects ahead needs."""
        gc.collect()
        gc.freeze()
        channel.write({"id": -1, "kind": "ready", "modules": modules})
        for line in requests:
            request = json.loads(line)
            outcome = screen.swap(request["batch"]) if "batch" in request else screen.attempt(request, run_pytest)
            if outcome is None or not isinstance(outcome, dict):
                return outcome
            channel.write(dict(outcome, id=request["id"]))
        os._exit(0)

    if assay_prepared.possible(project, options):
        screen.collected = assay_collected.Collected(project, setup["candidateFiles"])
        limits = (setup["testSecondsMax"], setup["memoryBytesMax"])
        screen.swapping = assay_swapping.Swapping(project, setup["candidateFiles"], tidy, *limits)
        assay_prepared.serve(project, options, compiled, serve)
        return

    def run_pytest(tell, tests):
        import pytest

        plugin = assay_screen_plugin.ScreenPlugin(project)
        plugin.begin(tell, tests)
        pytest.main(options + assay_selection.test_files(project, tests), plugins=[plugin])

    serve(run_pytest)


class Screen:
    def __init__(self, project, tidy, test_seconds_max, memory_bytes_max):
        self._project = project
        self._tidy = tidy
        self._test_seconds_max = test_seconds_max
        self._memory_bytes_max = memory_bytes_max
        self._startup_seconds_max = _STARTUP_SECONDS
        self._temporary = "/tmp/.assay-screen"
        self.collected = None
        self.swapping = None

    def swap(self, batch):
        """The outcomes of those of a batch's edits that can be tried one after the other, or an input that tells edits apart; in the process that is to find out, its `Swapper`."""
        import assay_swapping

        return assay_swapping.nothing(batch) if self.swapping is None else self.swapping.attempt(batch)

    def attempt(self, request, run_pytest):
        """The outcome. In a child None, once `run_pytest` has prepared it; a `Between` in a process that is to collect ahead."""
        owner = os.getpid()
        try:
            originals = {path: self._read(path) for path in request["files"]}
        except (OSError, ValueError) as error:
            return {"kind": "broken", "message": str(error)}
        try:
            for path, content in request["files"].items():
                self._write(path, content.encode("utf-8", "surrogatepass"))
            os.makedirs(self._temporary, exist_ok=True)
            outcome = self._from_collected(request)
            return self._run(request["tests"], run_pytest) if outcome is None else outcome
        except OSError as error:
            return {"kind": "broken", "message": str(error)}
        finally:
            if os.getpid() == owner:
                for path, content in originals.items():
                    self._write(path, content)
                shutil.rmtree(self._temporary, ignore_errors=True)
                self._tidy.restore()

    def _from_collected(self, request):
        if self.collected is None:
            return None
        return self.collected.attempt(request, self._run)

    def _place(self, path):
        full = os.path.normpath(os.path.join(self._project.root, path))
        if not full.startswith(self._project.root + os.sep):
            raise ValueError("not a path in the project: %r" % path)
        return full

    def _read(self, path):
        try:
            with open(self._place(path), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def _write(self, path, content):
        full = self._place(path)
        if content is None:
            if os.path.lexists(full):
                os.unlink(full)
            return
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "wb") as file:
            file.write(content)

    def _run(self, tests, run_pytest):
        source, sink = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(source)
            self._child(sink, tests, run_pytest)
            return None
        os.close(sink)
        try:
            os.setpgid(pid, pid)
        except OSError:
            pass  # the child was faster, or is gone
        try:
            return self._watch(pid, source)
        finally:
            os.close(source)
            for kill in (lambda: os.killpg(pid, signal.SIGKILL), lambda: os.kill(pid, signal.SIGKILL)):
                try:
                    kill()
                except OSError:
                    pass
            os.waitpid(pid, 0)

    def _child(self, sink, tests, run_pytest):
        os.setpgid(0, 0)
        # Descriptors from 200 on are the parent's way in and out.
        os.closerange(200, 300)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        resource.setrlimit(resource.RLIMIT_DATA, (self._memory_bytes_max, self._memory_bytes_max))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.environ["TMPDIR"] = self._temporary
        tempfile.tempdir = None
        owner = os.getpid()

        def tell(message):
            if os.getpid() == owner:
                os.write(sink, json.dumps(message).encode("ascii") + b"\n")

        try:
            run_pytest(tell, tests)
        except BaseException as error:  # noqa: BLE001
            tell({"kind": "broken", "message": "%s: %s" % (type(error).__name__, error)})
            os._exit(70)

    def _watch(self, pid, source):
        """The child's verdict, by the parent's clock: each message that a test starts grants it its time."""
        begun = time.monotonic()
        granted, deadline = begun, begun + self._startup_seconds_max
        extensions, cpu = 0, 0.0
        pending = b""
        running = None
        while True:
            left = deadline - time.monotonic()
            ready = select.select([source], [], [], max(0.0, min(left, 0.25)))[0]
            if not ready:
                if left <= 0 and extensions < _EXTENSIONS_MAX and _cpu_seconds(pid) - cpu < 0.5 * (deadline - granted):
                    # It waited for a processor more than it ran, as on a busy machine: only what it used itself counts against it.
                    extensions += 1
                    granted, deadline = deadline, deadline + (deadline - granted)
                    continue
                if left <= 0:
                    return _with_test({"kind": "timed-out"}, running)
                if _is_gone(pid):
                    return _exited(running)
                continue
            part = os.read(source, 65536)
            if not part or len(pending) > _REPLY_BYTES_MAX:
                return _exited(running)
            *lines, pending = (pending + part).split(b"\n")
            for line in lines:
                try:
                    message = json.loads(line)
                except ValueError:
                    return {"kind": "broken", "message": "the child wrote what is not a message"}
                if "running" not in message:
                    return message
                if running is None:
                    startup = time.monotonic() - begun
                    self._startup_seconds_max = min(_STARTUP_SECONDS, max(2.0, 10 * startup))
                running = message["running"]
                granted = time.monotonic()
                deadline = granted + self._test_seconds_max
                extensions, cpu = 0, _cpu_seconds(pid)


def _is_gone(pid):
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _cpu_seconds(pid):
    """Of the process alone, what it started not counted; 0 where that cannot be told."""
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            fields = file.read().rsplit(b")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return 0.0


def _with_test(outcome, test):
    return outcome if test is None else dict(outcome, test=test)


def _exited(test):
    return _with_test(
        {"kind": "failed", "failureType": "ProcessExited", "message": "the process ended in the middle of the tests"}, test
    )


if __name__ == "__main__":
    main()
