import { describe, expect, it } from "vitest";
import { onAddedLines } from "./on-added-lines.ts";
import { scanGuardrails } from "./scan-guardrails.ts";

/** The rules that flag a source, each once. */
function rulesFor(path: string, content: string): string[] {
  return [...new Set(scanGuardrails([{ path, content }]).map(({ rule }) => rule))].sort();
}

describe("guardrails for Python", () => {
  it.each([
    ["import subprocess\nsubprocess.run(['ls'])", "python-process-spawn"],
    ["import os\nos.system('ls')", "python-process-spawn"],
    ["from os import execv", "python-process-spawn"],
    ["def f(x):\n    return eval(x)", "python-dynamic-code"],
    ["import importlib\nimportlib.import_module(n)", "python-dynamic-code"],
    ["open('/etc/passwd').read()", "python-file-access"],
    ["from pathlib import Path\nPath('x').write_text('y')", "python-file-access"],
    ["import socket", "python-network"],
    ["from urllib.request import urlopen", "python-network"],
    ["import sys\nframe = sys._getframe(1)", "python-introspection"],
    ["x.f_back.f_locals", "python-introspection"],
    ["import gc\ngc.get_objects()", "python-introspection"],
    ["import pytest", "python-test-framework"],
    ["from unittest import mock", "python-test-framework"],
    ["def pytest_runtest_makereport(item, call): pass", "python-test-framework"],
    ["import builtins\nbuiltins.AssertionError = None", "python-test-framework"],
    ["import os\nos._exit(0)", "python-process-exit"],
    ["raise SystemExit", "python-process-exit"],
    ["import atexit\natexit.register(f)", "python-process-exit"],
    ["import ctypes", "python-native-code"],
    ["import os\nos.environ['X'] = '1'", "python-environment"],
    ["class A:\n    def __eq__(self, other):\n        return True", "python-always-equal"],
    ["A = type('A', (), {'__eq__': lambda s, o: True})", "python-always-equal"],
  ])("flags %j", (source, rule) => {
    expect(rulesFor("solution.py", source)).toContain(rule);
  });

  it.each([
    "def total(items):\n    return sum(item.price for item in items)",
    "import math, re, itertools, collections\nfrom functools import reduce\nfrom typing import List",
    "class P:\n    def __eq__(self, other):\n        return isinstance(other, P) and self.x == other.x",
    "def compile_report(exit_code):\n    evaluate = exit_code + 1\n    return evaluate",
    "raise ValueError('bad')",
    "# subprocess, eval(x) and os.system are only spoken of here\nx = 'import socket'",
  ])("says nothing about %j", (source) => {
    expect(rulesFor("solution.py", source)).toEqual([]);
  });
});

describe("guardrails for JavaScript and TypeScript", () => {
  it.each([
    ["import { execSync } from 'node:child_process';", "javascript-process-spawn"],
    ["new Worker('x.js')", "javascript-process-spawn"],
    ["const f = new Function('return 1')", "javascript-dynamic-code"],
    ["eval('1')", "javascript-dynamic-code"],
    ["const fs = require('fs');", "javascript-file-access"],
    ["import net from 'net';", "javascript-network"],
    ["await fetch('http://x')", "javascript-network"],
    ["Error.prepareStackTrace = () => 1", "javascript-introspection"],
    ["const assert = require('assert');", "javascript-test-framework"],
    ["globalThis.expect = () => ok", "javascript-test-framework"],
    ["process.exit(0)", "javascript-process-exit"],
    ["process.on('exit', f)", "javascript-process-exit"],
    ["process.dlopen(module, 'x')", "javascript-native-code"],
    ["const key = process.env.KEY", "javascript-environment"],
    ["const a = { [Symbol.toPrimitive]: () => 1 }", "javascript-always-equal"],
    ["Array.prototype.every = () => true", "javascript-always-equal"],
    ["Object.defineProperty(Array.prototype, 'x', {})", "javascript-always-equal"],
    ["module.exports = new Proxy({}, {})", "javascript-always-equal"],
  ])("flags %j", (source, rule) => {
    expect(rulesFor("solution.js", source)).toContain(rule);
    expect(rulesFor("solution.ts", source)).toContain(rule);
  });

  it.each([
    "export const total = (items) => items.reduce((sum, { price }) => sum + price, 0);",
    "import { join } from 'node:path';\nexport class Cart { add(item) { this.items.push(item); } }",
    "const pattern = /a+/;\nconst match = pattern.exec('aaa');",
    "// eval('x') and require('fs') are only spoken of here\nconst text = 'the network';",
  ])("says nothing about %j", (source) => {
    expect(rulesFor("solution.js", source)).toEqual([]);
    expect(rulesFor("solution.ts", source)).toEqual([]);
  });
});

it("says where, with the flagged text cut to one short line", () => {
  const content = `x = 1\ny = eval("""${"a".repeat(500)}\nb""")\n`;
  const [finding] = scanGuardrails([{ path: "src/a.py", content }]);
  expect(finding).toMatchObject({ file: "src/a.py", line: 2, column: 5, severity: "error" });
  expect(finding?.snippet).toHaveLength(200);
});

it("leaves files in other languages alone and notes one that is too long", () => {
  expect(scanGuardrails([{ path: "run.sh", content: "eval $x" }])).toEqual([]);
  expect(rulesFor("big.py", `x = 1\n${"#".repeat(600 * 1024)}`)).toEqual(["unscanned"]);
});

it("keeps the findings on lines that a change adds", () => {
  const content = "import socket\nimport subprocess\n";
  const findings = scanGuardrails([{ path: "a.py", content }]);
  const diff = "--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,2 @@\n import socket\n+import subprocess\n";
  expect(onAddedLines(findings, diff).map(({ rule }) => rule)).toEqual(["python-process-spawn"]);
});
