// Runs inside the sandbox, in the driver: builds the test binaries and says what the compiler said.
import { relative } from "node:path";
import { emit, failure, job, msLeft, projectPath } from "../../compiled/assets/job.mjs";
import { runProcess } from "../../compiled/assets/run-process.mjs";

const errorsMax = 20;

/** Test binaries by target: `prefix` of their ids, `file` and `folder` of their package. `undefined`: the build failed, as was told. */
export async function buildTests() {
  const binaries = [];
  const errors = [];
  const onLine = (line) => {
    const message = parse(line);
    if (message?.reason === "compiler-message" && message.message.level === "error") errors.push(message);
    if (message?.reason === "compiler-artifact" && message.executable && message.profile.test) binaries.push(message);
  };
  const argv = [job.cargo, "test", "--workspace", "--no-run", "--no-fail-fast", "--message-format=json", "--offline"];
  const ended = await runProcess(argv, { cwd: job.root, msMax: msLeft(), onLine });
  if (ended.timedOut) return undefined;
  // A library is compiled by itself and with its tests: it says the same twice.
  const told = new Map();
  for (const { message, target } of errors) {
    if (/^aborting due to/.test(message.message)) continue;
    const { testFile, ...rest } = compilerFailure(message, target);
    told.set(JSON.stringify(rest), testFile === undefined ? rest : { ...rest, testFile });
  }
  for (const each of [...told.values()].slice(0, errorsMax)) emit({ e: "collect-error", failure: each });
  if (ended.code !== 0 && errors.length === 0) {
    const said = ended.stderr
      .trim()
      .split("\n")
      .slice(-20)
      .join("\n")
      .replace(/^error: /, "");
    emit({ e: "collect-error", failure: failure("BuildError", said) });
  }
  const several = new Set(binaries.map(({ manifest_path: path }) => path)).size > 1;
  return binaries.map(({ target, manifest_path: manifest, executable }) => {
    const folder = manifest.slice(0, manifest.lastIndexOf("/"));
    const kind = target.kind.includes("test")
      ? `test:${target.name}`
      : target.kind.includes("bin")
        ? `bin:${target.name}`
        : target.kind[0];
    const name = /^(?:test|bin):/.test(kind) ? kind : /lib|macro/.test(kind) ? "lib" : `${kind}:${target.name}`;
    const place = relative(job.root, folder);
    return {
      executable,
      folder,
      file: projectPath(target.src_path) ?? target.src_path,
      prefix: several && place !== "" ? `${place}/${name}` : name,
    };
  });
}

function parse(line) {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function compilerFailure({ message, code, spans }, target) {
  const span = spans.find(({ is_primary: primary }) => primary);
  const file = span === undefined ? undefined : projectPath(span.file_name);
  const label = span?.label ? `: ${span.label}` : "";
  const text = code?.code === undefined ? `${message}${label}` : `${code.code}: ${message}${label}`;
  const testFile = target.kind.includes("test") ? { testFile: projectPath(target.src_path) } : {};
  return failure("BuildError", text, { ...(file === undefined ? {} : { file, line: span.line_start }), ...testFile });
}
