import { join } from "node:path";
import { functionLimits, type Limits } from "#domain";

export const python = "/usr/bin/python3";
export const attackFolder = join(import.meta.dirname, "..", "fixtures", "attacks");
export const limits: Limits = { ...functionLimits, wallMsMax: 30_000 };
