/** The units in which people give an interval, the largest first. */
export const intervalUnits = [
  { seconds: 86_400, one: "day", many: "days" },
  { seconds: 3_600, one: "hour", many: "hours" },
  { seconds: 60, one: "minute", many: "minutes" },
  { seconds: 1, one: "second", many: "seconds" },
] as const;

/** An interval in its largest whole unit. Pure. */
export function splitInterval(seconds: number): { count: number; unit: number } {
  const unit = intervalUnits.find((each) => seconds % each.seconds === 0)?.seconds ?? 1;
  return { count: seconds / unit, unit };
}

/** `every 10 minutes`, `every day`. Pure. */
export function everyWords(seconds: number): string {
  const { count, unit } = splitInterval(seconds);
  const words = intervalUnits.find((each) => each.seconds === unit) ?? intervalUnits[3];
  return count === 1 ? `every ${words.one}` : `every ${count} ${words.many}`;
}
