import { homedir } from "node:os";

/** The user's home folder; one that does not exist where neither HOME nor the list of users names it. */
export function homeDirectory(): string {
  try {
    return homedir();
  } catch {
    return "/nonexistent";
  }
}
