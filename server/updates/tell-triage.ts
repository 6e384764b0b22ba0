import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentServices, incidents, services } from "#/db/schema/index.ts";
import { type Core, type Ctx, recordEvent } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { TriageWord } from "./compose.ts";
import { addDeliveries, type NewDelivery } from "./delivery-store.ts";

function servicesOf(tx: Sql, incidentId: string) {
  return tx
    .select({ name: services.name, tellEmails: services.tellEmails })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId));
}

/** Who was told, for the timeline. Pure. */
export function toldText(slack: boolean, emails: number): string {
  const people = emails === 1 ? "1 address by e-mail" : `${emails} addresses by e-mail`;
  if (slack) return emails > 0 ? `Slack and ${people} are being told` : "Slack is being told";
  return emails > 0
    ? `${people} ${emails === 1 ? "is" : "are"} being told`
    : "Nobody was told: neither Slack nor mail is set up for it";
}

/**
 * Sends the word that a triage incident opened: to Slack's channel and to these addresses.
 *
 * In the caller's transaction, with its deliveries, jobs and the event `people.told`. With nobody to tell nothing is
 * written and `told` is 0, so that the caller can say *Nobody will hear this*. Drills and private incidents tell nobody.
 */
export async function tellTriage(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  to: { emails: readonly string[] },
): Promise<{ told: number }> {
  if (incident.mode === "drill" || incident.visibility === "private") return { told: 0 };
  const settings = await readSettings(tx, ctx);
  const word: TriageWord = {
    reference: incident.reference,
    title: incident.title,
    severity: incident.severity ?? incident.suggestedSeverity,
    services: (await servicesOf(tx, incident.id)).map((service) => service.name),
    url: `${ctx.config.publicUrl}/incidents/${incident.reference}`,
  };
  const subject = { incidentId: incident.id, updateId: null, kind: "triage" as const, payload: { ...word } };
  const unique = new Map(to.emails.filter(isMailAddress).map((email) => [email.toLowerCase(), email]));
  const emails = settings.smtp ? [...unique.values()] : [];
  const wanted: NewDelivery[] = emails.map((email) => ({ ...subject, channel: "email", destination: email }));
  const channel = settings.slack?.channel;
  if (channel) wanted.unshift({ ...subject, channel: "slack", destination: channel });
  if (wanted.length === 0) return { told: 0 };
  await addDeliveries(tx, ctx, wanted);
  const slack = Boolean(channel);
  await recordEvent(tx, ctx, {
    incidentId: incident.id,
    type: "people.told",
    data: { slack, emails: emails.length, text: toldText(slack, emails.length) },
    parts: ["updates"],
  });
  return { told: wanted.length };
}

/**
 * Has every new triage incident told to the addresses of the organisation and of its services, in the transaction
 * that opens it. When nobody can be told, the timeline says so.
 */
export function registerTriageTelling(core: Core): void {
  core.handlers.on("incident.triaged", async (tx, ctx, event) => {
    const [incident] = await tx.select().from(incidents).where(eq(incidents.id, event.incidentId));
    if (!incident || incident.mode === "drill" || incident.visibility === "private") return;
    const { tellEmails } = await readSettings(tx, ctx);
    const ofServices = (await servicesOf(tx, incident.id)).flatMap((service) => service.tellEmails);
    const { told } = await tellTriage(tx, ctx, incident, { emails: [...tellEmails, ...ofServices] });
    if (told > 0) return;
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "people.told",
      data: { slack: false, emails: 0, text: toldText(false, 0) },
      parts: ["updates"],
    });
  });
}
