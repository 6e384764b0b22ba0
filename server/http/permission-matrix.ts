import type { ServerRole } from "#/server/access/index.ts";

/** Who may call a route. `incident` routes are asked for own, others', and private incidents. */
export type MatrixRow = {
  least: ServerRole;
  incident?: true;
  /** Answers without signing in: what it takes is in the body. */
  open?: true;
  body?: unknown;
};

const absent = "00000000-0000-4000-8000-000000000000";
const title = "A title";
const read: MatrixRow = { least: "viewer" };
const readIncident: MatrixRow = { least: "viewer", incident: true };
const work = (body?: unknown): MatrixRow => ({ least: "responder", incident: true, body });
const admin = (body?: unknown): MatrixRow => ({ least: "admin", body });
const responder = (body?: unknown): MatrixRow => ({ least: "responder", body });

/** Every route of `/api/v1`. A route without a row here fails the tests. */
export const permissionMatrix: Record<string, MatrixRow> = {
  "GET /incidents": read,
  "POST /incidents": responder({ title }),
  "GET /incidents/{id}": readIncident,
  "PATCH /incidents/{id}": work({ hypothesis: "the cache" }),
  "GET /incidents/{id}/members": readIncident,
  "PUT /incidents/{id}/members/{userId}": work(),
  "DELETE /incidents/{id}/members/{userId}": work(),
  "POST /incidents/{id}/accept": work({}),
  "POST /incidents/{id}/decline": work({ reason: "noise" }),
  "POST /incidents/{id}/merge": work({ into: "{other}" }),
  "POST /incidents/{id}/unmerge": work({}),
  "POST /incidents/{id}/split": work({ alertIds: [absent] }),
  "POST /incidents/{id}/resolve": work({ summary: "done" }),
  "POST /incidents/{id}/reopen": work({}),
  "POST /incidents/{id}/close": work({}),
  "GET /incidents/{id}/timeline": readIncident,
  "POST /incidents/{id}/timeline": work({ body: "a note" }),
  "DELETE /incidents/{id}/timeline/{noteId}": work(),
  "GET /incidents/{id}/roles": readIncident,
  "PUT /incidents/{id}/roles/{role}": work({}),
  "POST /incidents/{id}/roles/{role}/offer": work({ userId: "{self}" }),
  "POST /incidents/{id}/roles/{role}/accept": work({}),
  "POST /incidents/{id}/roles/{role}/decline": work({}),
  "DELETE /incidents/{id}/roles/{role}/offer": work(),
  "POST /incidents/{id}/roles/{role}/take-over": work({ reason: "absent" }),
  "DELETE /incidents/{id}/roles/{role}": work(),
  "GET /incidents/{id}/brief": readIncident,
  "GET /incidents/{id}/invitations": readIncident,
  "POST /incidents/{id}/invitations": work({ userId: "{self}" }),
  "POST /incidents/{id}/invitations/{invitationId}/decline": readIncident,
  "GET /notifications": read,
  "PATCH /notifications": { least: "viewer", body: { reachBy: "both" } },
  "POST /notifications/seen": read,
  "POST /notifications/{id}/seen": read,
  "GET /incidents/{id}/tasks": readIncident,
  "POST /incidents/{id}/tasks": work({ title }),
  "PATCH /incidents/{id}/tasks/{taskId}": work({ title }),
  "GET /incidents/{id}/alerts": readIncident,
  "POST /incidents/{id}/alerts": work({ alertId: absent }),
  "DELETE /incidents/{id}/alerts/{alertId}": work(),
  "GET /incidents/{id}/updates": readIncident,
  "POST /incidents/{id}/updates": work({ status: "identified", body: "text", channels: ["status_page"] }),
  "PATCH /incidents/{id}/updates/{updateId}": work({ body: "text" }),
  "POST /incidents/{id}/updates/{updateId}/deliveries/{deliveryId}/retry": work(),
  "GET /incidents/{id}/postmortem": readIncident,
  "POST /incidents/{id}/postmortem": work({}),
  "PATCH /incidents/{id}/postmortem": work({ state: "draft" }),
  "GET /action-items": read,
  "POST /action-items": responder({ incidentId: "{other}", title }),
  "PATCH /action-items/{id}": responder({ title }),
  "DELETE /action-items/{id}": responder(),
  "GET /alerts": read,
  "GET /alerts/{id}": read,
  "POST /alerts/{id}/ack": responder({}),
  "POST /alerts/{id}/resolve": responder({}),
  "GET /integrations": responder(),
  "POST /integrations": admin({ name: "x", source: "generic-json" }),
  "PATCH /integrations/{id}": admin({ name: "y" }),
  "DELETE /integrations/{id}": admin(),
  "POST /integrations/{id}/rotate": admin({}),
  "GET /deliveries": responder(),
  "GET /deliveries/{id}": responder(),
  "GET /services": read,
  "POST /services": admin({ name: "{unique}" }),
  "GET /services/{id}": read,
  "PATCH /services/{id}": admin({ description: "x" }),
  "DELETE /services/{id}": admin(),
  "GET /components": read,
  "POST /components": admin({ name: "{unique}" }),
  "PATCH /components/{id}": admin({ description: "x" }),
  "DELETE /components/{id}": admin(),
  "GET /subscribers": admin(),
  "POST /subscribers": admin({ email: "{unique}@example.com", confirmed: true }),
  "DELETE /subscribers/{id}": admin(),
  "GET /users": read,
  "POST /users": admin({ email: "{unique}@example.com", name: "Somebody", role: "viewer" }),
  "PATCH /users/{id}": admin({ name: "Another" }),
  "DELETE /users/{id}": admin(),
  "GET /tokens": admin(),
  "POST /tokens": admin({ name: "ci" }),
  "DELETE /tokens/{id}": admin(),
  "POST /setup": {
    least: "viewer",
    open: true,
    body: { token: "no-such-link", name: "A", email: "a@example.com", password: "long enough" },
  },
  "GET /session": read,
  "GET /sessions": read,
  "DELETE /sessions/{id}": read,
  "GET /settings": admin(),
  "PATCH /settings": admin({ organisation: { name: "Example" } }),
  "GET /search": read,
  "GET /measures": read,
  "GET /audit": admin(),
};
