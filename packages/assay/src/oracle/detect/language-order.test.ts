import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, type Language } from "#ports";
import { findTool } from "./compiled/find-tool.ts";
import { isOraclePath, ProjectDetection } from "./index.ts";
import { languageOrder } from "./language-order.ts";
import { findCargo } from "./rust/find-cargo.ts";

const snapshotOf = (root: string, files: readonly string[]) =>
  ({ digest: digestOf("x"), root, directory: root, files, excluded: [] }) as const;
const order = (...files: string[]) => languageOrder(snapshotOf("/project", files));

describe("languageOrder", () => {
  test("asks the language of the only manifest at the root, whatever scripts lie beside", () => {
    expect(order("go.mod", "main.go", "scripts/a.py", "scripts/b.py")).toEqual(["go", "python"]);
    expect(order("Cargo.toml", "src/lib.rs")).toEqual(["rust"]);
    expect(order("pom.xml", "web/app.js")).toEqual(["java", "javascript"]);
    expect(order("settings.gradle.kts", "pom.xml", "A.java")).toEqual(["java"]);
  });

  test("asks JavaScript and Python first where they have a manifest at the root too", () => {
    expect(order("go.mod", "package.json", "a.js")).toEqual(["javascript", "go"]);
    expect(order("Cargo.toml", "pyproject.toml", "a.py", "go.mod")).toEqual(["python", "go", "rust"]);
  });

  test("asks Go for modules that lie deeper, after what is nearer", () => {
    expect(order("service/go.mod", "tools/a.py")).toEqual(["python", "go"]);
    expect(order("README.md")).toEqual([]);
  });
});

describe("isOraclePath", () => {
  const oracle: [Language, string][] = [
    ["go", "cart/cart_test.go"],
    ["go", "go.sum"],
    ["go", "cart/testdata/one.json"],
    ["go", "vendor/example.com/x/x.go"],
    ["rust", "tests/cart.rs"],
    ["rust", "Cargo.lock"],
    ["rust", "build.rs"],
    ["rust", ".cargo/config.toml"],
    ["java", "src/test/java/shop/CartTest.java"],
    ["java", "core/src/test/resources/a.txt"],
    ["java", "pom.xml"],
    ["java", ".mvn/maven.config"],
    ["java", "gradle/libs.versions.toml"],
    ["java", "core/publishing.gradle"],
  ];
  test.each(oracle)("counts, for %s, %s to the oracle", (language, path) => {
    expect(isOraclePath(language, path)).toBe(true);
  });

  test.each<[Language, string]>([
    ["go", "cart/cart.go"],
    ["rust", "src/lib.rs"],
    ["java", "src/main/java/shop/Cart.java"],
  ])("leaves, for %s, %s to candidates", (language, path) => {
    expect(isOraclePath(language, path)).toBe(false);
  });
});

describe("finding tools", () => {
  let root: string;
  beforeEach(async () => {
    root = await realpath(await mkdtemp(join(tmpdir(), "assay-tools-")));
  });
  afterEach(async () => await rm(root, { recursive: true, force: true }));
  const program = async (path: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), "#!/bin/sh\n", { mode: 0o755 });
  };

  test("takes no program that lies in the project, nor a link into it", async () => {
    await program("project/bin/some-tool");
    await mkdir(join(root, "bin"));
    await symlink(join(root, "project/bin/some-tool"), join(root, "bin/some-tool"));
    const places = [join(root, "project/bin"), join(root, "bin")];
    expect(await findTool(join(root, "project"), "some-tool", places)).toBeUndefined();
    await program("other/some-tool");
    const found = await findTool(join(root, "project"), "some-tool", [...places, join(root, "other")]);
    expect(found).toBe(join(root, "other/some-tool"));
  });

  test("says which toolchain a project's pin lacks", async (context) => {
    if ((await findTool("/nowhere", "cargo"))?.endsWith("/rustup") !== true) context.skip("needs rustup");
    await writeFile(join(root, "rust-toolchain.toml"), '[toolchain]\nchannel = "1.2.3"\n');
    const found = await findCargo(snapshotOf(root, ["rust-toolchain.toml"]));
    expect(found).toMatchObject({ kind: "missing", fault: { remedy: "rustup toolchain install 1.2.3" } });
  });

  test("names Java and Go projects without tests as such", async () => {
    await writeFile(join(root, "go.mod"), "module a\n");
    const codeOf = async (files: string[]) => {
      const found = await new ProjectDetection().detect(snapshotOf(root, files));
      return found.kind === "undetected" ? found.fault.code : found.profile.runner;
    };
    expect(await codeOf(["go.mod", "main.go"])).toBe("no-tests");
    expect(await codeOf(["build.gradle", "src/main/java/A.java"])).toBe("no-tests");
  });
});
