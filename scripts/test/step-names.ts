/** The steps of the suite, in the order in which they run. */
export const stepNames = ["check", "unit", "embedded", "postgres", "e2e", "measure"] as const;

export type StepName = (typeof stepNames)[number];

/** The steps named on the command line; none named means all. @throws Error with the usage for an unknown one. */
export function parseSteps(args: readonly string[]): Set<StepName> {
  const unknown = args.filter((arg) => !stepNames.some((name) => name === arg));
  if (unknown.length > 0) {
    throw new Error(
      `unknown step ${unknown.join(", ")}\nusage: npm test [-- ${stepNames.map((name) => `[${name}]`).join(" ")}]`,
    );
  }
  return new Set(stepNames.filter((name) => args.length === 0 || args.includes(name)));
}
