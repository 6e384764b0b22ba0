/** The API's address of an incident, or of something in it. */
export function incidentPath(incidentId: string, ...rest: readonly string[]): string {
  return ["/api/v1/incidents", incidentId, ...rest]
    .map((part, at) => (at === 0 ? part : encodeURIComponent(part)))
    .join("/");
}
