import type { Context, Hono } from "hono";
import {
  expireSilence,
  getSilence,
  type IntegrationRow,
  listSilences,
  matches,
  type SilenceRow,
  saveSilence,
  silenceInput,
} from "#/server/alerts/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { parseJson } from "#/server/platform/scan-json.ts";
import type { ApiEnv } from "../api.ts";
import { matchersIn } from "./alertmanager-matchers.ts";
import { type Ingest, withSlash } from "./ingest.ts";

type C = Context<ApiEnv>;

/** Whether a silence holds at an instant. Pure. */
export function stateOf({ startsAt, endsAt }: SilenceRow, now: Date): "active" | "pending" | "expired" {
  if (endsAt <= now) return "expired";
  return startsAt > now ? "pending" : "active";
}

function presentSilence(row: SilenceRow, now: Date) {
  return {
    id: row.id,
    status: { state: stateOf(row, now) },
    matchers: row.matchers,
    startsAt: row.startsAt.toISOString(),
    endsAt: row.endsAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    createdBy: row.createdBy,
    comment: row.comment,
  };
}

/** The silences of Alertmanager's API: as `amtool silence` and its user interfaces use them. */
export function registerSilenceRoutes(
  routes: Hono<ApiEnv>,
  ingest: Ingest,
  integrationOf: (c: C) => Promise<IntegrationRow>,
): void {
  const { core } = ingest;

  async function silences(c: C) {
    const integration = await integrationOf(c);
    const filters = matchersIn(c);
    const now = core.now();
    const fits = ({ matchers }: SilenceRow) => {
      const labels = Object.fromEntries(matchers.map(({ name, value }) => [name, value]));
      return filters.every((matcher) => matches(matcher, labels));
    };
    const all = await listSilences(core.db.read, integration.id);
    return c.json(all.filter(fits).map((row) => presentSilence(row, now)));
  }

  async function addSilence(c: C) {
    const body = await ingest.body(c);
    const integration = await integrationOf(c);
    const read = silenceInput.safeParse(parseJson(body));
    if (!read.success) {
      const [issue] = read.error.issues;
      throw new AppError("invalid", `${issue?.path.join(".") || "body"}: ${issue?.message}`);
    }
    return c.json({ silenceID: await saveSilence(core, integration.id, read.data) });
  }

  async function oneSilence(c: C) {
    const integration = await integrationOf(c);
    return c.json(presentSilence(await getSilence(core.db.read, integration.id, c.req.param("id") ?? ""), core.now()));
  }

  async function endSilence(c: C) {
    const integration = await integrationOf(c);
    await core.db.transaction((tx) => expireSilence(tx, core, integration.id, c.req.param("id") ?? ""));
    return c.body(null, 200);
  }

  routes.on("GET", withSlash("/silences"), silences);
  routes.on("POST", withSlash("/silences"), addSilence);
  routes.on("GET", withSlash("/silence/:id"), oneSilence);
  routes.on("DELETE", withSlash("/silence/:id"), endSilence);
}
