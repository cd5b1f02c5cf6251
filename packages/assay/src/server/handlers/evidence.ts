import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { basename, join, sep } from "node:path";
import type { ArtifactView, Verification } from "@assay/sdk";
import { verifyAgain } from "#app";
import { type RunId, raise } from "#domain";
import type { Handlers } from "../handlers.ts";
import type { TenantDesk } from "../supervisor/tenant-desk.ts";
import type { TenantRuns } from "./tenant-runs.ts";

/** Of an artifact that is sent. */
const artifactBytesMax = 64 * 1024 * 1024;

/** Made anew from the journal whenever it is wanted: no artifact that the journal names. */
const reportName = "report.html";

type EvidenceHandlers = Pick<
  Handlers,
  "auditRun" | "listArtifacts" | "readArtifact" | "writeReport" | "verifyRun" | "keepBlob" | "readBlob"
>;

/** What runs rest on, and what they left. */
export function evidenceHandlers(runs: TenantRuns): EvidenceHandlers {
  return {
    auditRun: async (call) => {
      const { desk, run } = await runs.named(call);
      return { items: await desk.project.audit(run) };
    },
    listArtifacts: async (call) => {
      const { desk, run } = await runs.named(call);
      return { items: await artifactsOf(desk, run) };
    },
    readArtifact: async (call) => {
      const { desk, run } = await runs.named(call);
      const { name } = call.params;
      const artifact =
        (await artifactsOf(desk, run)).find((one) => one.name === name && one.kind !== "bundle") ??
        raise("not-found", `run ${run} wrote no artifact ${name}`, `GET /v1/runs/${run}/artifacts lists them`);
      return readWithin(desk, artifact.path);
    },
    writeReport: async (call) => {
      const { desk, run } = await runs.named(call);
      return { path: await desk.project.writeReport(run) };
    },
    verifyRun: async (call) => {
      const { desk, run } = await runs.named(call);
      const bundle = (await artifactsOf(desk, run)).findLast(({ kind }) => kind === "bundle");
      if (bundle === undefined) raise("not-found", `run ${run} has no receipt`, "only what was accepted has one");
      const { checks, verification } = await verifyAgain(bundle.path, { rerun: false, signal: call.signal });
      return {
        outcome: outcomeOf(verification.fault?.code, verification.exitCode),
        summary: verification.summary,
        checks: checks.map(({ name, status, detail }) => ({ check: name, status, detail })),
      };
    },
    keepBlob: async (call) => {
      const { desk } = await runs.of(call);
      return { digest: await desk.project.keep(Buffer.from(call.body.base64, "base64")) };
    },
    readBlob: async (call) => {
      const { desk } = await runs.of(call);
      const { digest } = call.params;
      return (await desk.project.kept(digest)) ?? raise("not-found", `nothing is kept as ${digest}`);
    },
  };
}

function outcomeOf(code: string | undefined, exitCode: number): Verification["outcome"] {
  if (exitCode === 0) return "matches";
  return code === "signer-unknown" ? "signer-unknown" : "does-not-match";
}

/** What the journal says the run wrote, of several with one name the last, and the report that was made of it. */
async function artifactsOf({ project }: TenantDesk, run: RunId): Promise<ArtifactView[]> {
  const artifacts = new Map<string, ArtifactView>();
  for (const event of await project.events(run)) {
    if (event.type !== "artifact-written") continue;
    const { kind, path, digest } = event;
    const name = basename(path);
    artifacts.set(name, { kind, name, digest, path });
  }
  const report = join(project.places.runs, run, reportName);
  const isThere = await stat(report).then(
    (status) => status.isFile(),
    () => false,
  );
  if (isThere && !artifacts.has(reportName)) {
    artifacts.set(reportName, { kind: "report", name: reportName, path: report });
  }
  return [...artifacts.values()];
}

/** An ordinary file below the tenant's runs, or a solution in the project; never through a link. */
async function readWithin({ project }: TenantDesk, path: string): Promise<Uint8Array> {
  const gone = () => raise("not-found", "the artifact is not where the run wrote it", "it may have been moved away");
  const real = await realpath(path).catch(gone);
  const folder = await realpath(project.places.runs).catch(gone);
  if (!real.startsWith(folder + sep)) {
    raise("forbidden", "the artifact is not among those of this tenant's runs", `read it on the daemon's machine`);
  }
  await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const status = await file.stat();
  if (!status.isFile()) return gone();
  if (status.size > artifactBytesMax) {
    raise("too-large", `the artifact has ${status.size} bytes`, "read it on the daemon's machine");
  }
  return await file.readFile();
}
