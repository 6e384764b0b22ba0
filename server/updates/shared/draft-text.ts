/**
 * How much of a draft's text goes from its start once `published` is out: what was published with the space around it.
 * What came behind it stays; 0 when the draft does not begin with it any more. Pure.
 */
export function publishedLength(draft: string, published: string): number {
  const said = published.trim();
  const start = draft.length - draft.trimStart().length;
  if (said === "" || !draft.startsWith(said, start)) return 0;
  return draft.length - draft.slice(start + said.length).trimStart().length;
}
