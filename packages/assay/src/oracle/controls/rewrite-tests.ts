import type { ControlRequest, RunTests } from "#ports";
import { type ControlledFile, hasControls, makeControls } from "./make-controls.ts";

/** More test files than these are not rewritten: the run is an ordinary one. */
const filesMax = 2_000;

/** By their names; what else holds tests shows in what was collected. A helper's functions may be used by their names. */
const testFile = /(?:^|\/)(?:test[^/]*|[^/]*_tests?)\.py$|\.[cm]?[jt]sx?$/;

/** An id of a test in that file, or the file itself. */
function isOf(path: string, id: string): boolean {
  return id === path || id.startsWith(`${path}::`) || id.startsWith(`${path} > `);
}

/** The project's test files with controls in them, as this workspace has them. */
export async function rewriteTests(
  { profile, workspace }: RunTests,
  controls: ControlRequest,
): Promise<ControlledFile[]> {
  const { collected = [] } = controls;
  const holdsTests = (path: string) => testFile.test(path) || collected.some((id) => isOf(path, id));
  const paths = profile.oracleFiles.filter((path) => hasControls(path) && holdsTests(path)).slice(0, filesMax);
  const targets = controls.targets ?? [];
  const files: ControlledFile[] = [];
  for (const path of paths) {
    const source = await workspace.read(path);
    if (source === undefined) continue;
    const aimed = targets.filter((id) => isOf(path, id));
    files.push(
      makeControls(path, source, controls.seed, ({ name }) =>
        aimed.some((id) => id === path || id.includes(name)) ? "several" : "one",
      ),
    );
  }
  return files;
}

/** What stands in the way where no file has a control. */
export function whyNone(files: readonly ControlledFile[]): string {
  const [left] = files.flatMap((file) => file.left);
  return left === undefined ? "no test was found that could have a control" : `${left.name}: ${left.why}`;
}
