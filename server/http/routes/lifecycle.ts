import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { splitIncident } from "#/server/alerts/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import {
  acceptIncidentInput,
  declineIncidentInput,
  incidentView,
  mergeIncidentInput,
  resolveIncidentInput,
  splitIncidentInput,
} from "#/server/incidents/contract.ts";
import {
  acceptIncident,
  closeIncident,
  declineIncident,
  type IncidentRow,
  mergeIncident,
  reopenIncident,
  resolveIncident,
  unmergeIncident,
} from "#/server/incidents/index.ts";
import { type Api, type ApiEnv, answers, idParam, invalidInput, problems, requireUuid } from "../api.ts";
import { answerIncident } from "./incidents.ts";

const nothing = z.object({});

type Step<T extends z.ZodType> = {
  name: string;
  summary: string;
  input: T;
  /** Creating answers 201. */
  creates?: true;
  run: (ctx: Ctx, incident: string, input: z.infer<T>) => Promise<IncidentRow>;
};

/** The checked body of a step; an absent one is an empty object. @throws AppError "invalid" */
async function bodyOf<T extends z.ZodType>(c: Context<ApiEnv>, input: T): Promise<z.infer<T>> {
  const text = await c.req.text();
  const parsed = input.safeParse(text.trim() ? JSON.parse(text) : {});
  if (!parsed.success) throw invalidInput(parsed.error.issues);
  return parsed.data;
}

/** One step of an incident's life: `POST /incidents/{id}/<name>`. */
function registerStep<T extends z.ZodType>(api: Api, step: Step<T>): void {
  const answer = step.creates
    ? answers(201, "The new incident", incidentView)
    : answers(200, "The incident", incidentView);
  const path = `/incidents/{id}/${step.name}`;
  api.openAPIRegistry.registerPath({
    method: "post",
    path,
    tags: ["Lifecycle"],
    summary: step.summary,
    request: { params: idParam, body: { content: { "application/json": { schema: step.input } } } },
    responses: { ...problems, ...answer },
  });
  api.post(path.replace("{id}", ":id"), async (c) => {
    const row = await step.run(c.var.ctx, c.req.param("id") ?? "", await bodyOf(c, step.input));
    return c.json(await answerIncident(c, row), step.creates ? 201 : 200);
  });
}

/** The triage decisions, their undoing, and the rest of an incident's life. */
export function registerLifecycleRoutes(api: Api): void {
  registerStep(api, {
    name: "accept",
    summary: "Accept a triage incident; without a severity the suggestion is taken",
    input: acceptIncidentInput,
    run: (ctx, incident, input) => acceptIncident(ctx, { incident, ...input }),
  });
  registerStep(api, {
    name: "decline",
    summary: "Decline a triage incident",
    input: declineIncidentInput,
    run: (ctx, incident, input) => declineIncident(ctx, { incident, ...input }),
  });
  registerStep(api, {
    name: "merge",
    summary: "Merge into another open incident, which is answered",
    input: mergeIncidentInput,
    run: (ctx, incident, input) => mergeIncident(ctx, { incident, ...input }),
  });
  registerStep(api, {
    name: "unmerge",
    summary: "Take a merged incident out again",
    input: nothing,
    run: (ctx, incident) => unmergeIncident(ctx, { incident }),
  });
  registerStep(api, {
    name: "split",
    summary: "Move alerts into a new incident, which is answered",
    input: splitIncidentInput,
    creates: true,
    run: (ctx, incident, input) =>
      splitIncident(ctx, { incident, ...input, alertIds: input.alertIds.map((id) => requireUuid(id, "alert")) }),
  });
  registerStep(api, {
    name: "resolve",
    summary: "Resolve; publishes nothing",
    input: resolveIncidentInput,
    run: (ctx, incident, input) => resolveIncident(ctx, { incident, ...input }),
  });
  registerStep(api, {
    name: "reopen",
    summary: "Take up a resolved, closed or declined incident again",
    input: nothing,
    run: (ctx, incident) => reopenIncident(ctx, { incident }),
  });
  registerStep(api, {
    name: "close",
    summary: "Close a resolved incident",
    input: nothing,
    run: (ctx, incident) => closeIncident(ctx, { incident }),
  });
}
