import { execFile } from "node:child_process";
import { access, copyFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Metrics } from "#app";
import { promqlNames } from "../support/promql-names.ts";
import { scratch } from "../support/scratch.ts";

const run = promisify(execFile);
const deploy = join(import.meta.dirname, "../../../../deploy");

const dashboardSchema = z.object({
  uid: z.literal("assay"),
  panels: z.array(
    z.object({
      id: z.int(),
      type: z.enum(["row", "stat", "timeseries"]),
      title: z.string().min(1),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int().min(1), h: z.int().min(1) }),
      targets: z.array(z.object({ refId: z.string(), expr: z.string().min(1) })).default([]),
    }),
  ),
});
const rulesSchema = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.union([
          z.strictObject({ record: z.string(), expr: z.string() }),
          z.strictObject({
            alert: z.string(),
            expr: z.string(),
            for: z.string().optional(),
            labels: z.object({ severity: z.enum(["critical", "warning"]) }),
            annotations: z.object({ summary: z.string(), action: z.string() }),
          }),
        ]),
      ),
    }),
  ),
});

async function dashboard() {
  return dashboardSchema.parse(
    JSON.parse(await readFile(join(deploy, "observability/grafana-dashboard.json"), "utf8")),
  );
}

async function rules() {
  const text = await readFile(join(deploy, "observability/prometheus-rules.yaml"), "utf8");
  return rulesSchema.parse(parse(text)).groups.flatMap((group) => group.rules);
}

/** What Prometheus can know: what is exported, histograms by their parts, and what is recorded. */
async function knownNames(): Promise<Set<string>> {
  const text = await new Metrics({ ofProcess: true }).text();
  const names = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? ["_bucket", "_sum", "_count"].map((part) => name + part) : [name],
  );
  const recorded = (await rules()).flatMap((rule) => ("record" in rule ? [rule.record] : []));
  return new Set([...names, ...recorded, "up"]);
}

async function isThere(program: string): Promise<boolean> {
  const found = (process.env.PATH ?? "").split(":").map((folder) => access(join(folder, program)));
  return Promise.any(found).then(
    () => true,
    () => false,
  );
}

describe("what is observed", () => {
  test("names in expressions are told from functions, words, labels and variables", () => {
    const expression =
      'histogram_quantile(0.99, sum by (le, route) (rate(a_bucket{job=~"$job",x="y"}[$__rate_interval]))) > 0.25 and sum(b:c) / clamp_min(d, 1e-9)';
    expect(promqlNames(expression)).toEqual(["a_bucket", "b:c", "d"]);
  });

  test("the dashboard shows metrics that are exported alone, in sections that have panels", async () => {
    const { panels } = await dashboard();
    const known = await knownNames();
    for (const { title, targets } of panels) {
      for (const { expr } of targets) {
        expect(promqlNames(expr), title).not.toEqual([]);
        for (const name of promqlNames(expr)) expect(known, `${title}: ${expr}`).toContain(name);
      }
    }
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const sections = panels.filter(({ type }) => type === "row");
    expect(sections.map(({ title }) => title)).toEqual([
      "Now",
      "Runs and verdicts",
      "Models and money",
      "Tasks and workers",
      "API",
      "Journal and process",
    ]);
    for (const section of sections) expect(panels[panels.indexOf(section) + 1]?.targets.length).toBeGreaterThan(0);
  });

  test("the rules speak of metrics that are exported or recorded alone", async () => {
    const known = await knownNames();
    for (const rule of await rules()) {
      expect(promqlNames(rule.expr), rule.expr).not.toEqual([]);
      for (const name of promqlNames(rule.expr)) expect(known, rule.expr).toContain(name);
    }
  });

  test("every metric of ours is shown or alerted on", async () => {
    const used = [
      ...(await dashboard()).panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...(await rules()).map(({ expr }) => expr),
    ].flatMap(promqlNames);
    const text = await new Metrics().text();
    const unused = [...text.matchAll(/^# TYPE (\S+) /gm)]
      .map(([, name = ""]) => name)
      .filter((name) => !used.some((other) => other === name || other.startsWith(`${name}_`)));
    expect(unused).toEqual([]);
  });

  test("Prometheus takes the rules", async (ctx) => {
    if (!(await isThere("promtool"))) ctx.skip("needs promtool (Debian: prometheus)");
    await run("promtool", ["check", "rules", join(deploy, "observability/prometheus-rules.yaml")]);
  });
});

describe("what runs the daemon", () => {
  test("systemd takes the unit", async (ctx) => {
    if (!(await isThere("systemd-analyze"))) ctx.skip("needs systemd-analyze");
    await using folder = await scratch();
    const unit = join(folder.path, "assay@srv-ledger.service");
    await copyFile(join(deploy, "systemd/assay@.service"), unit);
    const { stdout, stderr } = await run("systemd-analyze", ["verify", unit]);
    expect(stdout + stderr).not.toContain("assay@srv-ledger.service:");
  });

  test("the unit leaves out what keeps sandboxes from starting, and gives the daemon its time to stop", async () => {
    const text = await readFile(join(deploy, "systemd/assay@.service"), "utf8");
    const settings = new Map(
      text.split("\n").flatMap((line) => {
        const { name, value = "" } = /^(?<name>[A-Z]\w+)=(?<value>.*)$/.exec(line)?.groups ?? {};
        return name === undefined ? [] : [[name, value] as const];
      }),
    );
    for (const name of [
      "ProtectKernelTunables",
      "ProtectKernelLogs",
      "ProtectProc",
      "ProtectControlGroups",
      "RestrictNamespaces",
      "PrivateUsers",
      "ProtectHostname",
      "SystemCallFilter",
      "MemoryDenyWriteExecute",
    ]) {
      expect(settings.has(name), name).toBe(false);
    }
    expect(settings.get("NoNewPrivileges")).toBe("yes");
    expect(Number(settings.get("TimeoutStopSec"))).toBeGreaterThan(10);
    expect(settings.get("ExecStart")).toContain("assay serve %f");
  });

  test("the plist is one that launchd can read", async (ctx) => {
    if (!(await isThere("python3"))) ctx.skip("needs python3");
    const program = "import json,plistlib,sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
    const { stdout } = await run("python3", ["-I", "-c", program, join(deploy, "launchd/dev.assay.plist")]);
    expect(JSON.parse(stdout)).toMatchObject({
      Label: "dev.assay",
      ProgramArguments: ["/usr/bin/env", "assay", "serve", "/Users/YOU/PROJECT"],
      KeepAlive: { SuccessfulExit: false },
      ExitTimeOut: 15,
    });
  });
});
