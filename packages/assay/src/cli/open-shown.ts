import { type OpenProject, openProject, type PersonOptions } from "#app";
import type { RunOutput } from "./output/run-output.ts";

/** Opens a project whose runs are shown as they go. */
export function openShown(
  directory: string,
  output: RunOutput,
  { unsafeNoSandbox, person }: { unsafeNoSandbox?: boolean; person?: PersonOptions },
): Promise<OpenProject> {
  return openProject(directory, {
    unsafeNoSandbox: unsafeNoSandbox === true,
    onEvent: (event) => output.event(event),
    onProgress: (progress) => output.progress(progress),
    ...(person === undefined ? {} : { person }),
  });
}
