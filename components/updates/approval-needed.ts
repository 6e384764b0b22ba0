"use client";

import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import type { Audience } from "#/server/updates/shared/lists.ts";
import { needsNobodyElse } from "#/server/updates/shared/planned.ts";

export type Needed = {
  /** Somebody else has to agree before it goes out. */
  isNeeded: boolean;
  /** What the button that asks says. */
  ask: string;
  /** Why, in a sentence. */
  why: string;
};

/** Whether what the reader writes for an audience goes out by itself, or whom it asks. */
export function useApprovalNeeded(audience: Audience): Needed {
  const { incident, updateRules } = useRoom().room;
  const me = useMe();
  const rule = updateRules.approval[audience];
  const commander = incident.roles.find((each) => each.role === "commander")?.holder ?? null;
  const severity = incident.severity ?? incident.suggestedSeverity ?? "";
  if (needsNobodyElse(rule, me.id, commander?.id ?? null)) return { isNeeded: false, ask: "", why: "" };
  if (rule === "commander") {
    const why = commander
      ? `${severity}: needs the commander's approval.`
      : `${severity}: needs the commander's approval, and nobody commands.`;
    return { isNeeded: true, ask: commander ? `Ask ${commander.name} to approve` : "Ask for approval", why };
  }
  return { isNeeded: true, ask: "Ask for approval", why: `${severity}: a second person approves it.` };
}
