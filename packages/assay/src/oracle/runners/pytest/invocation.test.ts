import { describe, expect, test } from "vitest";
import type { ProjectProfile } from "#ports";
import { freshNonce, hasBareSourceRoot, pythonEnvironment, pythonPath } from "./invocation.ts";

const profile: ProjectProfile = {
  root: "/p",
  language: "python",
  runner: "pytest",
  interpreter: "/usr/bin/python3",
  mounts: [],
  oracleFiles: [],
  sourceFiles: ["a.py"],
  details: [],
};

describe("pythonEnvironment", () => {
  test("is fixed, whatever this process's environment holds", () => {
    process.env.ASSAY_TEST_SECRET = "secret";
    expect(JSON.stringify(pythonEnvironment(profile))).not.toContain("secret");
    expect(pythonEnvironment(profile)).toMatchObject({ CI: "true", PYTHONHASHSEED: "0", TZ: "UTC" });
    delete process.env.ASSAY_TEST_SECRET;
  });

  test("seeds the order of sets by the shuffle's seed", () => {
    expect(pythonEnvironment(profile, 7).PYTHONHASHSEED).toBe("7");
    expect(Number(pythonEnvironment(profile, -1).PYTHONHASHSEED)).toBe(2 ** 32 - 1);
  });

  test("puts src on the path where packages are under it", () => {
    expect(pythonPath(profile)).toEqual([]);
    expect(pythonPath({ ...profile, sourceFiles: ["src/a/__init__.py"] })).toEqual(["/p/src"]);
    expect(hasBareSourceRoot(["src/__init__.py", "src/a.py"])).toBe(false);
  });

  test("names the virtual environment and the base of a user's packages", () => {
    const own = { ...profile, interpreter: "/p/.venv/bin/python", mounts: [{ source: "/p/.venv" }] };
    expect(pythonEnvironment(own).VIRTUAL_ENV).toBe("/p/.venv");
    const user = { ...profile, mounts: [{ source: "/home/ada/.local/lib/python3.11/site-packages" }] };
    expect(pythonEnvironment(user).PYTHONUSERBASE).toBe("/home/ada/.local");
  });

  test("gives every run another nonce", () => {
    expect(freshNonce()).not.toBe(freshNonce());
  });
});
