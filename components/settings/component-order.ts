import type { ComponentView } from "#/server/audience/contract.ts";

type Placed = Pick<ComponentView, "id" | "group" | "groupId" | "position">;
/** A place in a group, or at the top when it is null, counted from 1 without the one that is moved. */
export type Place = { groupId: string | null; position: number };

/**
 * Where something comes that is dropped on the upper or lower half of a row: before or after it, and on the lower
 * half of a group into it. Null where it cannot be, or is already. Pure.
 */
export function placeOnDrop(moved: Placed, target: Placed, half: "upper" | "lower"): Place | null {
  if (moved.id === target.id) return null;
  if (target.group && half === "lower" && !moved.group) {
    return moved.groupId === target.id && moved.position === 1 ? null : { groupId: target.id, position: 1 };
  }
  // A group stays at the top: inside another it has no place.
  if (moved.group && target.groupId !== null) return null;
  const isBefore = moved.groupId === target.groupId && moved.position < target.position;
  const position = target.position + (half === "lower" ? 1 : 0) - (isBefore ? 1 : 0);
  return moved.groupId === target.groupId && moved.position === position ? null : { groupId: target.groupId, position };
}

/** Where a press on ↑ or ↓ brings it: one step further in its group or at the top; null at the end. Pure. */
export function placeOnStep(moved: Placed, all: readonly Placed[], step: -1 | 1): Place | null {
  const count = all.filter((one) => one.groupId === moved.groupId).length;
  const position = moved.position + step;
  return position < 1 || position > count ? null : { groupId: moved.groupId, position };
}
