"use client";

import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from "react";
import { keepPreference, ZONE_COOKIE, type Zone } from "./preferences.ts";
import { serverNowMs, syncClock } from "./server-clock.ts";

const TICK_MS = 1_000;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The server's time by this page's clock, in milliseconds, whole seconds. */
export function serverNow(): number {
  return Math.floor(serverNowMs() / TICK_MS) * TICK_MS;
}

type Clock = { renderedMs: number; zone: Zone; setZone: (zone: Zone) => void };
const ClockContext = createContext<Clock>({ renderedMs: 0, zone: "utc", setZone: () => undefined });

type Props = { serverTime: string; zone: Zone; children: ReactNode };

/** Gives a page the server's time and the choice between UTC and local times. */
export function ClockProvider({ serverTime, zone: initialZone, children }: Props) {
  const [zone, setZone] = useState(initialZone);
  useEffect(() => syncClock(serverTime), [serverTime]);
  const choose = (next: Zone) => {
    keepPreference(ZONE_COOKIE, next);
    setZone(next);
  };
  return <ClockContext value={{ renderedMs: Date.parse(serverTime), zone, setZone: choose }}>{children}</ClockContext>;
}

/** The server's time in milliseconds, a new value every second. */
export function useNow(): number {
  const { renderedMs } = useContext(ClockContext);
  return useSyncExternalStore(listen, serverNow, () => renderedMs);
}

const never = () => () => undefined;

/** The chosen zone, and how to choose. Until the page is live it is UTC: the server does not know the reader's zone. */
export function useZone(): { zone: Zone; shownZone: Zone; isLive: boolean; setZone: (zone: Zone) => void } {
  const { zone, setZone } = useContext(ClockContext);
  const isLive = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  return { zone, shownZone: isLive ? zone : "utc", isLive, setZone };
}
