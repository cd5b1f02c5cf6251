import { readFileSync } from "node:fs";

/** The package's version, from the `package.json` nearest above this file. */
export function assayVersion(): string {
  for (let directory = new URL(".", import.meta.url); ; directory = new URL("..", directory)) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL("package.json", directory), "utf8"));
      if (name === "assay") return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    if (directory.pathname === "/") throw new Error("package.json of assay not found");
  }
}
