import { Option } from "commander";

export function jsonOption(): Option {
  return new Option("--json", "print JSON Lines on stdout; logs go to stderr");
}

export function levelOption(): Option {
  return new Option("--min-level <level>", "what a verdict needs at least").choices([
    "in-process",
    "controlled",
    "out-of-process",
  ]);
}

export function guardrailsOption(): Option {
  return new Option("--guardrails <policy>", "what to do about added code that a rule flags")
    .choices(["off", "warn", "block"])
    .default("warn");
}
