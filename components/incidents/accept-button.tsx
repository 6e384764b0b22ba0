"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Kbd } from "#/components/ui/kbd.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { type Severity, severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import { SeverityMark } from "./severity.tsx";

/** Takes a triage incident on, with the suggested severity unless another is given; then to its room. */
export function useAccept(incident: IncidentView): { accept: (as?: Severity) => Promise<void>; isPending: boolean } {
  const router = useRouter();
  const [isPending, setPending] = useState(false);
  const isRunning = useRef(false);
  async function accept(as?: Severity): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setPending(true);
    const severity = as ?? incident.severity ?? incident.suggestedSeverity;
    try {
      await api.post(`/api/v1/incidents/${incident.id}/accept`, severity ? { severity } : {});
      router.push(`/incidents/${incident.reference}`);
    } catch (error) {
      toast(problemText(error), "bad");
    } finally {
      isRunning.current = false;
      setPending(false);
    }
  }
  return { accept, isPending };
}

type Props = {
  incident: IncidentView;
  size?: "s" | "m";
  /** The key that does the same, shown on the button. */
  shortcut?: string;
  className?: string;
};

/** One press accepts, with the severity that is suggested; beside it, a menu accepts with another one. */
export function AcceptButton({ incident, size = "m", shortcut, className }: Props) {
  const { accept, isPending } = useAccept(incident);
  const suggested = incident.severity ?? incident.suggestedSeverity;
  return (
    <span className="inline-flex max-md:grow">
      <Button
        size={size}
        variant="primary"
        isPending={isPending}
        className={cx("grow rounded-r-none", className)}
        {...(shortcut && { "aria-keyshortcuts": shortcut })}
        onClick={() => void accept()}
      >
        Accept {shortcut && <Kbd>{shortcut}</Kbd>}
      </Button>
      <Menu
        size={size}
        variant="primary"
        align="end"
        label="Choose a severity and accept"
        className="[&>button]:rounded-l-none [&>button]:border-l-accent-ink/40 [&>button]:px-2 max-md:[&>button]:min-h-11 max-md:[&>button]:min-w-11"
        items={severities.map((severity) => ({
          label: (
            <>
              <SeverityMark severity={severity} /> {severityMeanings[severity].name}
            </>
          ),
          hint:
            severity === suggested
              ? `Suggested. ${severityMeanings[severity].meaning}`
              : severityMeanings[severity].meaning,
          onSelect: () => void accept(severity),
        }))}
      >
        <span aria-hidden="true">▾</span>
      </Menu>
    </span>
  );
}
