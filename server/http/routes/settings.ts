import { type Api, answers, apiRoute, jsonBody } from "#/server/http/api.ts";
import { changeSettingsInput, settingsView } from "#/server/settings/contract.ts";
import { changeSettings, viewSettings } from "#/server/settings/index.ts";

const path = "/settings";
const tags = ["Administration"];

const readRoute = apiRoute({
  method: "get",
  path,
  tags,
  summary: "The organisation's settings; of credentials only whether and where they are set",
  responses: answers(200, "The settings", settingsView),
});

const changeRoute = apiRoute({
  method: "patch",
  path,
  tags,
  summary: "Change settings; what is left out stays, and null takes credentials away",
  request: { body: jsonBody(changeSettingsInput) },
  responses: answers(200, "The settings", settingsView),
});

/** `/api/v1/settings`. */
export function registerSettingsRoutes(api: Api): void {
  api.openapi(readRoute, async (c) => {
    const { ctx } = c.var;
    return c.json(await viewSettings(ctx.db.read, ctx), 200);
  });
  api.openapi(changeRoute, async (c) => c.json(await changeSettings(c.var.ctx, c.req.valid("json")), 200));
}
