import type { Tone } from "#/components/ui/tag.tsx";
import type { AlertStatus } from "#/server/alerts/shared/lists.ts";

/** How each status of an alert looks: sign, word and tone. */
export const alertLooks: Record<AlertStatus, { sign: string; word: string; tone: Tone }> = {
  firing: { sign: "◆", word: "Firing", tone: "bad" },
  acknowledged: { sign: "◇", word: "Acknowledged", tone: "warn" },
  resolved: { sign: "●", word: "Resolved", tone: "ok" },
  suppressed: { sign: "–", word: "Suppressed", tone: "plain" },
};
