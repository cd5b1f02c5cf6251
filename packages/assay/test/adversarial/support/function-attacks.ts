import { readFileSync } from "node:fs";
import { join } from "node:path";
import { attackFolder } from "../../support/attack-place.ts";

/**
 * A candidate whose function does what one of the attacks on the sandbox does, in its own process, and returns what that printed.
 * It has no folder of attacks to import from: it brings them.
 */
export function attackingCandidate(file: string): string {
  const text = (name: string) => JSON.stringify(readFileSync(join(attackFolder, name), "utf8"));
  return `import io
import sys
import types

TOOLS = ${text("tools.py")}
ATTACK = ${text(file)}


def attack(arguments):
    tools = types.ModuleType("tools")
    exec(TOOLS, tools.__dict__)
    sys.modules["tools"] = tools
    sys.argv = ["attack", *arguments]
    said, sys.stdout = sys.stdout, io.StringIO()
    try:
        exec(compile(ATTACK, "attack.py", "exec"), {"__name__": "__main__"})
    except SystemExit:
        pass
    except FileNotFoundError as missing:
        if not missing.filename.startswith("/proc/"):
            raise
        print("DONE")  # Nothing of /proc is there to be read.
    finally:
        printed, sys.stdout = sys.stdout.getvalue(), said
    return printed.splitlines()
`;
}
