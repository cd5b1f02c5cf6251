import { chownSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionLimits } from "#domain";
import type { ExecutionRequest } from "#ports";
import { launch } from "../launch/bubblewrap-launch.ts";
import type { LauncherPool } from "../launch/launcher-pool.ts";
import type { Machine } from "../machine.ts";
import { runToEnd } from "../supervise/start.ts";

export type OverlayAbility = { overlay: true } | { overlay: false; reason: string };

/** Whether a workspace of two layers can be mounted, written to, and relieved of a file, without its layers changing. */
export async function probeOverlay(machine: Machine, pool: LauncherPool): Promise<OverlayAbility> {
  const folder = machine.runtime.launchFolder();
  const layers = ["upper, layer", "lower: layer"].map((name) => join(folder, name));
  try {
    for (const layer of layers) {
      mkdirSync(layer);
      const kept = join(layer, layer === layers[0] ? "edited" : "kept");
      writeFileSync(kept, "1\n");
      writeFileSync(join(layer, "gone"), "1\n");
      if (machine.asRoot)
        for (const path of [layer, kept, join(layer, "gone")]) chownSync(path, machine.sandboxUid, machine.sandboxUid);
    }
    const request: ExecutionRequest = {
      argv: ["/bin/sh", "-c", "cat edited kept && test ! -e gone && echo 2 >kept && echo 3 >new && cat kept new"],
      cwd: "/overlay probe",
      env: { PATH: "/usr/bin:/bin" },
      workspace: { method: "overlay", target: "/overlay probe", layers, removed: ["gone"] },
      mounts: [],
      limits: functionLimits,
    };
    const { termination, stdout, stderr } = await runToEnd(launch(machine, pool, request), request);
    if (stdout.text === "1\n1\n2\n3\n" && termination.kind === "exited") return { overlay: true };
    const message = termination.kind === "sandbox-fault" ? termination.message : stderr.text.trim();
    return { overlay: false, reason: `an overlay cannot be mounted here: ${message}` };
  } catch (error) {
    return { overlay: false, reason: `an overlay cannot be tried here: ${(error as Error).message}` };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
