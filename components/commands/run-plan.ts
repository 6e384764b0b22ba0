import { api, problemText } from "#/components/api/client.ts";
import { chooseTheme } from "#/components/ui/theme.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { Call, Plan, Shown, Undo } from "./command.ts";

/** What the page lends to commands. */
export type Acts = {
  show: (what: Shown, text?: string) => void;
  go: (href: string) => void;
  setZone: (zone: "utc" | "local") => void;
  showKeys: () => void;
};

type Taken = { told: string; undo: Undo; answers: readonly unknown[] };
let last: Taken | null = null;

/** What the last command did, when it can be taken back; null on the next page. */
export function undoable(): string | null {
  return last?.told ?? null;
}

async function send({ method, path, body }: Call): Promise<unknown> {
  return api[method](path, body ?? (method === "delete" ? undefined : {}));
}

function isStillSo(incident: IncidentView, expected: Partial<IncidentView>): boolean {
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return Object.entries(expected).every(([field, value]) => same(incident[field as keyof IncidentView], value));
}

/** Takes back what the last command did, unless somebody changed it since. @throws ApiProblem */
async function takeBack({ told, undo, answers }: Taken): Promise<string> {
  const calls = undo.calls(answers);
  const incidentPath = /^\/api\/v1\/incidents\/[^/]+/.exec(calls[0]?.path ?? "")?.[0];
  if (undo.expects && incidentPath) {
    const now = await api.get<IncidentView>(incidentPath);
    if (!isStillSo(now, undo.expects)) return "Somebody changed it since. Nothing was undone.";
  }
  for (const call of calls) await send(call);
  return `Undone: ${told.charAt(0).toLowerCase()}${told.slice(1)}`;
}

async function undo(taken: Taken | null): Promise<void> {
  if (!taken) return toast("There is nothing to undo.");
  if (last === taken) last = null;
  try {
    toast(await takeBack(taken));
  } catch (error) {
    last ??= taken;
    toast(problemText(error), "bad");
  }
}

async function runCalls(plan: Extract<Plan, { kind: "calls" }>): Promise<void> {
  const answers = [await send(plan.first)];
  if (plan.second) answers.push(await send(plan.second(answers[0])));
  if (!plan.undo) {
    last = null;
    return toast(plan.told);
  }
  const taken = { told: plan.told, undo: plan.undo, answers };
  last = taken;
  toast(plan.told, "ok", { label: "Undo", run: () => void undo(taken) });
}

/**
 * Does what a command decided, and says so in passing, with Undo where there is one.
 * Answers with what went wrong, in words for the person, or null when it is done.
 */
export async function runPlan(plan: Plan, acts: Acts): Promise<string | null> {
  try {
    switch (plan.kind) {
      case "refused":
        return plan.problem;
      case "calls":
        await runCalls(plan);
        return null;
      case "undo":
        await undo(last);
        return null;
      case "show":
        acts.show(plan.what, plan.text);
        return null;
      case "go":
        acts.go(plan.href);
        return null;
      case "copy":
        await navigator.clipboard.writeText(plan.text);
        toast(plan.told);
        return null;
      case "theme":
        chooseTheme(plan.theme);
        return null;
      case "zone":
        acts.setZone(plan.zone);
        toast(plan.zone === "utc" ? "Times are shown in UTC" : "Times are shown in your time");
        return null;
      case "keys":
        acts.showKeys();
        return null;
      case "sign-out":
        await (await import("next-auth/react")).signOut({ callbackUrl: "/sign-in" });
        return null;
      default:
        return plan satisfies never;
    }
  } catch (error) {
    if (plan.kind === "copy") return `This browser does not let the page copy. The address is ${plan.text}`;
    return problemText(error);
  }
}
