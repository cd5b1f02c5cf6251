import { problemEvaluatedSchema } from "@assay/sdk";
import { z } from "zod";

/** What is recorded of one problem: what became of its candidates. */
export const problemRecordSchema = z.object({ samples: z.array(problemEvaluatedSchema) });
export type ProblemRecord = z.infer<typeof problemRecordSchema>;
