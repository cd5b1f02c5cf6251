// Runs inside the sandbox, in a driver: where in the project a class and a failure of Java tests are.
import { job } from "./job.mjs";

const framesMax = 50;

/** The project's file that declares a class, by its package and the name of its outermost class; first one below `folder`. */
export function fileOf(name, folder = "") {
  const path = name.split("$")[0].replaceAll(".", "/");
  const found = job.files.filter((file) => ["java", "kt", "groovy"].some((kind) => file.endsWith(`/${path}.${kind}`)));
  return found.find((file) => file.startsWith(folder)) ?? found[0] ?? name;
}

/** A failure with its frames in the project. */
export function placed({ type, message, expected, actual, stack = [] }) {
  const frames = [];
  for (const frame of stack) {
    const folder = frame.class.split(".").slice(0, -1).join("/");
    const file = job.files.find((each) => each.endsWith(`/${folder === "" ? "" : `${folder}/`}${frame.file}`));
    if (file !== undefined && frames.length < framesMax)
      frames.push({ file, line: frame.line, function: frame.function });
  }
  const [{ file, line } = {}] = frames;
  const values = { ...(expected === undefined ? {} : { expected }), ...(actual === undefined ? {} : { actual }) };
  return { type, message, ...values, ...(file === undefined ? {} : { file, line }), frames };
}
