/** The life of a postmortem, in order. */
export const postmortemStates = ["draft", "in_review", "reviewed", "closed"] as const;
export type PostmortemState = (typeof postmortemStates)[number];

/** What the interface calls each state. */
export const postmortemStateNames: Record<PostmortemState, string> = {
  draft: "Draft",
  in_review: "In review",
  reviewed: "Reviewed",
  closed: "Closed",
};

/** One line of a list; the how belongs into the text. */
export const ACTION_ITEM_TITLE_LENGTH_MAX = 300;
/** More than this from one incident is a project, not a list. */
export const ACTION_ITEMS_PER_INCIDENT_MAX = 200;
