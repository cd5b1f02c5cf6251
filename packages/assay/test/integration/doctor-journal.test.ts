import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { jsonLines, resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";

async function project() {
  const folder = await scratch();
  const root = join(folder.path, "project");
  await mkdir(root);
  const doctor = (...args: string[]) => runAssay(folder.path, ["doctor", "--journal", root, ...args, "--json"]);
  return { folder, root, journal: join(root, ".assay", "journal.sqlite"), doctor };
}

test("a journal that is no database is told, saved as it was found, and replaced by a sound one", async () => {
  const { folder, root, journal, doctor } = await project();
  await using _folder = folder;
  expect(resultOf(await doctor())).toMatchObject({ outcome: "nothing-to-do", exitCode: 0 });

  await writeFile(journal, "garbage\n".repeat(2000));
  const found = await doctor();
  expect(resultOf(found)).toMatchObject({ outcome: "failed", exitCode: 4 });
  expect(jsonLines(found)).toContainEqual(
    expect.objectContaining({
      type: "journal-checked",
      check: "database",
      status: "damaged",
      remedy: expect.stringContaining("--fix"),
    }),
  );
  expect(await readFile(journal, "utf8")).toBe("garbage\n".repeat(2000));

  const fixed = await doctor("--fix");
  expect(resultOf(fixed)).toMatchObject({
    outcome: "done",
    exitCode: 0,
    summary: expect.stringContaining("There may have been more runs"),
  });
  const [copy = ""] = (await readdir(join(root, ".assay"))).filter((name) => name.startsWith("journal-before-"));
  expect(await readFile(join(root, ".assay", copy, "journal.sqlite"), "utf8")).toBe("garbage\n".repeat(2000));
  expect(resultOf(await runAssay(folder.path, ["runs", root, "--json"]))).toMatchObject({ exitCode: 0 });
});

test("a blob that is not what its name says is told, and so is what a dead process was writing", async () => {
  const { folder, root, doctor } = await project();
  await using _folder = folder;
  await doctor();
  const blobs = join(root, ".assay", "blobs");
  await mkdir(join(blobs, "ab"), { recursive: true });
  await mkdir(join(blobs, "tmp"));
  await writeFile(join(blobs, "ab", "0".repeat(62)), "other");
  // Above the largest pid there is.
  await writeFile(join(blobs, "tmp", `99999999-${"0".repeat(16)}`), "half");
  const found = jsonLines(await doctor());
  expect(found).toContainEqual(expect.objectContaining({ check: "blob", status: "damaged" }));
  expect(found).toContainEqual(expect.objectContaining({ check: "leftover", status: "limited" }));
  await doctor("--fix");
  expect(await readdir(join(blobs, "tmp"))).toEqual([]);
});
