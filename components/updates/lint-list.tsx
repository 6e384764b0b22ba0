"use client";

import { useNow } from "#/components/ui/clock.tsx";
import { lintUpdate } from "#/server/updates/shared/lint-update.ts";
import type { DataLoss } from "#/server/updates/shared/lists.ts";
import { nextUpdateOf, type UpdateForm } from "./update-form.ts";

type Props = { form: UpdateForm; body: string; dataLost: DataLoss | null; pageHost: string };

/** What readers look for in the text and what they would take wrongly, each with what to do. It advises; nothing waits for it. */
export function LintList({ form, body, dataLost, pageHost }: Props) {
  const nowMs = useNow();
  const findings = lintUpdate(
    {
      status: form.status,
      audience: form.audience,
      body,
      nextUpdateAt: nextUpdateOf(form, nowMs),
      dataLost,
      hasMajorOutage: form.components.some((each) => each.status === "major_outage"),
      pageHost,
    },
    new Date(nowMs),
  );
  if (findings.length === 0) return null;
  return (
    <ul aria-label="Looked over" className="flex flex-col gap-1 text-s">
      {findings.map(({ rule, isGood, text, help }) => (
        <li key={rule} className="flex gap-2">
          <b aria-hidden="true" className={isGood ? "text-ok" : "text-warn"}>
            {isGood ? "✓" : "!"}
          </b>
          <span className="min-w-0 wrap-anywhere">
            <span className={isGood ? "text-ok" : "text-warn"}>{text}</span>
            {help && <span className="text-muted"> {help}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}
