/**
 * node run-attacks.ts [all KIND] prints the results of every attack on that kind of sandbox as JSON, with the uid they ran for
 * node run-attacks.ts leave MARK starts a survivor in a sandbox, prints READY and waits to be killed
 * node run-attacks.ts repeat MARK prints READY and starts short sandboxes one after the other until it is killed
 */
import { join } from "node:path";
import { z } from "zod";
import { openSandbox } from "#sandbox";
import { attackFolder, limits, python, runAttacks } from "./sandbox-attacks.ts";

const [mode = "all", mark = ""] = process.argv.slice(2);
const kind = z.enum(["auto", "bubblewrap", "container"]).parse(mode === "all" && mark !== "" ? mark : "auto");
const { sandbox, overlay } = await openSandbox({ unsafe: false, kind });
if (mode === "leave") {
  const session = await sandbox.open({
    argv: [python, join(attackFolder, "survivor.py"), mark, "stay"],
    cwd: "/",
    env: {},
    mounts: [{ source: attackFolder }],
    limits,
  });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  process.stdout.write("READY\n");
  await session.ended;
} else if (mode === "repeat") {
  process.stdout.write("READY\n");
  for (;;) {
    const argv: [string, ...string[]] = [python, "-I", "-S", "-c", "import time; time.sleep(900)", mark];
    await sandbox.execute({ argv, cwd: "/", env: {}, mounts: [], limits: { ...limits, wallMsMax: 60 } });
  }
} else {
  const results = await runAttacks(sandbox, overlay);
  process.stdout.write(JSON.stringify({ uid: process.getuid?.(), results }));
}
