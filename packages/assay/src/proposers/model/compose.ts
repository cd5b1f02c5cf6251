export type { EditMode } from "./edit-mode.ts";
