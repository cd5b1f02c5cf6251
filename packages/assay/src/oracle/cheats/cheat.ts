import { z } from "zod";

/** The header of a cheat's file: its second line, `key: value; key: value`. */
export const cheatHeaderSchema = z.discriminatedUnion("kind", [
  /** Put behind the code of a module that the tests load. */
  z.strictObject({ kind: z.literal("module"), needs: z.string().optional() }),
  /** A file of the project. */
  z.strictObject({
    kind: z.literal("file"),
    path: z.string(),
    /** What to do where the project has that file: put it behind, merge it (JSON); else the cheat is not applicable. */
    existing: z.enum(["append", "merge"]).optional(),
    needs: z.string().optional(),
  }),
]);

/** A way to have a test command succeed on code that fails its tests, which knows nothing of the project. */
export type Cheat = z.infer<typeof cheatHeaderSchema> & {
  name: string;
  /** One sentence. */
  does: string;
  text: string;
};
