import type { WriteStream } from "node:tty";

type Lost = { code: string; message: string };

const streams: readonly WriteStream[] = [process.stdout, process.stderr];

/**
 * Calls `onLost` once when nobody reads what is printed any more (`assay … | head -1`), or when it cannot be written. While somebody
 * listens, the program survives it; what is printed later goes nowhere.
 */
export function onLostOutput(onLost: (lost: Lost) => void): Disposable {
  let told = false;
  const onError = ({ code = "", message }: NodeJS.ErrnoException) => {
    if (!told) onLost({ code, message });
    told = true;
  };
  for (const stream of streams) stream.on("error", onError);
  return {
    [Symbol.dispose]() {
      for (const stream of streams) stream.off("error", onError);
    },
  };
}
