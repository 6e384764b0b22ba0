import { inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { settings } from "#/db/schema/index.ts";
import { type Severity, severities } from "#/server/incidents/shared/lists.ts";
import { CADENCE_DEFAULT, CADENCE_UNKNOWN, type Cadence } from "#/server/updates/shared/cadence.ts";
import { type Audience, audiences } from "#/server/updates/shared/lists.ts";
import type { ApprovalRule } from "#/server/updates/shared/planned.ts";
import type { Approval, ChangeSettingsInput } from "./contract.ts";

type GivenApproval = NonNullable<ChangeSettingsInput["approval"]>;

/** Who has to agree: nobody, until an organisation says otherwise, for whoever publishes by the API expects it out. Pure. */
export function approvalOf(stored: unknown): Approval {
  return mergedApproval(undefined, (stored as GivenApproval | undefined) ?? {});
}

/** What is stored with a change of some of it. Pure. */
export function mergedApproval(stored: unknown, change: GivenApproval): Approval {
  const kept = (stored as GivenApproval | undefined) ?? {};
  const of = (audience: Audience) =>
    Object.fromEntries(
      severities.map((severity) => [severity, change[audience]?.[severity] ?? kept[audience]?.[severity] ?? "none"]),
    ) as Record<Severity, ApprovalRule>;
  return Object.fromEntries(audiences.map((audience) => [audience, of(audience)])) as Approval;
}

/** How often people hear. Pure. */
export function cadenceOf(stored: unknown): Record<Severity, Cadence> {
  return { ...CADENCE_DEFAULT, ...(stored as Partial<Record<Severity, Cadence>> | undefined) };
}

export type UpdateRules = {
  /** Who has to agree before an update goes out. */
  approvalFor(audience: Audience): ApprovalRule;
  cadence: Cadence;
};

/** The rules for updates of an incident: of its severity, or of what the alerts suggest while nobody chose. One query. */
export async function updateRulesAt(
  q: Sql,
  incident: { severity: Severity | null; suggestedSeverity: Severity | null },
): Promise<UpdateRules> {
  const found = await q
    .select()
    .from(settings)
    .where(inArray(settings.name, ["approval", "cadence"]));
  const stored = new Map(found.map((row) => [row.name, row.value]));
  const severity = incident.severity ?? incident.suggestedSeverity;
  const approval = approvalOf(stored.get("approval"));
  return {
    approvalFor: (audience) => (severity ? approval[audience][severity] : "none"),
    cadence: severity ? cadenceOf(stored.get("cadence"))[severity] : CADENCE_UNKNOWN,
  };
}
