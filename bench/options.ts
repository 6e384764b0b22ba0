/** A whole number given as `--name=…` on the command line, or the default. @throws Error for anything else */
export function numberOption(name: string, byDefault: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  if (given === undefined) return byDefault;
  const value = Number(given.slice(name.length + 3));
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} must be a whole number from 1.`);
  return value;
}

/** Seed of a run that names none; it is printed, so that the run can be repeated. */
export const todaysSeed = Number(new Date().toISOString().slice(0, 10).replaceAll("-", ""));

/** Words given as `--name=a,b`, or the default. @throws Error for a word that is not among the known ones */
export function listOption(name: string, known: readonly string[]): readonly string[] {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  if (given === undefined) return known;
  const words = given.slice(name.length + 3).split(",");
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) throw new Error(`--${name} knows ${known.join(", ")}; not ${unknown}.`);
  return words;
}
