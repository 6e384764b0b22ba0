import type { GroupEvidence } from "#/db/schema/index.ts";
import { alertName, type RoutedAlert } from "../routing/route.ts";
import { EVIDENCE_LABELS } from "./relate.ts";

/** Distinct values of one label that are kept of a group. */
const EVIDENCE_VALUES_MAX = 20;
const VALUE_LENGTH_MAX = 200;

/** What is known of a group with one more alert, and whether that says anything new. Pure. */
export function evidenceWith(
  known: GroupEvidence | undefined,
  alert: Pick<RoutedAlert, "labels" | "title">,
): { evidence: GroupEvidence; grew: boolean } {
  const evidence: GroupEvidence = { labels: { ...known?.labels }, names: known?.names ?? [] };
  let grew = !known;
  const add = (list: string[], value: string) => {
    if (list.includes(value) || list.length >= EVIDENCE_VALUES_MAX) return list;
    grew = true;
    return [...list, value];
  };
  evidence.names = add(evidence.names, alertName(alert).slice(0, VALUE_LENGTH_MAX));
  for (const label of EVIDENCE_LABELS) {
    const value = alert.labels[label];
    if (value) evidence.labels[label] = add(evidence.labels[label] ?? [], value.slice(0, VALUE_LENGTH_MAX));
  }
  return { evidence, grew };
}

/** The evidence of several groups as one. Pure. */
export function joinedEvidence(all: readonly GroupEvidence[]): GroupEvidence {
  const labels: Record<string, string[]> = {};
  for (const each of all) {
    for (const [label, values] of Object.entries(each.labels)) {
      labels[label] = [...new Set([...(labels[label] ?? []), ...values])];
    }
  }
  return { labels, names: [...new Set(all.flatMap((each) => each.names))] };
}
