import { dirname } from "node:path";
import type { ProjectProfile } from "#ports";

/** What every compiled language's build and tests have in their environment. */
export function compiledEnvironment({ interpreter }: ProjectProfile): Record<string, string> {
  return {
    CI: "true",
    NO_COLOR: "1",
    TERM: "dumb",
    HOME: "/tmp",
    TMPDIR: "/tmp",
    LANG: "C.UTF-8",
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    PATH: `${dirname(interpreter)}:/usr/local/bin:/usr/bin:/bin`,
  };
}
