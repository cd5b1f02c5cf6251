import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Detection, digestOf, type Snapshot } from "#ports";
import { detectJavaScript } from "./javascript.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function place(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A snapshot whose copy is the project itself; `installed` is placed too, but is no part of it. */
async function snapshotOf(files: Record<string, string>, installed: Record<string, string> = {}): Promise<Snapshot> {
  const folder = await mkdtemp(join(tmpdir(), "assay-détect "));
  folders.push(folder);
  const root = join(folder, "project");
  await place(root, { ...files, ...installed });
  return { root, directory: root, digest: digestOf(root), files: Object.keys(files).sort(), excluded: [] };
}

const manifest = (more: object) => ({ "package.json": JSON.stringify(more) });
const nodeTest = 'import test from "node:test"; test("a", () => {});';
const vitestInstalled = { "node_modules/vitest/package.json": '{"version":"4.0.1"}' };

const faultOf = (detection: Detection) => (detection.kind === "undetected" ? detection.fault : undefined);
const profileOf = (detection: Detection) => {
  if (detection.kind === "undetected") throw new Error(detection.fault.message);
  return detection.profile;
};

describe("detectJavaScript", () => {
  test("finds node:test by the script and sorts tests, sources and configuration apart", async () => {
    const snapshot = await snapshotOf({
      ...manifest({ scripts: { test: "node --test" } }),
      "src/a.ts": "export const a: number = 1;",
      "src/types.d.ts": "export {};",
      "test/a.test.ts": nodeTest,
      "test/data/input.json": "{}",
      "tsconfig.json": "{}",
      "eslint.config.js": "",
      "dist/a.js": "",
      ".github/workflows/ci.yml": "",
    });
    const profile = profileOf(await detectJavaScript(snapshot));
    expect(profile).toMatchObject({ runner: "node-test", language: "typescript", sourceFiles: ["src/a.ts"] });
    expect(profile.oracleFiles).toEqual([
      ".github/workflows/ci.yml",
      "package.json",
      "test/a.test.ts",
      "test/data/input.json",
      "tsconfig.json",
    ]);
  });

  test("finds node:test by what the tests import, without a script and without package.json", async () => {
    const snapshot = await snapshotOf({ "a.js": "", "a.test.js": nodeTest });
    expect(profileOf(await detectJavaScript(snapshot))).toMatchObject({ runner: "node-test", language: "javascript" });
  });

  test("finds vitest and jest by script, configuration or dependency", async () => {
    const byScript = await snapshotOf(manifest({ scripts: { test: "vitest run" } }), vitestInstalled);
    expect(profileOf(await detectJavaScript(byScript)).runner).toBe("vitest");
    const byConfiguration = await snapshotOf({ ...manifest({}), "vitest.config.ts": "" }, vitestInstalled);
    expect(profileOf(await detectJavaScript(byConfiguration)).runner).toBe("vitest");
    const byKey = await snapshotOf(manifest({ jest: {} }), {
      "node_modules/jest/package.json": '{"version":"30.0.0"}',
    });
    expect(profileOf(await detectJavaScript(byKey)).runner).toBe("jest");
  });

  test("counts the files a runner's configuration names among the oracle", async () => {
    const snapshot = await snapshotOf(
      {
        ...manifest({ scripts: { test: "vitest" } }),
        "vitest.config.ts": 'export default { test: { setupFiles: ["./src/prepare.ts"] } };',
        "src/prepare.ts": "",
        "src/a.ts": "",
      },
      vitestInstalled,
    );
    const profile = profileOf(await detectJavaScript(snapshot));
    expect(profile.oracleFiles).toContain("src/prepare.ts");
    expect(profile.sourceFiles).toEqual(["src/a.ts"]);
  });

  test("names the command that installs what is missing", async () => {
    const files = { ...manifest({ scripts: { test: "vitest" } }), "pnpm-lock.yaml": "" };
    const fault = faultOf(await detectJavaScript(await snapshotOf(files)));
    expect(fault).toMatchObject({ code: "dependency-missing" });
    expect(fault?.remedy).toContain("pnpm install");
  });

  test("refuses a vitest without the reporter events it needs", async () => {
    const files = manifest({ scripts: { test: "vitest" } });
    const installed = { "node_modules/vitest/package.json": '{"version":"1.6.0"}' };
    expect(faultOf(await detectJavaScript(await snapshotOf(files, installed)))).toMatchObject({
      code: "oracle-unavailable",
    });
  });

  test.each(["react-scripts test", "mocha", "ava", "node tools/run-tests.js"])(
    "does not support %j and says what is",
    async (script) => {
      const snapshot = await snapshotOf({ ...manifest({ scripts: { test: script } }), "a.js": "" });
      const fault = faultOf(await detectJavaScript(snapshot));
      expect(fault?.code).toBe("oracle-unavailable");
      expect(fault?.remedy).toContain("node:test, vitest and jest");
    },
  );

  test("explains tests that are built first", async () => {
    const snapshot = await snapshotOf({
      ...manifest({ scripts: { test: "tsc && node --test dist/test" } }),
      "test/a.test.ts": nodeTest,
    });
    const fault = faultOf(await detectJavaScript(snapshot));
    expect(fault?.code).toBe("oracle-unavailable");
    expect(fault?.message).toContain("built first by `tsc`");
  });

  test("tells a project without tests from no project", async () => {
    expect(faultOf(await detectJavaScript(await snapshotOf({ "a.js": "" })))?.code).toBe("no-tests");
    expect(faultOf(await detectJavaScript(await snapshotOf({ "a.py": "" })))?.code).toBe("not-a-project");
  });

  test("raises config-invalid for a package.json that is no JSON", async () => {
    await expect(detectJavaScript(await snapshotOf({ "package.json": "{" }))).rejects.toMatchObject({
      fault: { code: "config-invalid" },
    });
  });

  test("mounts node_modules and the workspace packages it links to outside of the project", async () => {
    const snapshot = await snapshotOf({ ...manifest({}), "a.test.js": nodeTest });
    const outside = join(dirname(snapshot.root), "shared");
    await place(outside, { "package.json": "{}" });
    await mkdir(join(snapshot.root, "node_modules"));
    await symlink(outside, join(snapshot.root, "node_modules/shared"));
    const sources = profileOf(await detectJavaScript(snapshot)).mounts.map(({ source }) => source);
    expect(sources).toContain(join(snapshot.root, "node_modules"));
    expect(sources).toContain(outside);
  });
});
