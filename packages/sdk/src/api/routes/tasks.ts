import { z } from "zod";
import { workerRoleSchema } from "../../task.ts";
import { defineRoutes } from "../route.ts";
import { pageOf, runViewSchema, taskStatusSchema, taskViewSchema } from "../views.ts";
import { json, page } from "./parts.ts";

const task = z.object({ run: z.string().max(100), task: z.string().min(1).max(500) });

/** Parts of runs. */
export const tasksRoutes = defineRoutes({
  listTasks: {
    method: "GET",
    path: "/v1/tasks",
    scope: "read",
    summary: "Tasks of plans and tasks handed to workers",
    query: z.object({
      ...page,
      run: z.string().max(100).optional(),
      status: taskStatusSchema.optional(),
      role: workerRoleSchema.optional(),
      phase: z.coerce.number().int().min(0).optional(),
    }),
    status: 200,
    answer: json(pageOf(taskViewSchema)),
  },
  readTask: {
    method: "GET",
    path: "/v1/runs/:run/tasks/:task",
    scope: "read",
    summary: "A task with the history of its attempts",
    params: task,
    status: 200,
    answer: json(taskViewSchema),
  },
  retryTask: {
    method: "POST",
    path: "/v1/runs/:run/tasks/:task/retry",
    scope: "runs",
    summary: "Do a failed task again: a fork of its run from there",
    params: task,
    status: 201,
    answer: json(runViewSchema),
  },
});
