import { and, desc, eq, inArray } from "drizzle-orm";
import { deliveries, incidents, timelineEntries } from "#/db/schema/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { acceptIncident, declineIncident, type IncidentRow, mergeIncident } from "#/server/incidents/index.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { isAppError } from "#/server/platform/errors.ts";
import { type LinkAct, readTriageLink, whoMaySeeByAddress } from "#/server/updates/index.ts";
import type { LinkPage, LinkSubject } from "./link-page.ts";
import { suggestMerge } from "./suggest-merge.ts";
import { deciderOf } from "./who-decides.ts";

export type LinkAnswer = { status: 200 | 403 | 404 | 409 | 410; page: LinkPage };
export type LinkForm = { reason?: string | undefined; words?: string | undefined; into?: string | undefined };

type Opened = { act: LinkAct; incident: IncidentRow; email: string; subject: LinkSubject };

const done: Record<LinkAct, string> = { accept: "Accepted", merge: "Merged", decline: "Declined" };
const decisions: Record<string, string> = {
  "incident.accepted": "accepted it",
  "incident.declined": "declined it",
  "incident.merged": "merged it into another",
};

function message(status: LinkAnswer["status"], title: string, text: string, subject?: LinkSubject): LinkAnswer {
  return { status, page: { kind: "message", title, text, subject } };
}

/** The last decision about an incident, for whoever comes too late. */
async function decidedBy(core: Core, incidentId: string): Promise<string> {
  const [entry] = await core.db.read
    .select()
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), inArray(timelineEntries.type, Object.keys(decisions))))
    .orderBy(desc(timelineEntries.seq))
    .limit(1);
  if (!entry) return "It no longer waits for a decision.";
  const at = `${entry.at.toISOString().slice(11, 16)} UTC`;
  return `${entry.actorName} ${decisions[entry.type]} at ${at}. Nothing is left to do here.`;
}

async function open(core: Core, token: string): Promise<Opened | LinkAnswer> {
  const link = readTriageLink(core.config, token);
  const [found] = link
    ? await core.db.read
        .select({ incident: incidents, email: deliveries.destination })
        .from(deliveries)
        .innerJoin(incidents, eq(incidents.id, deliveries.incidentId))
        .where(and(eq(deliveries.id, link.deliveryId), eq(deliveries.channel, "email"), eq(deliveries.kind, "triage")))
    : [];
  if (!link || !found) {
    return message(404, "This link does not work", "It may have been cut off on its way. Open it from the mail again.");
  }
  const { incident, email } = found;
  const isPrivate = incident.visibility === "private";
  const title = isPrivate ? "A private incident" : incident.title;
  const url = `${core.config.publicUrl}/incidents/${incident.reference}`;
  const subject = { reference: incident.reference, title, url };
  if (link.expiresAt <= core.now()) {
    return message(
      410,
      "This link is too old",
      "Links of mails are good for a day. The incident says how it stands.",
      subject,
    );
  }
  if (isPrivate && (await whoMaySeeByAddress(core.db.read, incident.id, [email])).length === 0) {
    return message(404, "This link does not work", "The incident is not for this address any more.");
  }
  if (incident.status !== "triage") {
    return message(200, `${incident.reference} is decided`, await decidedBy(core, incident.id), subject);
  }
  return { act: link.act, incident, email, subject };
}

/** What a link of a mail leads to: a question. Scanners of mail follow links, they do not press, so nothing changes. */
export async function showLink(core: Core, token: string, problem?: string): Promise<LinkAnswer> {
  const opened = await open(core, token);
  if ("page" in opened) return opened;
  const { act, incident, email, subject } = opened;
  const decider = await deciderOf(core.db.read, email, { byLink: incident.visibility === "public" });
  if ("refusal" in decider) return message(403, "This is not for you to decide", decider.refusal, subject);
  const ctx = ctxFor(core, decider.actor);
  const suggestions = act === "merge" ? await suggestMerge(core.db.read, ctx, incident.id) : [];
  const page: LinkPage = { kind: "ask", act, subject, as: decider.actor.name, suggestions, problem };
  return { status: problem ? 409 : 200, page };
}

/**
 * Decides what the link says, as the account of the address, or as the address *by link*.
 * Safe to repeat: the second press is told how it was decided.
 */
export async function decideByLink(core: Core, token: string, form: LinkForm): Promise<LinkAnswer> {
  const opened = await open(core, token);
  if ("page" in opened) return opened;
  const { act, incident, email, subject } = opened;
  const decider = await deciderOf(core.db.read, email, { byLink: incident.visibility === "public" });
  if ("refusal" in decider) return message(403, "This is not for you to decide", decider.refusal, subject);
  const ctx = ctxFor(core, decider.actor);
  try {
    if (act === "accept") await acceptIncident(ctx, { incident: incident.id });
    else if (act === "decline") {
      const reason = [form.reason, form.words?.trim()].filter(Boolean).join(": ").slice(0, REASON_LENGTH_MAX);
      await declineIncident(ctx, { incident: incident.id, reason });
    } else {
      // Only what was offered: a link is for one incident and its likely targets.
      const offered = await suggestMerge(core.db.read, ctx, incident.id);
      if (!offered.some((each) => each.incident.id === form.into)) {
        return showLink(core, token, "That incident is no longer open. Choose again.");
      }
      await mergeIncident(ctx, { incident: incident.id, into: form.into ?? "" });
    }
  } catch (error) {
    // Somebody was faster: the page says who.
    if (isAppError(error) && error.code === "conflict") return showLink(core, token);
    throw error;
  }
  return message(
    200,
    `${done[act]} ${incident.reference}`,
    `${subject.title}. The timeline says that it was ${decider.actor.name}.`,
    subject,
  );
}
