import { eq } from "drizzle-orm";
import { incidents, notifications, users } from "#/db/schema/index.ts";
import { can, type UserActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor } from "#/server/events/index.ts";
import { findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { isAppError } from "#/server/platform/errors.ts";
import {
  approvePlanned,
  declinePlanned,
  findPlanned,
  type PlannedUpdateView,
  utcText,
} from "#/server/updates/index.ts";

import { readApprovalLink } from "./approval-link.ts";
import { type ApprovalPage, approvalPage } from "./approval-page.ts";

/** A page of the link, as text, and its status. */
export type ApprovalAnswer = { status: 200 | 403 | 404 | 409 | 410; html: string };
/** What the page's form sends: the version that it showed, and a reason when it is declined. */
export type ApprovalForm = { act?: string | undefined; version?: string | undefined; reason?: string | undefined };

type Opened = {
  ctx: Ctx;
  incident: IncidentRow;
  planned: PlannedUpdateView;
  subject: NonNullable<ApprovalPage["subject"]>;
};
type Closed = { status: ApprovalAnswer["status"]; title: string; text: string; subject?: ApprovalPage["subject"] };

const ended: Record<string, string> = {
  published: "is published",
  scheduled: "is approved",
  declined: "was declined",
  cancelled: "was taken back",
  refused: "was not published",
};

async function open(core: Core, token: string): Promise<Opened | Closed> {
  const link = readApprovalLink(core.config, token);
  const [found] = link
    ? await core.db.read
        .select({ row: notifications, user: users, incident: incidents })
        .from(notifications)
        .innerJoin(users, eq(users.id, notifications.userId))
        .innerJoin(incidents, eq(incidents.id, notifications.incidentId))
        .where(eq(notifications.id, link.notificationId))
    : [];
  if (!link || !found || found.user.disabledAt) {
    return {
      status: 404,
      title: "This link does not work",
      text: "It may have been cut off on its way. Open it again.",
    };
  }
  const { user } = found;
  const actor: UserActor = { kind: "user", userId: user.id, name: user.name, email: user.email, role: user.role };
  const ctx = ctxFor(core, actor);
  const incident = await findIncident(core.db.read, ctx, found.incident.id).catch(() => undefined);
  if (!incident || !can(actor, "updates.publish")) {
    return { status: 404, title: "This link does not work", text: "The incident is not for your account any more." };
  }
  const { reference, title } = incident;
  const subject = { reference, title, url: `${core.config.publicUrl}/incidents/${reference}` };
  if (link.expiresAt <= core.now()) {
    return {
      status: 410,
      title: "This link is too old",
      text: "It was good for a day. The room says how it stands.",
      subject,
    };
  }
  const planned = await findPlanned(ctx, incident.id, found.row.subject.split(":")[1] ?? "");
  if (!planned) return { status: 404, title: "This is gone", text: "The room says how it stands.", subject };
  if (planned.state !== "waiting") {
    return { status: 200, title: `It ${ended[planned.state] ?? "is over"}`, text: outcomeText(planned), subject };
  }
  return { ctx, incident, planned, subject };
}

function outcomeText(planned: PlannedUpdateView): string {
  const by = planned.approvedBy ?? (planned.endedBy ? { name: planned.endedBy } : null);
  const at =
    planned.state === "scheduled" && planned.publishAt
      ? ` It goes out at ${utcText(new Date(planned.publishAt))}.`
      : "";
  return `${by ? `Last word: ${by.name}. ` : ""}${planned.reason ? `${planned.reason} ` : ""}Nothing is left to do here.${at}`;
}

async function answer(opened: Opened | Closed, problem?: string): Promise<ApprovalAnswer> {
  if (!("planned" in opened)) {
    const { status, ...message } = opened;
    return { status, html: await approvalPage({ kind: "message", ...message }) };
  }
  const { planned, subject, ctx } = opened;
  const page = { kind: "ask" as const, planned, subject, as: ctx.actor.name, problem };
  return { status: problem ? 409 : 200, html: await approvalPage(page) };
}

/** What the link leads to: the text and what changed of it. Scanners of mail follow links, they do not press, so nothing changes. */
export async function showApprovalLink(core: Core, token: string): Promise<ApprovalAnswer> {
  return answer(await open(core, token));
}

/**
 * Approves or declines, as the account that the link was sent to, with what it may now.
 * Safe to repeat: the second press is told how it was decided.
 */
export async function decideByApprovalLink(core: Core, token: string, form: ApprovalForm): Promise<ApprovalAnswer> {
  const opened = await open(core, token);
  if (!("planned" in opened)) return answer(opened);
  const { ctx, incident, planned } = opened;
  const reason = (form.reason ?? "").trim().slice(0, REASON_LENGTH_MAX);
  if (form.act === "decline" && reason === "") return answer(opened, "Say why, so that it can be changed.");
  try {
    if (form.act === "decline") await declinePlanned(ctx, incident.id, planned.id, { reason });
    else await approvePlanned(ctx, incident.id, planned.id, { version: Number(form.version) || 0 });
  } catch (error) {
    if (!isAppError(error) || (error.code !== "conflict" && error.code !== "forbidden")) throw error;
    return answer(await open(core, token), error.message);
  }
  return answer(await open(core, token));
}
