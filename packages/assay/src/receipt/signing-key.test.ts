import { generateKeyPairSync } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FaultError } from "#domain";
import { findSigner, loadSigner, signingKeyPath } from "./signing-key.ts";

const loadSignerProgram = join(import.meta.dirname, "../../test/support/load-signer.ts");
const pemOf = (type: "ed25519" | "x25519") =>
  // The overloads of generateKeyPairSync are per literal type.
  (type === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("x25519")).privateKey
    .export({ type: "pkcs8", format: "pem" })
    .toString();

let home: string;
let env: { XDG_CONFIG_HOME: string };
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "assay-key-"));
  env = { XDG_CONFIG_HOME: home };
});
afterEach(() => rm(home, { recursive: true, force: true }));

async function faultOf(promise: Promise<unknown>): Promise<FaultError["fault"]> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof FaultError)) throw new Error("no fault", { cause: error });
  return error.fault;
}

describe("the user's signing key", () => {
  test("is made on first use, for the user alone, and is the same ever after", async () => {
    expect(await findSigner(env)).toBeUndefined();
    const first = await loadSigner(env);
    const second = await loadSigner(env);
    expect(second.keyid).toBe(first.keyid);
    expect((await findSigner(env))?.keyid).toBe(first.keyid);
    expect((await stat(signingKeyPath(env))).mode & 0o777).toBe(0o600);
    expect((await stat(join(home, "assay"))).mode & 0o777).toBe(0o700);
    expect(await readdir(join(home, "assay"))).toEqual(["signing-key.pem"]);
  });

  test("is one key when many processes make it at once", async () => {
    const runs = await Promise.all(
      Array.from({ length: 6 }, () =>
        execa(process.execPath, [loadSignerProgram], { env: { ...env, ASSAY_SIGNING_KEY: "" } }),
      ),
    );
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(await readdir(join(home, "assay"))).toEqual(["signing-key.pem"]);
  });

  test("is one key when many callers in one process make it at once", async () => {
    const signers = await Promise.all(Array.from({ length: 10 }, () => loadSigner(env)));
    expect(new Set(signers.map(({ keyid }) => keyid)).size).toBe(1);
  });

  test.each([0o644, 0o640, 0o604, 0o660])("is refused with mode %o, with the command that mends it", async (mode) => {
    await loadSigner(env);
    await chmod(signingKeyPath(env), mode);
    const fault = await faultOf(loadSigner(env));
    expect(fault).toMatchObject({ code: "key-invalid", remedy: `Run: chmod 600 '${signingKeyPath(env)}'` });
  });

  test("is not made where others could replace it", async () => {
    await mkdir(join(home, "assay"));
    await chmod(join(home, "assay"), 0o777);
    expect(await faultOf(loadSigner(env))).toMatchObject({ code: "key-invalid" });
  });

  test("cannot be seen on the signer", async () => {
    const signer = await loadSigner(env);
    const pem = await readFile(signingKeyPath(env), "utf8");
    const secret = pem.split("\n")[1] ?? "";
    expect(secret.length).toBeGreaterThan(20);
    expect(`${JSON.stringify(signer)}${inspect(signer, { depth: 9, showHidden: true })}`).not.toContain(secret);
  });

  test("lies below ~/.config where XDG_CONFIG_HOME is unset, empty or relative", () => {
    const expected = "/home/ada/.config/assay/signing-key.pem";
    expect(signingKeyPath({ HOME: "/home/ada" })).toBe(expected);
    expect(signingKeyPath({ HOME: "/home/ada", XDG_CONFIG_HOME: "" })).toBe(expected);
    expect(signingKeyPath({ HOME: "/home/ada", XDG_CONFIG_HOME: "config" })).toBe(expected);
  });
});

describe("ASSAY_SIGNING_KEY", () => {
  test("holds a key, or the path of one, and nothing is made then", async () => {
    const pem = pemOf("ed25519");
    const path = join(home, "ci.pem");
    await writeFile(path, pem, { mode: 0o600 });
    await symlink(path, join(home, "link.pem"));
    const direct = await loadSigner({ ...env, ASSAY_SIGNING_KEY: pem });
    expect((await loadSigner({ ...env, ASSAY_SIGNING_KEY: path })).keyid).toBe(direct.keyid);
    expect((await loadSigner({ ...env, ASSAY_SIGNING_KEY: join(home, "link.pem") })).keyid).toBe(direct.keyid);
    expect(await readdir(home)).not.toContain("assay");
  });

  test("is refused as an invalid key when it is another kind of key, junk, a directory, huge or missing", async () => {
    const path = (name: string) => join(home, name);
    await writeFile(path("other.pem"), pemOf("x25519"), { mode: 0o600 });
    await writeFile(path("junk.pem"), "hello", { mode: 0o600 });
    await writeFile(path("huge.pem"), pemOf("ed25519").padEnd(100_000), { mode: 0o600 });
    const values = [
      pemOf("x25519"),
      "-----BEGIN PRIVATE KEY-----\nxx",
      home,
      ...["other.pem", "junk.pem", "huge.pem", "none.pem"].map(path),
    ];
    for (const value of values) {
      expect(await faultOf(loadSigner({ ...env, ASSAY_SIGNING_KEY: value })), value).toMatchObject({
        code: "key-invalid",
      });
    }
  });

  test("is never quoted in a message", async () => {
    const fault = await faultOf(loadSigner({ ...env, ASSAY_SIGNING_KEY: "-----BEGIN PRIVATE KEY-----\nhunter2\n" }));
    expect(JSON.stringify(fault)).not.toContain("hunter2");
  });
});
