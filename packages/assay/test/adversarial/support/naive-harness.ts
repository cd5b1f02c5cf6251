import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { suiteLimits } from "#domain";
import type { Sandbox } from "#ports";
import { naiveCommand, naiveFiles } from "./naive-commands.ts";
import type { Sample } from "./samples.ts";

const repositoryModules = join(import.meta.dirname, "../../../../../node_modules");

export type NaiveResult = { accepted: boolean; said: string };

/**
 * Runs a sample as a naive harness does: its own command and a shell that looks at the exit code, a report or the output. In the
 * sandbox, for a cheat is a cheat; the harness in it is what trusts too much.
 */
export async function naiveRun(sandbox: Sandbox, sample: Sample, harness: string): Promise<NaiveResult> {
  const folder = await mkdtemp(join(tmpdir(), "assay-naive-"));
  try {
    await chmod(folder, 0o755);
    for (const [path, text] of Object.entries(naiveFiles(sample, harness))) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const script = `cp -r /naive /tmp/work && cd /tmp/work && mkdir node_modules && ln -s ${repositoryModules}/* node_modules/\n${naiveCommand(sample, harness)}`;
    const execution = await sandbox.execute({
      argv: ["/bin/sh", "-c", script],
      cwd: "/tmp",
      env: { PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, HOME: "/tmp", PYTHONPATH: ".", LANG: "C.UTF-8" },
      mounts: [
        { source: folder, target: "/naive" },
        { source: repositoryModules },
        { source: dirname(dirname(process.execPath)) },
      ],
      limits: { ...suiteLimits, wallMsMax: 60_000 },
    });
    const said = `${JSON.stringify(execution.termination)}\n${execution.stdout.text}\n${execution.stderr.text}`;
    return { accepted: execution.stdout.text.split("\n").includes("NAIVE ACCEPTS"), said };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
