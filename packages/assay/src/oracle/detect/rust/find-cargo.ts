import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import type { Fault } from "@assay/sdk";
import { parse } from "smol-toml";
import { z } from "zod";
import { fault } from "#domain";
import type { Snapshot } from "#ports";
import { findTool } from "../compiled/find-tool.ts";
import { readProjectFile } from "../compiled/read-project-file.ts";
import { isFolder } from "../python/prefix.ts";

export type FoundCargo = { kind: "found"; cargo: string; details: string[] } | { kind: "missing"; fault: Fault };

const settingsSchema = z.object({ default_toolchain: z.string().regex(/^[\w.-]+$/) });
const pinSchema = z.object({ toolchain: z.object({ channel: z.string() }) });

/** The real Cargo: behind rustup's shim the one of the toolchain that the project, else the user, has chosen. */
export async function findCargo(snapshot: Snapshot): Promise<FoundCargo> {
  const found = await findTool(snapshot.root, "cargo", [".cargo/bin", "/usr/lib/cargo/bin"]);
  if (found === undefined) return missing("No Cargo was found on PATH.", "apt-get install -y cargo");
  if (basename(found) === "cargo") return { kind: "found", cargo: found, details: [] };
  const { RUSTUP_HOME } = process.env;
  const home = RUSTUP_HOME !== undefined && isAbsolute(RUSTUP_HOME) ? RUSTUP_HOME : join(homedir(), ".rustup");
  const settings = await tomlOf(await readFile(join(home, "settings.toml"), "utf8").catch(() => ""), settingsSchema);
  const pinned = await pinnedChannel(snapshot);
  const host =
    /-(?:x86_64|aarch64|i686|armv7|riscv64\w*|powerpc64\w*|s390x)-.*$/.exec(settings?.default_toolchain ?? "")?.[0] ??
    "";
  const names = pinned === undefined ? [settings?.default_toolchain] : [`${pinned}${host}`, pinned];
  for (const name of names) {
    if (name === undefined) continue;
    const folder = join(home, "toolchains", name);
    if (await isFolder(folder)) {
      const details = pinned === undefined ? [] : [`rust-toolchain asks for ${pinned}.`];
      return { kind: "found", cargo: join(folder, "bin/cargo"), details };
    }
  }
  const wanted = pinned ?? settings?.default_toolchain ?? "stable";
  return missing(`rustup has no toolchain ${wanted}.`, `rustup toolchain install ${wanted}`);
}

async function pinnedChannel(snapshot: Snapshot): Promise<string | undefined> {
  const plain = (await readProjectFile(snapshot, "rust-toolchain"))?.trim();
  const text = (await readProjectFile(snapshot, "rust-toolchain.toml")) ?? plain;
  const channel = text === undefined ? undefined : ((await tomlOf(text, pinSchema))?.toolchain.channel ?? plain);
  return channel !== undefined && /^[\w.-]{1,100}$/.test(channel) ? channel : undefined;
}

async function tomlOf<T>(text: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.safeParse(parse(text)).data;
  } catch {
    return undefined;
  }
}

function missing(message: string, remedy: string): FoundCargo {
  return { kind: "missing", fault: fault("tool-missing", message, remedy) };
}
