import { afterEach, beforeEach, vi } from "vitest";
import { type Scratch, scratch } from "./scratch.ts";

/** For each test of the file a folder that is the user's configuration; `folder()` is the running test's. */
export function configHome(): { folder(): Scratch } {
  let home: Scratch;
  beforeEach(async () => {
    home = await scratch();
    vi.stubEnv("XDG_CONFIG_HOME", home.path);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await home[Symbol.asyncDispose]();
  });
  return { folder: () => home };
}
