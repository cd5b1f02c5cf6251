import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scratch } from "../../test/support/scratch.ts";
import { groupParentsName } from "./cgroup/leftover-groups.ts";
import { markText, ownMark, type ProcessMark } from "./process-mark.ts";
import { RuntimeDirectory } from "./runtime-directory.ts";

const scope = new AsyncDisposableStack();
afterAll(() => scope.disposeAsync());

/** As our own process, but one with this pid and start time there never was. */
const gone: ProcessMark = { ...ownMark(), startTime: "1" };

async function newParent(): Promise<string> {
  const parent = join(scope.use(await scratch()).path, "assay");
  mkdirSync(parent, { mode: 0o755 });
  return parent;
}

/** A folder as a process leaves it that is killed. */
function leftover(parent: string, mark: ProcessMark, note = ""): string {
  const path = join(parent, `${markText(mark)}-abc123`);
  mkdirSync(path);
  writeFileSync(join(path, groupParentsName), note);
  return path;
}

test("a runtime directory removes what processes left that are gone, and nothing of others", async () => {
  const parent = await newParent();
  const left = leftover(parent, gone);
  const living = leftover(parent, ownMark());
  // Whether it lives cannot be told from here, for its pid means another process, or none.
  const elsewhere = leftover(parent, { ...gone, pidNamespace: "1" });
  const stranger = join(parent, "something");
  mkdirSync(stranger);
  const made = RuntimeDirectory.create([parent]);
  expect([left, living, elsewhere, stranger, made.path].map(existsSync)).toEqual([false, true, true, true, true]);
  made.remove();
  expect(existsSync(made.path)).toBe(false);
});

test("a leftover that cannot be removed keeps no runtime directory from being made", async () => {
  const parent = await newParent();
  const file = join(parent, "a-file");
  writeFileSync(file, "");
  leftover(parent, gone, file);
  expect(dirname(RuntimeDirectory.create([parent]).path)).toBe(parent);
});

test("a leftover cgroup that vanishes or cannot be read keeps no runtime directory from being made", async () => {
  const parent = await newParent();
  const groups = join(parent, "groups");
  mkdirSync(join(groups, `assay-${markText(gone)}-1`), { recursive: true });
  leftover(parent, gone, groups);
  expect(dirname(RuntimeDirectory.create([parent]).path)).toBe(parent);
});
