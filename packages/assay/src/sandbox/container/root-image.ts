import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RuntimeDirectory } from "../runtime-directory.ts";
import { askEngine, type ContainerEngine } from "./container-engine.ts";

const mountPoints = ["dev", "etc", "proc", "sys", "tmp", "usr", "run", "var", "assay"];
/** A tmpfs gets the mode of the folder below it from some engines, whatever the options say. */
const modes: Readonly<Record<string, number>> = { tmp: 0o1777 };
/** Links of a merged /usr, taken over from this machine. */
const linked = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];

/**
 * The image that containers start from: empty folders to mount this machine's read-only programs on, so that a candidate finds
 * the same interpreters at the same places as in every other sandbox, and nothing has to be downloaded. Made once per engine; its
 * name is that of its content.
 */
export async function rootImage(engine: ContainerEngine, runtime: RuntimeDirectory): Promise<string> {
  const links = linked.flatMap((name) => {
    const status = lstatSync(`/${name}`, { throwIfNoEntry: false });
    return status?.isSymbolicLink() ? [[name, readlinkSync(`/${name}`)] as const] : [];
  });
  const digest = createHash("sha256")
    .update(JSON.stringify([mountPoints, links, modes]))
    .digest("hex")
    .slice(0, 12);
  const image = `localhost/assay-root:${digest}`;
  const known = await askEngine(engine, ["image", "inspect", "--format", "{{.Id}}", image]).catch(() => "");
  if (known === "") await makeImage(engine, runtime, image, links);
  return image;
}

async function makeImage(
  engine: ContainerEngine,
  runtime: RuntimeDirectory,
  image: string,
  links: readonly (readonly [string, string])[],
): Promise<void> {
  const tree = runtime.folder("image");
  try {
    for (const name of mountPoints) {
      mkdirSync(join(tree, name));
      chmodSync(join(tree, name), modes[name] ?? 0o755);
    }
    for (const [name, target] of links) symlinkSync(target, join(tree, name));
    const archive = `${tree}.tar`;
    await promisify(execFile)("tar", ["-C", tree, "--owner=0", "--group=0", "-cf", archive, "."]);
    await askEngine(engine, ["import", archive, image]);
    rmSync(archive);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}
