import { dirname } from "node:path";
import type { ProjectProfile } from "#ports";

/** The whole environment of a JavaScript project's tests, with the assignments of its test script. */
export function testEnvironment(
  profile: ProjectProfile,
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...own,
    CI: "true",
    NO_COLOR: "1",
    HOME: "/tmp",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    PATH: `${profile.root}/node_modules/.bin:${dirname(profile.interpreter)}:/usr/local/bin:/usr/bin:/bin`,
  };
}
