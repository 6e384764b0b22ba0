/** What is compared of an incident. Times in milliseconds. */
export type Comparable = {
  title: string;
  serviceIds: readonly string[];
  serviceNames: readonly string[];
  /** Labels of its alerts, as `name=value`. */
  labels: ReadonlySet<string>;
  alertNames: ReadonlySet<string>;
  dedupKeys: ReadonlySet<string>;
  integrationIds: ReadonlySet<string>;
  startedMs: number;
};
export type Likeness = { score: number; reasons: string[] };

/** What each likeness counts; they add up to 100. */
const weights = { service: 35, key: 25, alert: 10, labels: 10, title: 12, time: 8 };
/** Below this the likeness is chance, and suggesting it would mislead. */
export const LIKENESS_MIN = 20;
const NEAR_MS = 10 * 60_000;
const FAR_MS = 6 * 3_600_000;
/** Words and labels that are in everything tell nothing apart. */
const common = new Set(
  "a an and are at by for from high in is low of on or the to too with error errors alert".split(" "),
);
const commonLabels = /^(severity|priority|alertname|job|env|environment|prometheus|receiver|team)=/;

/** The words of a title that tell it apart. Pure. */
export function tokensOf(title: string): Set<string> {
  const words =
    title
      .replace(/([a-z\d])([A-Z])/g, "$1 $2")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length > 1 && !common.has(word)));
}

function shared<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): T[] {
  return [...a].filter((each) => b.has(each));
}

function part<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): number {
  const smaller = Math.min(a.size, b.size);
  return smaller === 0 ? 0 : shared(a, b).length / smaller;
}

function minutesText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "in the same minute";
  return minutes < 120 ? `${minutes} min apart` : `${Math.round(minutes / 60)} h apart`;
}

/** How alike two incidents are, 0 to 100, and why, the strongest reason first. Pure. */
export function likenessOf(one: Comparable, other: Comparable): Likeness {
  const found: { points: number; text: string }[] = [];
  const add = (points: number, text: string) => points > 0 && found.push({ points, text });
  const services = one.serviceIds.flatMap((id, at) =>
    other.serviceIds.includes(id) ? [one.serviceNames[at] ?? id] : [],
  );
  if (services.length > 0) add(weights.service, `same service: ${services.slice(0, 3).join(", ")}`);
  const keys = shared(one.dedupKeys, other.dedupKeys);
  if (keys.length > 0 && shared(one.integrationIds, other.integrationIds).length > 0)
    add(weights.key, "the same alert fires in both");
  const names = shared(one.alertNames, other.alertNames);
  if (names.length > 0) add(weights.alert, `same alert name: ${names.slice(0, 2).join(", ")}`);
  const telling = (labels: ReadonlySet<string>) => new Set([...labels].filter((label) => !commonLabels.test(label)));
  const labels = shared(telling(one.labels), telling(other.labels));
  add(
    Math.round(weights.labels * part(telling(one.labels), telling(other.labels))),
    `same labels: ${labels.slice(0, 3).join(", ")}`,
  );
  const words = shared(tokensOf(one.title), tokensOf(other.title));
  add(
    Math.round(weights.title * part(tokensOf(one.title), tokensOf(other.title))),
    `same words: ${words.slice(0, 4).join(", ")}`,
  );
  const apart = Math.abs(one.startedMs - other.startedMs);
  const nearness = apart <= NEAR_MS ? 1 : Math.max(0, 1 - (apart - NEAR_MS) / (FAR_MS - NEAR_MS));
  // Two things at the same time are not alike for that alone.
  if (found.length > 0) add(Math.round(weights.time * nearness), minutesText(apart));
  const reasons = found.toSorted((a, b) => b.points - a.points).map((each) => each.text);
  return { score: found.reduce((sum, each) => sum + each.points, 0), reasons };
}
