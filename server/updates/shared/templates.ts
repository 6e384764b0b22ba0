import type { Severity } from "#/server/incidents/shared/lists.ts";
import type { UpdateStatus } from "./lists.ts";

/** When a template is offered: an empty list of severities or statuses means any. */
export type TemplateScope = { severities: readonly Severity[]; statuses: readonly UpdateStatus[] };
export type Template = TemplateScope & { id: string; name: string; body: string; isHolding: boolean };

/** The first word: it says that somebody looks, and needs no knowledge of the cause. */
const shippedHolding: Template = {
  id: "holding",
  name: "Holding statement",
  severities: [],
  statuses: ["investigating"],
  isHolding: true,
  body: "We are looking into a problem that affects {{components|some of our services}}. We will say what is affected, and what still works, as soon as we know it.",
};

/** What is there before anybody wrote a template, and again after the last one was deleted. */
export const shippedTemplates: readonly Template[] = [
  shippedHolding,
  {
    id: "scope",
    name: "Some are affected",
    severities: ["SEV3", "SEV4", "SEV5"],
    statuses: ["investigating"],
    isHolding: false,
    body: "Since {{started}} some customers have problems with {{components|[what they use]}}. {{impact|[Who is affected, and how.]}} We are looking for the cause.",
  },
  {
    id: "scope-major",
    name: "Many are affected",
    severities: ["SEV1", "SEV2"],
    statuses: ["investigating"],
    isHolding: false,
    body: "Since {{started}} many customers cannot use {{components|[what they use]}}. {{impact|[Who is affected, how, and what still works.]}} All who can help are working on it.",
  },
  {
    id: "cause",
    name: "Cause found",
    severities: [],
    statuses: ["identified"],
    isHolding: false,
    body: "We found the cause of the problem with {{components|our service}} and are working on it. {{impact|[Who is affected, and what still works.]}}",
  },
  {
    id: "no-news",
    name: "Nothing new yet",
    severities: [],
    statuses: ["investigating", "identified", "monitoring"],
    isHolding: false,
    body: "We are still working on the problem with {{components|our service}}, and nothing has changed since our last update. {{impact|[Who is affected, and what still works.]}}",
  },
  {
    id: "fixed",
    name: "Fix in place",
    severities: [],
    statuses: ["monitoring"],
    isHolding: false,
    body: "A fix is in place, and {{components|our service}} works again for most customers. We are watching it. If something still fails for you, please tell our support.",
  },
  {
    id: "resolved",
    name: "Resolved",
    severities: [],
    statuses: ["resolved"],
    isHolding: false,
    body: "The problem with {{components|our service}} is over and everything works again. It lasted {{duration}}, from {{started}}. [Was data lost? Say so either way.] We are sorry for the trouble.",
  },
];

/** Whether a template is meant for this stage of an incident of this severity. Pure. */
export function isMeantFor(scope: TemplateScope, severity: Severity | null, status: UpdateStatus): boolean {
  const fitsSeverity = scope.severities.length === 0 || (severity !== null && scope.severities.includes(severity));
  return fitsSeverity && (scope.statuses.length === 0 || scope.statuses.includes(status));
}

/** Those meant for it first, each part in its order. Pure. */
export function byFit<T extends TemplateScope>(
  templates: readonly T[],
  severity: Severity | null,
  status: UpdateStatus,
): { meant: T[]; others: T[] } {
  const { meant = [], others = [] } = Object.groupBy(templates, (each) =>
    isMeantFor(each, severity, status) ? "meant" : "others",
  );
  return { meant, others };
}

/** The holding statement for a severity: the team's first that fits, else the shipped one. Pure. */
export function holdingTemplate(templates: readonly Template[], severity: Severity | null): Template {
  return templates.find((each) => each.isHolding && isMeantFor(each, severity, "investigating")) ?? shippedHolding;
}
