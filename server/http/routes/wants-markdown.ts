/** True when Markdown is asked for before JSON. Pure. */
export function wantsMarkdown(accept: string | undefined): boolean {
  const types = (accept ?? "").split(",").map((part) => part.split(";")[0]?.trim().toLowerCase());
  return types.find((type) => type === "text/markdown" || type === "application/json") === "text/markdown";
}
