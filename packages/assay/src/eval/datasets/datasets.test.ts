import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { readSamples } from "../candidates/read-samples.ts";
import { codeBefore } from "./code-before.ts";
import { fetchData } from "./fetch-data.ts";
import { readDataset } from "./read-dataset.ts";

const row = {
  task_id: "T/0",
  prompt: 'import math\n\ndef half(x):\n    return x / 2\n\ndef twice(x):\n    """Twice."""\n',
  canonical_solution: "    return 2 * x\n",
  entry_point: "twice",
  test: "def check(candidate):\n    assert candidate(2) == 4\n",
};
const fix = { ...row, declaration: row.prompt, buggy_solution: "    return x\n", example_test: "check\n" };
const lines = (...rows: object[]) => Buffer.from(rows.map((one) => `${JSON.stringify(one)}\n`).join(""));

describe("readDataset", () => {
  test("makes a candidate of prompt and solution, and a preamble of what stands before the function", () => {
    const [problem] = readDataset("humaneval", gzipSync(lines(row)), "a.jsonl.gz");
    expect(problem?.canonical).toBe(row.prompt + row.canonical_solution);
    expect(problem?.preamble).toBe("import math\n\ndef half(x):\n    return x / 2\n\n");
  });

  test("reads plain text as well, and buggy code where there is some", () => {
    const [problem] = readDataset("humanevalfix-js", lines(fix), "a.jsonl");
    expect(problem).toMatchObject({ language: "javascript", buggy: `${row.prompt}    return x\n` });
  });

  test.each([
    ["a line that is no JSON", Buffer.concat([lines(row), Buffer.from("\n{oops\n")]), /a line 3 is not JSON/],
    ["a field that is missing", lines(row, { ...row, task_id: "T/1", test: undefined }), /line 2 at test/],
    ["a task that stands twice", lines(row, row), /line 2: task T\/0 stands on line 1 already/],
    ["no rows", Buffer.from("\n"), /no problems/],
    ["broken gzip data", gzipSync(lines(row)).subarray(0, 40), /cannot be unpacked/],
    ["what is not text", Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/],
  ])("refuses %s", (_what, bytes, message) => {
    expect(() => readDataset("humaneval", bytes, "a")).toThrow(message);
  });

  test.each([
    ["humaneval", { ...row, task_id: "MBPP/2" }, /a line 1: task MBPP\/2 is not one of humaneval/, "assay eval mbpp"],
    ["mbpp", { ...row, task_id: "HumanEval/2" }, /not one of mbpp/, "assay eval humaneval"],
    ["humaneval", { ...fix, task_id: "Python/2" }, /not one of humaneval/, "assay eval humanevalfix-python"],
    ["humanevalfix-python", { ...fix, task_id: "JavaScript/0" }, /not one of/, "assay eval humanevalfix-js"],
    ["humanevalfix-js", { ...fix, task_id: "Python/0" }, /not one of/, "assay eval humanevalfix-python"],
    ["humanevalfix-js", { ...row, task_id: "HumanEval/0" }, /not one of/, "assay eval humaneval"],
    ["humanevalfix-js", { ...fix, task_id: "Rust/0" }, /not one of/, "give the data of humanevalfix-js"],
    ["mbpp", { ...row, language: "ruby" }, /in ruby, and mbpp is in python/, "give the data of mbpp"],
  ] as const)("refuses as %s what says that it is something else", (dataset, value, message, remedy) => {
    const read = () => readDataset(dataset, lines(value), "a");
    expect(read).toThrow(message);
    const fault = { code: "usage", remedy: expect.stringContaining(remedy) };
    expect(read).toThrow(expect.objectContaining({ fault: expect.objectContaining(fault) }));
  });

  test("refuses plain text under a gzip name", () => {
    expect(() => readDataset("humaneval", lines(row), "a.gz")).toThrow("not gzip data");
  });
});

test("what stands before a JavaScript function is found for every way to define one", () => {
  for (const definition of ["const f = (x) => {", "function f(x) {", "async function f(x) {", "let f = x =>"]) {
    expect(codeBefore(`const a = 1;\n${definition}`, "f", "javascript")).toBe("const a = 1;\n");
  }
});

describe("readSamples", () => {
  const problems = readDataset("humaneval", lines(row), "a");

  test("keeps several samples of a task in their order", () => {
    const samples = lines({ task_id: "T/0", completion: "a" }, { task_id: "T/0", completion: "b" });
    expect(readSamples(samples, "s", problems).get("T/0")).toEqual(["a", "b"]);
  });

  test.each([
    ["an unknown task", { task_id: "T/9", completion: "" }, /line 1: the dataset has no task T\/9/],
    ["a sample without completion", { task_id: "T/0" }, /line 1 at completion/],
    ["a huge text", { task_id: "T/0", completion: "x".repeat(2 ** 20 + 1) }, /at most 1048576/],
  ])("refuses %s", (_what, sample, message) => {
    expect(() => readSamples(lines(sample), "s", problems)).toThrow(message);
  });
});

describe("fetchData", () => {
  const body = lines(row);
  const sha256 = createHash("sha256").update(body).digest("hex");

  async function served(answer: RequestListener = (_request, response) => response.end(body)) {
    const home = await mkdtemp(join(tmpdir(), "assay-cache-"));
    vi.stubEnv("XDG_CACHE_HOME", home);
    let asked = 0;
    const server = createServer((request, response) => {
      asked += 1;
      answer(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      server.close();
      await rm(home, { recursive: true });
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a`;
    return { url, folder: join(home, "assay", "datasets"), asked: () => asked };
  }

  test("fetches a URL once, and again when the cached bytes were changed", async () => {
    const { url, folder, asked } = await served();
    expect(Buffer.from(await fetchData(url, sha256))).toEqual(body);
    await fetchData(url, sha256.toUpperCase());
    expect(asked()).toBe(1);
    await writeFile(join(folder, sha256), "changed");
    expect(Buffer.from(await fetchData(url, sha256))).toEqual(body);
    expect(asked()).toBe(2);
    expect(await readdir(folder)).toEqual([sha256]);
  });

  test("refuses a URL without checksum, and bytes with another one", async () => {
    const { url } = await served();
    await expect(fetchData(url)).rejects.toThrow("needs its checksum");
    await expect(fetchData(url, "0".repeat(64))).rejects.toThrow("has the checksum");
    await expect(fetchData(url, "abc")).rejects.toThrow("not a SHA-256 checksum");
  });

  test("keeps nothing of an answer that is an error, breaks off, or is another file", async () => {
    const answers: [RequestListener, string][] = [
      [(_request, response) => response.writeHead(500).end("no"), "answers 500"],
      [
        (_request, response) => {
          response.writeHead(200, { "content-length": body.length });
          response.write(body.subarray(0, 9), () => response.destroy());
        },
        "cannot be fetched",
      ],
      [(_request, response) => response.end(body.subarray(0, 9)), "has the checksum"],
    ];
    for (const [answer, message] of answers) {
      const { url, folder } = await served(answer);
      await expect(fetchData(url, sha256)).rejects.toThrow(message);
      await expect(readdir(folder)).rejects.toThrow("ENOENT");
    }
  });

  test("is interrupted, not mistaken, when it is told to stop", async () => {
    const asked = new AbortController();
    const { url } = await served(() => asked.abort());
    const fault = expect.objectContaining({ code: "interrupted" });
    await expect(fetchData(url, sha256, asked.signal)).rejects.toMatchObject({ fault });
  });

  test("refuses a file that is not there, and a folder", async () => {
    await expect(fetchData("/nowhere/a")).rejects.toThrow("cannot be read");
    await expect(fetchData(tmpdir())).rejects.toThrow("cannot be read");
  });
});
