import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** The user's home folder; one that does not exist where neither HOME nor the list of users names it. */
export function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return "/nonexistent";
  }
}

/** `$XDG_CONFIG_HOME/assay`; below `~/.config` where that variable is unset or relative, as XDG asks. */
export function configDirectory(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env.XDG_CONFIG_HOME;
  const config = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env.HOME || homeDirectory(), ".config");
  return join(config, "assay");
}
