import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AuditEntry, RunEvent } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { type Ended, jsonLines, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";

const source = (project: string) => readFile(join(project, "prices/discount.py"), "utf8");
const entriesOf = (ended: Ended) =>
  (jsonLines(ended) as unknown as AuditEntry[]).filter(({ type }) => type === "audit-entry");

describe("assay heal --approve before-apply", () => {
  test("waits with its proven change, applies it once it is approved, also when it is killed between, and shows all that as a trail", async () => {
    await using copy = await projectCopy("python-prices");
    const assay = (args: string[], env: Record<string, string> = {}) =>
      runAssay(copy.home, [...args, "-C", copy.project, "--json"], { env });
    const paused = await runAssay(copy.home, ["heal", copy.project, "--approve", "before-apply", "--json"]);
    expect(paused.code).toBe(5);
    expect(resultOf(paused)).toMatchObject({ outcome: "paused", fault: { code: "waiting-for-signal" } });
    expect(await source(copy.project)).toContain("quantity > least");

    const decision = ["approve", "last", "--by", "Ada", "--note", "fits the price list"];
    expect((await assay(decision, { ASSAY_CRASH_AT: "journal-before-commit" })).signal).toBe("SIGKILL");
    const approved = await assay(decision);
    expect(approved.code).toBe(0);
    expect(resultOf(approved).summary).toContain("Approved by Ada. Go on with: assay resume");
    const other = await assay(["approve", "last", "--reject"]);
    expect(other.code).toBe(2);
    expect(resultOf(other).fault?.message).toContain("was approved by Ada");
    expect((await assay(["approve", "last"])).code).toBe(0);

    const killed = await assay(["resume", "last"], { ASSAY_CRASH_AT: "tree-after-apply" });
    expect(killed.signal).toBe("SIGKILL");
    const resumed = await assay(["resume", "last"]);
    expect(resumed.code).toBe(0);
    expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", applied: true });
    expect(await source(copy.project)).toContain("quantity >= least");

    const out = join(copy.home, "trail.jsonl");
    const audit = await assay(["show", "last", "--audit", "--out", out]);
    expect(audit.code).toBe(0);
    const trail = entriesOf(audit);
    expect(trail.filter(({ action }) => action === "approved")).toMatchObject([
      { actor: "person:Ada", detail: expect.stringContaining("fits the price list") },
    ]);
    expect(trail.map(({ action }) => action)).toEqual(
      expect.arrayContaining([
        "run-started",
        "observed",
        "patch-proposed",
        "verdict-accepted",
        "receipt-written",
        "person-asked",
        "patch-applied",
      ]),
    );
    const states = trail.flatMap(({ digests }) => digests.map(({ state }) => state));
    expect(new Set(states)).toEqual(new Set(["intact"]));
    const exported = (await readFile(out, "utf8")).trimEnd().split("\n");
    expect(exported.map((line) => JSON.parse(line))).toEqual(trail);
    const text = await runAssay(copy.home, ["show", "last", "--audit", "-C", copy.project]);
    expect(text.stdout).toContain("person:Ada");

    // What was seen is changed afterwards, and what was proposed taken away.
    const digestOf = (action: string, name: string) =>
      trail
        .find((entry) => entry.action === action)
        ?.digests.find((one) => one.name === name)
        ?.digest.slice(7) ?? "";
    const blobAt = (hex: string) => join(copy.project, ".assay/blobs", hex.slice(0, 2), hex.slice(2));
    const seen = blobAt(digestOf("observed", "observation"));
    await chmod(seen, 0o600);
    await writeFile(seen, (await readFile(seen, "utf8")).replace("failed", "passed"));
    await rm(blobAt(digestOf("patch-proposed", "patch")));
    const broken = await assay(["show", "last", "--audit"]);
    expect(broken.code).toBe(1);
    expect(resultOf(broken).summary).toMatch(/observation sha256:\w+ of line \d+ is changed/);
    expect(resultOf(broken).summary).toMatch(/patch sha256:\w+ of line \d+ is missing/);
  });

  thorough(
    "keeps the change proven and the tree as it is when it is rejected, also against resume --apply",
    async () => {
      await using copy = await projectCopy("python-prices");
      const assay = (...args: string[]) => runAssay(copy.home, [...args, "-C", copy.project, "--json"]);
      expect((await runAssay(copy.home, ["heal", copy.project, "--approve", "before-apply", "--json"])).code).toBe(5);
      expect((await assay("resume", "last", "--apply")).code).toBe(5);
      const rejected = await assay("approve", "last", "--reject", "--note", "not before Monday", "--resume");
      expect(rejected.code).toBe(1);
      expect(resultOf(rejected)).toMatchObject({
        outcome: "accepted",
        applied: false,
        fault: { code: "patch-rejected", message: expect.stringContaining("not before Monday") },
      });
      expect(resultOf(await assay("resume", "last", "--apply"))).toMatchObject({ applied: false, exitCode: 1 });
      expect(await source(copy.project)).toContain("quantity > least");
      const unasked = await assay("approve", "heal-00000000");
      expect([unasked.code, resultOf(unasked).fault?.code]).toEqual([2, "run-not-found"]);
      const late = await assay("approve", "last");
      expect(resultOf(late).fault?.message).toContain("was rejected by");
    },
  );
});

describe("a person who proposes", () => {
  const program = join(import.meta.dirname, "../fixtures/people/heal-with-person.ts");
  const right =
    "```update prices/discount.py\n<<<< old\n        if quantity > least:\n==== new\n        if quantity >= least:\n>>>> end\n```\n";

  test("is asked, told what is wrong with an answer, and believed on controlled evidence alone; the answer is recorded once", async () => {
    await using copy = await projectCopy("python-prices");
    const heal = (env: Record<string, string> = {}) => runAssay(copy.home, [copy.project], { program, env });
    const first = await heal();
    expect(resultOf(first)).toMatchObject({ outcome: "paused", exitCode: 5, fault: { code: "waiting-for-signal" } });
    const asked = jsonLines(first).find((event) => event.type === "person-asked");
    const { inbox = "", outbox = "" } = asked?.type === "person-asked" ? asked : {};
    expect(await readFile(inbox, "utf8")).toContain("test_ten_pieces_have_ten_percent");

    await mkdir(dirname(outbox), { recursive: true });
    await writeFile(outbox, right.replace("quantity > least", "quantity < least"));
    expect(resultOf(await heal()).fault?.message).toContain("old_str does not occur");
    expect(await readdir(dirname(inbox))).toContainEqual(expect.stringContaining(".problem.md"));

    await writeFile(outbox, `---\nby: Grace\n---\nTen pieces count.\n${right}`);
    const killed = await heal({ ASSAY_CRASH_AT: "step-executed:1" });
    expect(killed.signal).toBe("SIGKILL");
    const healed = await heal();
    expect(resultOf(healed)).toMatchObject({
      outcome: "accepted",
      verdict: { level: "controlled" },
      patch: { provenance: { proposer: "human", method: "Grace" } },
    });
    const answered = (events: readonly RunEvent[]) => events.filter(({ type }) => type === "person-answered");
    expect(answered(jsonLines(killed))).toHaveLength(0);

    const texts = join(copy.home, "texts");
    const audit = await runAssay(copy.home, [
      "show",
      "last",
      "--audit",
      "--texts",
      texts,
      "-C",
      copy.project,
      "--json",
    ]);
    expect(audit.code).toBe(0);
    const said = entriesOf(audit).filter(({ action }) => action === "answered");
    expect(said).toMatchObject([{ actor: "person:Grace", facts: { kind: "patch", via: "outbox" } }]);
    const contents = await Promise.all((await readdir(texts)).map((name) => readFile(join(texts, name), "utf8")));
    expect(contents).toHaveLength(2);
    expect(contents).toContainEqual(expect.stringContaining("Ten pieces count."));
    expect(contents).toContainEqual(expect.stringContaining("How to answer"));
  });
});
