import { join } from "node:path";
import { fault } from "#domain";
import { findTool } from "../compiled/find-tool.ts";

/** The path of a JDK's compiler, outside the project. */
export async function findJavac(root: string): Promise<string | undefined> {
  return await findTool(root, "javac", [join(process.env.JAVA_HOME ?? "/usr/lib/jvm/default-java", "bin")]);
}

export const missingJdk = fault("tool-missing", "No JDK was found on PATH.", "apt-get install -y default-jdk-headless");
