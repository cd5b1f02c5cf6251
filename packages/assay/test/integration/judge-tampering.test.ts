import { describe, expect, test } from "vitest";
import { atDepth } from "../support/depth.ts";
import { codesOf, examined, type Files, gitRepository, judge } from "../support/judged-repository.ts";

/** With more lines between its first and its last function than a hunk shows around it. */
const cart = (sum: string, price = "price - price * percent / 100", first = "") => `# -*- coding: utf-8 -*-
def count(items):
${first}    return len(items)


def discount(price, percent):
    return ${price}


def total(items):
    return ${sum}
`;
const wrong = cart("sum(items) + 1");
const right = cart("sum(items)");

const tests = (line = "") => `from app import cart


def test_total():
    assert cart.total([1, 2]) == 3


def test_discount():
    ${line}assert cart.discount(200, 10) == 180
`;
const base = {
  "app/__init__.py": "",
  "app/cart.py": wrong,
  "app/license.py": 'NAME = "MIT"\n',
  "tests/__init__.py": "",
  "tests/test_cart.py": tests(),
};
const golden = {
  "app/report.py": 'def render(items):\n    return f"items: {len(items)}!"\n',
  "tests/golden.txt": "items: 2",
  "tests/test_report.py": `from pathlib import Path

from app.report import render

GOLDEN = Path(__file__).parent / "golden.txt"


def test_render():
    assert render([1, 2]) == GOLDEN.read_text()
`,
};
const renders = (...lines: string[]) => ({
  "app/report.py": `from pathlib import Path\n\n\ndef render(items):\n${lines.map((line) => `    ${line}\n`).join("")}`,
});
const logging = `from pathlib import Path

from app import cart


def test_logged():
    log = Path(__file__).parent / "log.txt"
    log.write_text(str(cart.total([])))
    (Path(__file__).parent / "fresh.txt").write_text("new")
    assert log.read_text() == "0"
`;

type Case = {
  title: string;
  from?: Files;
  change: Files;
  outcome: "accepted" | "rejected" | "inconclusive";
  codes: string[];
  names?: string;
};

const cases: Case[] = [
  {
    title: "a regression that a new test makes waver on the base",
    change: {
      "app/cart.py": cart("sum(items)", "price"),
      "tests/test_more.py": `import random\n\nfrom app import cart\n\n\ndef test_none():\n    assert cart.total([]) == 0\n\n\nif cart.total([]) == 1 and random.random() < 0.5:\n    cart.discount = None\n`,
    },
    outcome: "rejected",
    codes: ["test-regressed", "test-regressed"],
  },
  {
    title: "code in a module that is named like a document",
    change: { "app/cart.py": right, "app/license.py": 'import socket\n\nNAME = "MIT"\n' },
    outcome: "inconclusive",
    codes: ["unproven-hunk"],
    names: "app/license.py",
  },
  {
    title: "code in a string that stands alone",
    change: {
      "app/cart.py": cart("sum(items)", "price - price * percent / 100", "    f\"{__import__('os').getpid()}\"\n"),
    },
    outcome: "inconclusive",
    codes: ["unproven-hunk"],
  },
  {
    title: "code in a string that stands alone in a test",
    change: { "app/cart.py": right, "tests/test_cart.py": tests('f"{cart.count([])}"\n    ') },
    outcome: "inconclusive",
    codes: ["tests-changed"],
    names: "test_discount",
  },
  {
    title: "code in a comment, by the coding of the file",
    change: { "app/cart.py": right.replace("utf-8", "utf_7") },
    outcome: "inconclusive",
    codes: ["unproven-hunk"],
  },
  {
    title: "code that writes the file it is compared with",
    from: golden,
    change: renders(
      'text = f"items: {len(items)}?"',
      'Path(__file__).parent.parent.joinpath("tests/golden.txt").write_text(text)',
      "return text",
    ),
    outcome: "inconclusive",
    codes: ["oracle-changed"],
    names: "tests/golden.txt",
  },
  {
    title: "code that writes the file it is compared with, and removes the traces",
    from: {
      "app/report.py": golden["app/report.py"],
      "tests/data/golden.txt": golden["tests/golden.txt"],
      "tests/test_report.py": golden["tests/test_report.py"].replace("golden.txt", "data/golden.txt"),
    },
    change: renders(
      "import atexit, shutil",
      'folder = Path(__file__).parent.parent / "tests/data"',
      '(folder / "golden.txt").write_text("items?")',
      "atexit.register(shutil.rmtree, folder)",
      'return "items?"',
    ),
    outcome: "inconclusive",
    codes: ["oracle-changed"],
    names: "tests/data/golden.txt",
  },
  {
    title: "a helper beside the source that says less than it did",
    from: {
      "helpers.py": "def same(a, b):\n    return a == b\n",
      "tests/test_cart.py": tests()
        .replace("assert cart.total([1, 2]) == 3", "assert same(cart.total([1, 2]), 3)")
        .replace("from app", "from helpers import same\nfrom app"),
      "conftest.py": "",
    },
    change: { "helpers.py": "def same(a, b):\n    return a >= b\n" },
    outcome: "inconclusive",
    codes: ["tests-changed"],
    names: "helpers.py",
  },
  {
    title: "a lock file of another language",
    change: { "app/cart.py": right, "package-lock.json": '{ "lockfileVersion": 3 }\n' },
    outcome: "inconclusive",
    codes: ["tests-changed"],
    names: "package-lock.json",
  },
  {
    title: "a fix whose tests write output, as those of the base do",
    from: { "tests/log.txt": "1", "tests/test_log.py": logging },
    change: { "app/cart.py": right },
    outcome: "accepted",
    codes: ["all-expected-passed"],
  },
];

describe("assay judge, on changes that tamper with their own verdict", () => {
  test.each(atDepth(cases, 2))("$title: $outcome", async ({ from, change, outcome, codes, names }) => {
    await using repository = await gitRepository({ ...base, ...from });
    await repository.commit(change);
    const judged = await judge(repository);
    expect([judged.result.outcome, ...codesOf(judged)], judged.result.summary).toEqual([outcome, ...codes]);
    if (names !== undefined) expect(JSON.stringify(judged.result.verdict?.reasons)).toContain(names);
    expect(examined(judged).change).not.toBe("feature");
  });
});
