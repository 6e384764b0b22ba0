/** A field's text without spaces around it; empty when it is absent. */
export function textIn(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

/** The parts of a field that holds a list, one a line or with commas between them. */
export function listIn(form: FormData, name: string): string[] {
  return textIn(form, name)
    .split(/[\n,]/)
    .map((part) => part.trim())
    .filter(Boolean);
}
