"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useListKeys } from "#/components/incidents/use-triage-keys.ts";
import { useListFacts } from "#/components/realtime/use-list-facts.ts";
import type { AlertView } from "#/server/alerts/contract.ts";
import { AlertRow } from "./alert-row.tsx";

/** A storm of alerts reads the list anew at most this often. */
const REFRESH_PAUSE_MS = 2_000;

type Props = { alerts: readonly AlertView[]; canAct: boolean; empty: ReactNode };

/** Alerts, last seen first; follows what happens to their incidents. J and K move through it. */
export function AlertList({ alerts, canAct, empty }: Props) {
  const list = useRef<HTMLUListElement>(null);
  useListKeys(list, ":scope > li [data-alert]");
  useRefreshSoon();
  if (alerts.length === 0) return empty;
  return (
    <ul ref={list} aria-label="Alerts" className="border-b border-line">
      {alerts.map((alert) => (
        <AlertRow key={alert.id} alert={alert} canAct={canAct} />
      ))}
    </ul>
  );
}

/** Reads the page anew soon after something happened to an incident. */
export function useRefreshSoon(): void {
  const router = useRouter();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const refreshSoon = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      router.refresh();
    }, REFRESH_PAUSE_MS);
  };
  useListFacts(refreshSoon, refreshSoon);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
}
