import { type ComponentStatus, componentStatuses, type SuppressionCause } from "./shared/lists.ts";

/** The worse of two states. Pure. */
export function worseState(a: ComponentStatus, b: ComponentStatus): ComponentStatus {
  return componentStatuses.indexOf(a) >= componentStatuses.indexOf(b) ? a : b;
}

/** The state of a component that these states are told of; none means operational. Pure. */
export function worstState(states: readonly ComponentStatus[]): ComponentStatus {
  return states.reduce<ComponentStatus>(worseState, "operational");
}

/**
 * Whether the public can read why a component is as it is: nothing is wrong, or `said`, what unresolved public
 * incidents that people still work on say of it, names something wrong. Pure.
 */
export function isExplained(status: ComponentStatus, said: readonly ComponentStatus[]): boolean {
  const isWrong = (one: ComponentStatus) => one !== "operational" && one !== "under_maintenance";
  return !isWrong(status) || said.some(isWrong);
}

type Placed = { id: string; groupId: string | null };

/** What stands at the top in its order, each group before what stands in it. Pure; what is given is in the order of positions. */
export function inPageOrder<T extends Placed>(rows: readonly T[]): T[] {
  const ids = new Set(rows.map((row) => row.id));
  const inGroup = Map.groupBy(rows, (row) => (row.groupId && ids.has(row.groupId) ? row.groupId : null));
  return (inGroup.get(null) ?? []).flatMap((row) => [row, ...(inGroup.get(row.id) ?? [])]);
}

export type Follower = { components: readonly string[]; internal: boolean };

/**
 * Whether an update goes to a follower: internal ones only to internal followers; without components every update,
 * with components those that touch one and those that name none. Pure.
 */
export function isForFollower(
  follower: Follower,
  update: { audience: "public" | "internal"; components: readonly string[] },
): boolean {
  if (update.audience === "internal" && !follower.internal) return false;
  if (follower.components.length === 0 || update.components.length === 0) return true;
  return update.components.some((id) => follower.components.includes(id));
}

const causeWords: Record<SuppressionCause, string> = {
  bounce: "Mail to it came back",
  complaint: "Its reader reported a mail as spam",
  manual: "Somebody took it off",
};

/** Why a subscriber gets no mail, beside the delivery that was not made. Pure. */
export function suppressedWords({ cause, reason }: { cause: SuppressionCause; reason: string }): string {
  return `This address gets no mail. ${causeWords[cause]}: ${reason}`;
}
