/** What an event says about itself. Its shape is the writer's; readers take what they find. */
export type Data = Readonly<Record<string, unknown>>;

/** A text under one of these names, or nothing. */
export function textOf(data: Data, ...names: string[]): string {
  for (const name of names) {
    const value = data[name];
    if (typeof value === "string" && value !== "") return value;
  }
  return "";
}

/** A number under this name, or null. */
export function numberOf(data: Data, name: string): number | null {
  const value = data[name];
  return typeof value === "number" ? value : null;
}

/** The texts of a list under this name. */
export function listOf(data: Data, name: string): string[] {
  const value = data[name];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

/** `a`, `a and b`, `a, b and c`. */
export function inWords(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** `investigating` → `Investigating`, `database-lead` → `Database lead`. */
export function sentenceCase(word: string): string {
  const plain = word.replaceAll(/[-_]/g, " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}

const fieldNames: Readonly<Record<string, string>> = {
  title: "title",
  type: "type",
  impactText: "impact",
  hypothesis: "theory",
  services: "services",
  links: "links",
  customFields: "details",
  nextUpdateDueAt: "time of the next update",
  impactStartedAt: "start of the impact",
  impactEndedAt: "end of the impact",
  detectedAt: "time of detection",
  acknowledgedAt: "time of acknowledgement",
  mitigatedAt: "time of mitigation",
};

/** The fields of a change, as people call them. */
export function fieldsOf(data: Data): string[] {
  return listOf(data, "fields").map((field) => fieldNames[field] ?? sentenceCase(field).toLowerCase());
}

const channelNames: Readonly<Record<string, string>> = { status_page: "status page", slack: "Slack", email: "e-mail" };

/** The channels that an update or a word went to. */
export function channelsOf(data: Data): string[] {
  return listOf(data, "channels").map((channel) => channelNames[channel] ?? channel);
}
