/** Takes a snapshot and applies a diff to the tree, as a process of its own that tests may kill or run as another user. */
import { readFile, writeFile } from "node:fs/promises";
import { attemptName, FaultError, runId } from "#domain";
import { LayeredWorkspaces } from "#workspace";

const [stateDirectory = "", root = "", diffFile = "", overlay = "overlay"] = process.argv.slice(2);

try {
  const workspaces = new LayeredWorkspaces({ stateDirectory, overlay: overlay === "overlay" });
  // Recorded by the run in its journal; here in a file, so that what comes after a crash has the first snapshot too.
  const recorded = `${stateDirectory}-snapshot.json`;
  const earlier = await readFile(recorded, "utf8").catch(() => undefined);
  const snapshot = earlier === undefined ? await workspaces.snapshot(root) : JSON.parse(earlier);
  await writeFile(recorded, JSON.stringify(snapshot));
  const diff = await readFile(diffFile, "utf8");
  await using workspace = await workspaces.open(snapshot, attemptName(runId("heal-0123456789"), "fix", "1"));
  const edited = await workspace.apply([{ kind: "diff", diff }]);
  const mount = await workspace.mount();
  const applied = await workspaces.applyToTree(snapshot, await workspace.diff());
  const { files, excluded } = snapshot;
  process.stdout.write(JSON.stringify({ files, excluded, edited, method: mount.method, applied }));
} catch (error) {
  if (!(error instanceof FaultError)) throw error;
  process.stdout.write(JSON.stringify({ fault: error.fault }));
}
