import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Signer, signerFor } from "./signer.ts";
import { loadSigner } from "./signing-key.ts";
import { loadTrustedKeys, parseTrustedKeys } from "./trusted-keys.ts";

const makeSigner = (): Signer => signerFor(generateKeyPairSync("ed25519").privateKey);
const [ada, ben, eve] = [makeSigner(), makeSigner(), makeSigner()];
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "assay-trust-"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe("trusted keys", () => {
  test("are PEM keys and lines of key ids, mixed, with comments", () => {
    const text = `# the team\n${ada.publicKeyPem}\nsha256:${ben.keyid}  # ben\r\n\n${eve.keyid.toUpperCase()}\n`;
    const keys = parseTrustedKeys(text, "keys");
    expect([...keys.keys()].sort()).toEqual([ada.keyid, ben.keyid, eve.keyid].sort());
    expect(keys.get(ada.keyid)).toBeDefined();
    expect(keys.get(ben.keyid)).toBeUndefined();
  });

  test.each([
    ["nothing", "# nobody\n"],
    ["a short id", "abcdef\n"],
    ["a broken PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"],
    ["another kind of key", generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" }).toString()],
    ["a private key", generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString()],
  ])("are refused when the file holds %s", (_what, text) => {
    expect(() => parseTrustedKeys(text, "keys")).toThrow(
      expect.objectContaining({ fault: expect.objectContaining({ code: "key-invalid" }) }),
    );
  });

  test("are the user's own key without a file, and the file's alone with one", async () => {
    const env = { XDG_CONFIG_HOME: home };
    expect((await loadTrustedKeys(undefined, env)).size).toBe(0);
    const own = await loadSigner(env);
    expect([...(await loadTrustedKeys(undefined, env)).keys()]).toEqual([own.keyid]);
    const file = join(home, "team.pem");
    await writeFile(file, ada.publicKeyPem + ben.publicKeyPem);
    expect([...(await loadTrustedKeys(file, env)).keys()]).toEqual([ada.keyid, ben.keyid]);
    await expect(loadTrustedKeys(join(home, "none"), env)).rejects.toMatchObject({ fault: { code: "key-invalid" } });
  });
});
