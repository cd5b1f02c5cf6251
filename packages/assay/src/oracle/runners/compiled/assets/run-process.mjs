// Runs inside the sandbox, in a driver: one process of the project's, from its start to its end.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const textKept = 256 * 1024;
/** Of a command whose answer is data for us. */
const answerKept = 64 * 1024 * 1024;
const lineLengthMax = 1024 * 1024;

/**
 * Runs a command with nothing but its three descriptors: it inherits neither descriptor 3 nor the job. `onLine` is told each line
 * of stdout; stderr, and stdout where nobody is told, are passed on and kept up to a bound (`quiet`: a higher one, and not passed
 * on). `input` is its stdin; `signal` ends it early. Its whole process group ends with it.
 */
export async function runProcess(argv, { cwd, env = process.env, msMax, onLine, signal: stop, quiet = false, input }) {
  const stdin = input === undefined ? "ignore" : "pipe";
  const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: [stdin, "pipe", "pipe"], detached: true });
  // A process that has ended does not read it.
  child.stdin?.on("error", () => undefined).end(input);
  const keptMax = quiet ? answerKept : textKept;
  const kept = { stdout: "", stderr: "" };
  const keep = (name) => (chunk) => {
    if (!quiet) process[name].write(chunk);
    if (kept[name].length < keptMax) kept[name] += chunk.toString("utf8");
  };
  child.stderr.on("data", keep("stderr"));
  let read = Promise.resolve();
  if (onLine === undefined) child.stdout.on("data", keep("stdout"));
  else {
    const lines = createInterface({ input: child.stdout });
    lines.on("line", (line) => line.length <= lineLengthMax && onLine(line));
    read = new Promise((resolve) => lines.once("close", resolve));
  }
  stop?.addEventListener("abort", () => endGroup(child.pid), { once: true });
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      endGroup(child.pid);
    },
    Math.max(1, msMax),
  );
  const [code, signal] = await new Promise((resolve) => {
    child.once("error", (error) => {
      kept.stderr += error.message;
      resolve([127, null]);
    });
    child.once("exit", (...ended) => resolve(ended));
  });
  clearTimeout(timer);
  endGroup(child.pid);
  // What a process that was left behind could still write is not waited for.
  await Promise.race([read, new Promise((resolve) => setTimeout(resolve, 1000).unref())]);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, signal, timedOut, ...kept };
}

function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** E.g. `exit code 2`. */
export function ending({ code, signal }) {
  return signal === null ? `exit code ${code}` : `signal ${signal}`;
}
