import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { takeFileLock } from "./file-lock.ts";

test("a file is locked for one at a time, and free again once that one lets go", async () => {
  await using folder = await scratch();
  const path = join(folder.path, "made", "some.lock");
  {
    using held = takeFileLock(path);
    expect(held).toBeDefined();
    expect(takeFileLock(path)).toBeUndefined();
    using other = takeFileLock(join(folder.path, "made", "other.lock"));
    expect(other).toBeDefined();
  }
  using again = takeFileLock(path);
  expect(again).toBeDefined();
});

test("the lock of a process that was killed is free at once", async () => {
  await using folder = await scratch();
  const path = join(folder.path, "some.lock");
  const module = fileURLToPath(new URL("file-lock.ts", import.meta.url));
  const code = `const { takeFileLock } = await import(${JSON.stringify(module)});
    globalThis.held = takeFileLock(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", code], { stdio: ["ignore", "pipe", "inherit"] });
  await once(holder.stdout, "data");
  expect(takeFileLock(path)).toBeUndefined();
  holder.kill("SIGKILL");
  await once(holder, "exit");
  using free = takeFileLock(path);
  expect(free).toBeDefined();
});
