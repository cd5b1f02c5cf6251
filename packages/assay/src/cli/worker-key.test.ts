import { chmod, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { configHome } from "../../test/support/config-home.ts";
import { openWorkerKey } from "./worker-key.ts";

const home = configHome();

const keyid = async (role: "tester" | "analyzer") => {
  using key = await openWorkerKey(role, undefined);
  return key.signer.keyid;
};

test("workers that run at the same time have keys of their own, and the same ones when they are started again", async () => {
  const together = async () => {
    using first = await openWorkerKey("tester", undefined);
    using second = await openWorkerKey("tester", undefined);
    return [first.signer.keyid, second.signer.keyid];
  };
  const ids = await together();
  expect(new Set(ids).size).toBe(2);
  expect(await together()).toEqual(ids);
});

test("each role has its own keys, also one after the other", async () => {
  expect(await keyid("tester")).not.toBe(await keyid("analyzer"));
  expect(
    (await readdir(join(home.folder().path, "assay", "worker-keys"))).filter((name) => name.endsWith(".pem")),
  ).toEqual(["analyzer-1.pem", "tester-1.pem"]);
});

test("a key that was named is refused while another worker runs with it, and free afterwards", async () => {
  const file = join(home.folder().path, "mine", "bench.pem");
  const id = await (async () => {
    using held = await openWorkerKey("tester", file);
    await expect(openWorkerKey("analyzer", file)).rejects.toMatchObject({
      fault: { code: "usage", message: `another worker runs with the key ${file}` },
    });
    return held.signer.keyid;
  })();
  using again = await openWorkerKey("analyzer", file);
  expect(again.signer.keyid).toBe(id);
});

test("a key that cannot be loaded does not stay locked", async () => {
  const folder = join(home.folder().path, "open-to-all");
  const file = join(folder, "bench.pem");
  await mkdir(folder);
  await chmod(folder, 0o777);
  await expect(openWorkerKey("tester", file)).rejects.toMatchObject({ fault: { code: "key-invalid" } });
  await chmod(folder, 0o700);
  using key = await openWorkerKey("tester", file);
  expect(key.path).toBe(file);
});
