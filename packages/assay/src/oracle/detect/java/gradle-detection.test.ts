import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { digestOf } from "#ports";
import { ProjectDetection } from "../index.ts";
import { buildToolTarget } from "./build-tool.ts";
import { gradleCacheOf, gradleHomeOf } from "./gradle.ts";

const wrapper = "gradle/wrapper/gradle-wrapper.properties";
const test1 = "src/test/java/shop/CartTest.java";

describe("detecting a Gradle project", () => {
  let place: string;
  beforeEach(async () => {
    place = await realpath(await mkdtemp(join(tmpdir(), "assay-gradle-")));
    await file("jdk/bin/javac", "", 0o755);
    vi.stubEnv("PATH", `${place}/jdk/bin:${place}/installed/bin`);
    vi.stubEnv("GRADLE_USER_HOME", join(place, "home"));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(place, { recursive: true, force: true });
  });
  const file = async (path: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), content, { mode });
  };
  const gradle = async (folder: string, version: string) => {
    await file(`${folder}/bin/gradle`, "#!/bin/sh\n", 0o755);
    await file(`${folder}/lib/gradle-core-${version}.jar`, "");
  };
  const detect = async (files: Record<string, string>, overrides = {}) => {
    for (const [path, content] of Object.entries(files)) await file(`project/${path}`, content);
    const root = join(place, "project");
    const snapshot = { digest: digestOf("x"), root, directory: root, files: Object.keys(files).sort(), excluded: [] };
    return await new ProjectDetection(overrides).detect(snapshot);
  };
  const asking = (version: string) => `distributionUrl=https\\://services.gradle.org/distributions/${version}.zip\n`;

  test("takes the installed Gradle and what it has downloaded, at its own place", async () => {
    await gradle("installed", "8.5");
    const modules = join(place, "home/caches/modules-2");
    await mkdir(modules, { recursive: true });
    const found = await detect({ "build.gradle.kts": "", [test1]: "", "src/main/java/shop/Cart.java": "" });
    if (found.kind === "undetected") throw new Error(found.fault.message);
    expect(found.profile).toMatchObject({ runner: "gradle", language: "java" });
    expect(found.profile.mounts).toContainEqual({ source: join(place, "installed"), target: buildToolTarget });
    expect(found.profile.mounts).toContainEqual({ source: modules });
    expect(gradleHomeOf(found.profile.mounts)).toBe(buildToolTarget);
    expect(gradleCacheOf(found.profile.mounts)).toBe(dirname(modules));
    expect(found.profile.sourceFiles).toEqual(["src/main/java/shop/Cart.java"]);
  });

  test("prefers the one that the wrapper has unpacked, and starts no download of another", async () => {
    await gradle("installed", "4.4.1");
    const files = { "settings.gradle": "", [test1]: "", [wrapper]: asking("gradle-8.5-bin") };
    expect(await detect(files)).toMatchObject({
      kind: "undetected",
      fault: {
        code: "tool-missing",
        message: expect.stringContaining("asks for 8.5"),
        remedy: "./gradlew test (once: it downloads Gradle and the dependencies)",
      },
    });
    await gradle("home/wrapper/dists/gradle-8.5-bin/abc/gradle-8.5", "8.5");
    const source = join(place, "home/wrapper/dists/gradle-8.5-bin/abc/gradle-8.5");
    expect(await detect(files)).toMatchObject({
      profile: { mounts: expect.arrayContaining([{ source, target: buildToolTarget }]) },
    });
  });

  test("counts every build script and included build to the oracle", async () => {
    await gradle("installed", "8.5");
    const settings = 'pluginManagement {\n  includeBuild("conventions")\n}\n';
    const scripts = [
      "settings.gradle.kts",
      "gradle/libs.versions.toml",
      "common.gradle",
      "buildSrc/src/main/java/P.java",
    ];
    const plugin = "conventions/src/main/java/Plugin.java";
    const files = Object.fromEntries([...scripts, plugin, test1].map((path) => [path, settings]));
    const found = await detect(files);
    expect(found).toMatchObject({ profile: { oracleFiles: [...scripts, plugin, test1].sort(), sourceFiles: [] } });
  });

  test("is chosen beside a pom.xml by the configuration alone", async () => {
    await gradle("installed", "8.5");
    const files = { "pom.xml": "", "build.gradle": "", [test1]: "" };
    expect(await detect(files, { runner: "gradle" })).toMatchObject({ profile: { runner: "gradle" } });
    expect(await detect(files)).not.toMatchObject({ profile: { runner: "gradle" } });
    expect(await detect({ "pom.xml": "", [test1]: "" }, { runner: "gradle" })).toMatchObject({
      fault: { code: "not-a-project", message: "There is no build.gradle." },
    });
  });
});
