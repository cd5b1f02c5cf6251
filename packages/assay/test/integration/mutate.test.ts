import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Listing } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { type Files, gitRepository, type JudgedRepository } from "../support/judged-repository.ts";
import { type Ended, jsonLines, resultOf, runAssay } from "../support/run-assay.ts";

const python: Files = {
  "pytest.ini": "[pytest]\n",
  "shop/__init__.py": "",
  "shop/prices.py":
    'LEAST = 10\n\n\nclass Cart:\n    def total(self, n):\n        """Of n."""\n        if n > LEAST:\n            return n * 2\n        return n\n\n    def unused(self):\n        return 1 + 2\n\n\ndef loops(n):\n    while n > 0:\n        n -= 1\n    return n\n',
  "test_prices.py":
    "from shop.prices import Cart, loops\n\n\ndef test_total():\n    assert Cart().total(20) == 40\n    assert Cart().total(3) == 3\n\n\ndef test_loops():\n    assert loops(3) == 0\n\n\ndef test_red():\n    assert Cart().total(1) == 2\n",
};
const node: Files = {
  "package.json": '{ "type": "module", "scripts": { "test": "node --test" } }\n',
  "src/prices.ts":
    "export function total(n: number, least = 10): number {\n  if (n > least) return n * 2;\n  return n;\n}\nexport function doubled(n: number): number {\n  return n * 2;\n}\n",
  "test/prices.test.ts":
    'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { total } from "../src/prices.ts";\n\ntest("total", () => {\n  assert.equal(total(20), 40);\n  assert.equal(total(3), 3);\n});\n',
};

type Mutant = Extract<Listing, { type: "mutant-tried" }>;

async function mutate({ home, project }: JudgedRepository, ...args: string[]) {
  const ended: Ended = await runAssay(home, ["mutate", "-C", project, ...args, "--json"]);
  const mutants = (jsonLines(ended) as unknown as Listing[]).filter(
    (line): line is Mutant => line.type === "mutant-tried",
  );
  const of = (line: number, replacement: string) =>
    mutants.find((mutant) => mutant.line === line && mutant.replacement === replacement);
  return { ended, mutants, of, result: resultOf(ended) };
}

describe("assay mutate", () => {
  test("tells what pytest notices, what it does not, and where no test goes", async () => {
    await using repository = await gitRepository(python);
    const report = join(repository.home, "report");
    const args = ["--report", `${report}.json`, "--report", `${report}.html`];
    const { ended, mutants, of, result } = await mutate(repository, ...args);
    expect(ended.code, ended.stderr).toBe(0);
    expect(result).toMatchObject({
      outcome: "evaluated",
      summary: expect.stringContaining("1 test that did not pass"),
    });
    const killed = { status: "killed", function: "Cart.total", killedBy: "test_prices.py::test_total", coveredBy: 1 };
    expect(of(7, "<=")).toMatchObject(killed);
    expect(of(7, ">=")).toMatchObject({ status: "survived" });
    expect(of(12, "1 - 2")).toMatchObject({ status: "uncovered", coveredBy: 0, function: "Cart.unused" });
    // What runs when the file is loaded is tried, too, in processes of its own.
    expect(of(1, "0")).toMatchObject({ status: "killed" });
    expect(of(1, "11")).toMatchObject({ status: "survived" });
    expect(mutants.find(({ line, status }) => line === 17 && status === "timed-out")).toBeDefined();

    const stryker = JSON.parse(await readFile(`${report}.json`, "utf8"));
    expect(stryker).toMatchObject({ schemaVersion: "2", projectRoot: repository.project });
    const mutant = stryker.files["shop/prices.py"].mutants.find(
      (each: { replacement: string }) => each.replacement === ">=",
    );
    expect(mutant).toMatchObject({
      status: "Survived",
      location: { start: { line: 7, column: 14 }, end: { line: 7, column: 15 } },
    });
    expect(stryker.testFiles["test_prices.py"].tests).toHaveLength(2);
    expect(await readFile(`${report}.html`, "utf8")).toContain("Faults that no test noticed");
  });

  test("tells what node:test notices, in TypeScript", async () => {
    await using repository = await gitRepository(node);
    const { ended, of } = await mutate(repository, "src");
    expect(ended.code, ended.stderr).toBe(0);
    expect(of(2, "<=")).toMatchObject({ status: "killed", function: "total" });
    expect(of(2, ">=")).toMatchObject({ status: "survived" });
    expect(of(6, "n / 2")).toMatchObject({ status: "uncovered" });
  });

  test("tries nothing twice whose code and tests are the same, and all again when asked", async () => {
    await using repository = await gitRepository(node);
    const first = await mutate(repository);
    const tried = ({ mutants }: typeof first) => mutants.filter(({ known }) => !known);
    const second = await mutate(repository);
    expect(second.mutants.map(({ status }) => status).sort()).toEqual(first.mutants.map(({ status }) => status).sort());
    expect(tried(second).every(({ status }) => status === "uncovered" || status === "timed-out")).toBe(true);
    expect(tried(await mutate(repository, "--force"))).toHaveLength(first.mutants.length);
    const better = `${node["test/prices.test.ts"]}test("ten", () => assert.equal(total(10), 10));\n`;
    await writeFile(join(repository.project, "test/prices.test.ts"), better);
    expect((await mutate(repository)).of(2, ">=")).toMatchObject({ status: "killed", known: false });
  });

  test("opens no journal: it is none of a daemon's that owns the project", async () => {
    await using repository = await gitRepository(node);
    expect((await mutate(repository)).ended.code).toBe(0);
    const kept = await readdir(join(repository.project, ".assay"));
    expect(kept).toContain("mutants.json");
    expect(kept.filter((name) => name.startsWith("journal"))).toEqual([]);
  });

  test("does not let what one mutant's tests write decide about the next", async () => {
    await using repository = await gitRepository({
      "pytest.ini": "[pytest]\n",
      "store.py":
        'import os\nSEEN = []\ndef save(name):\n    os.mkdir("out")\n    open(os.path.join("out", name), "w").close()\n    os.remove("kept.txt")\n    return name\ndef quiet(level):\n    SEEN.append(level)\n    verbose = level > 3\n    if len(SEEN) > 2:\n        SEEN.clear()\n    return len(SEEN)\n',
      "kept.txt": "kept",
      "test_store.py":
        'import os\nfrom store import SEEN, quiet, save\ndef test_save():\n    assert save("x") == "x"\n    assert os.path.exists("out/x")\n    assert not os.path.exists("kept.txt")\ndef test_quiet():\n    assert quiet(1) < 3\n',
    });
    const { of } = await mutate(repository);
    const deleted = (line: number) => [of(line, "")?.status, of(line, "pass")?.status].find((one) => one !== undefined);
    expect(deleted(4)).toBe("killed");
    expect(deleted(6)).toBe("killed");
    expect(deleted(10)).toBe("survived");
    expect(of(10, ">=")?.status).toBe("survived");
    expect(await readFile(join(repository.project, "kept.txt"), "utf8")).toBe("kept");
  });

  thorough(
    "tries what runs at load on every pytest test, and again when a source that they call has changed",
    async () => {
      const low = "TOP = 10\n\ndef clamp(n, top):\n    return min(n, top)\n";
      const high = "from low import TOP, clamp\n\ndef price(n):\n    return clamp(n, TOP)\n";
      await using repository = await gitRepository({
        "pytest.ini": "[pytest]\n",
        "low.py": low,
        "high.py": high,
        "test_high.py": "from high import price\ndef test_price():\n    assert price(12) == 10\n",
      });
      const first = await mutate(repository, "low.py");
      expect(first.of(1, "11")?.status).toBe("killed");
      expect((await mutate(repository, "low.py")).of(1, "11")).toMatchObject({
        known: true,
        killedBy: "test_high.py::test_price",
      });
      await writeFile(join(repository.project, "high.py"), high.replace("return clamp(n, TOP)", "return 10"));
      expect((await mutate(repository, "low.py")).of(1, "11")).toMatchObject({ status: "survived", known: false });
    },
  );

  thorough("keeps to the lines that changed since a revision, and to a least score", async () => {
    await using repository = await gitRepository(python);
    await repository.commit({
      "shop/prices.py": String(python["shop/prices.py"]).replace("return n * 2", "return 2 * n"),
    });
    const { mutants, ended } = await mutate(repository, "--since", "HEAD~1", "--min-score", "50");
    expect(ended.code).toBe(0);
    expect(new Set(mutants.map(({ line }) => line))).toEqual(new Set([8]));
    const unchanged = await mutate(repository, "--since", "HEAD", "--min-score", "50");
    expect(unchanged.ended.code).toBe(0);
    expect(unchanged.result.summary).toContain("has changed since HEAD");
    const low = await mutate(repository, "--min-score", "100");
    expect([low.ended.code, low.result.outcome]).toEqual([1, "rejected"]);
    // A file that only got another name has no line that changed.
    const renamed = String(python["shop/prices.py"]).replace("return n * 2", "return 2 * n");
    await repository.commit({ "shop/costs.py": renamed, "shop/prices.py": null });
    expect((await mutate(repository, "--since", "HEAD~1")).result.summary).toContain("has changed since HEAD~1");
  });

  test("says what is wrong with what it is given", async () => {
    await using repository = await gitRepository(python);
    const codes = async (...args: string[]) => (await mutate(repository, ...args)).ended.code;
    expect(await codes("nowhere.py")).toBe(2);
    expect(await codes("--since", "nowhere")).toBe(2);
    expect(await codes("--report", "report.txt")).toBe(2);
    expect(await codes("--report", "/nowhere/report.html")).toBe(2);
    expect(await codes("test_prices.py")).toBe(2);
    expect(await codes(join(repository.project, "shop", "..", "shop"), "--max", "1")).toBe(0);
    expect(await codes("--tests", "test_prices.py::test_red")).toBe(3);
  });
});
