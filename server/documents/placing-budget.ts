import * as Y from "yjs";

/**
 * Yjs looks for an item's place among all that others put between the same neighbours, one after another. Where people
 * type that is a handful; an update made for it can have it walk over thousands for each of its thousands of items,
 * which takes seconds, now and at every load. So the steps are counted before they are walked.
 */
export const PLACING_STEPS_MAX = 20_000;

let stepsLeft: number | null = null;
const integrate = Y.Item.prototype.integrate;

Y.Item.prototype.integrate = function (this: Y.Item, transaction: Y.Transaction, offset: number): void {
  if (stepsLeft !== null) {
    stepsLeft -= stepsToPlace(this, transaction.doc.store, offset, stepsLeft);
    if (stepsLeft < 0) throw new Error("its places take too long to find");
  }
  integrate.call(this, transaction, offset);
};

/** Runs `apply`, in which Yjs may take this many steps to place items. @throws Error where it would take more */
export function withinPlacingBudget(apply: () => void): void {
  stepsLeft = PLACING_STEPS_MAX;
  try {
    apply();
  } finally {
    stepsLeft = null;
  }
}

function firstNeighbour(item: Y.Item, store: Y.Doc["store"], offset: number): Y.Item | null {
  const { client, clock } = item.id;
  const left = offset > 0 ? Y.getItem(store, Y.createID(client, clock + offset - 1)) : item.left;
  if (left instanceof Y.Item) return left.right;
  if (!(item.parent instanceof Y.AbstractType)) return null;
  return item.parentSub === null ? item.parent._start : (item.parent._map.get(item.parentSub) ?? null);
}

/** The items that Yjs 13.6 looks at in `Item.integrate` before it knows the place, `most` + 1 at most. */
function stepsToPlace(item: Y.Item, store: Y.Doc["store"], offset: number, most: number): number {
  let steps = 0;
  let at = firstNeighbour(item, store, offset);
  if (item.parentSub !== null && item.left === null) {
    for (; at?.left && steps <= most; at = at.left) steps += 1;
  }
  const passed = new Set<unknown>();
  for (; at !== null && at !== item.right && steps <= most; at = at.right) {
    steps += 1;
    passed.add(at);
    if (Y.compareIDs(item.origin, at.origin)) {
      if (at.id.client >= item.id.client && Y.compareIDs(item.rightOrigin, at.rightOrigin)) break;
    } else if (at.origin === null || !passed.has(Y.getItem(store, at.origin))) {
      break;
    }
  }
  return steps;
}
