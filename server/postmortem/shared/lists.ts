export const postmortemStates = ["draft", "in_review", "reviewed", "closed"] as const;
export type PostmortemState = (typeof postmortemStates)[number];
