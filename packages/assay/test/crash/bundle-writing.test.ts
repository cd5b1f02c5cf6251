import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { loadTrustedKeys, verifyReceipt } from "#receipt";

const program = join(import.meta.dirname, "../support/write-sample-bundle.ts");

test("a bundle is there whole or not at all wherever its writer is killed, and the next writer makes the same one", async () => {
  const home = await mkdtemp(join(tmpdir(), "assay-bundle-crash-"));
  const env = { XDG_CONFIG_HOME: join(home, "config"), ASSAY_SIGNING_KEY: "" };
  const write = (directory: string, crashAt?: string) =>
    execa(process.execPath, [program, directory], {
      env: crashAt === undefined ? env : { ...env, ASSAY_CRASH_AT: crashAt },
      reject: false,
    });
  try {
    const whole = await write(join(home, "whole"));
    expect(whole.exitCode).toBe(0);
    const files = (await readdir(join(home, "whole"), { recursive: true })).filter(
      (name) => name !== "evidence",
    ).length;
    const trusted = await loadTrustedKeys(undefined, env);
    const points = ["receipt-signed", ...Array.from({ length: files }, (_, i) => `artifact-written:${i + 1}`)];
    for (const point of points) {
      const directory = join(home, point.replace(":", "-"));
      expect((await write(directory, point)).signal, point).toBe("SIGKILL");
      expect(existsSync(directory), point).toBe(false);
      expect((await write(directory)).stdout, point).toBe(whole.stdout);
      expect((await verifyReceipt(directory, { trusted })).kind, point).toBe("verified");
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
