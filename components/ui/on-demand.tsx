"use client";

import { type ComponentType, useEffect, useState } from "react";
import { Button } from "./button.tsx";

/** Code that comes later, and the component in it once it is here. */
type Part<Props> = { loaded: ComponentType<Props> | null; load: () => Promise<void> };

const loaders = new Set<() => Promise<void>>();

/** Loads everything that is shown on demand, for when the server is away by the time it is asked for. What fails now is asked for again then. */
export function preloadAll(): void {
  for (const load of loaders) load().catch(() => undefined);
}

/** A part of the page whose code comes when it is first shown. Without the server it says so and can be asked again. */
export function onDemand<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const part: Part<Props> = {
    loaded: null,
    load: async () => {
      part.loaded ??= await load();
    },
  };
  loaders.add(part.load);
  return (props) => <OnDemand part={part} shown={props} />;
}

function OnDemand<Props extends object>({ part, shown }: { part: Part<Props>; shown: Props }) {
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  useEffect(() => {
    if (state !== "loading") return;
    let isGone = false;
    const settle = (next: "ready" | "failed") => !isGone && setState(next);
    part.load().then(
      () => settle("ready"),
      () => settle("failed"),
    );
    return () => {
      isGone = true;
    };
  }, [part, state]);
  const Loaded = part.loaded;
  if (Loaded) return <Loaded {...shown} />;
  if (state !== "failed") return null;
  return (
    <div
      role="alert"
      className="fixed inset-x-4 bottom-4 z-50 mx-auto flex max-w-md items-center gap-3 rounded-md border border-bad/40 bg-bad-bg px-3 py-2 text-s"
    >
      <span className="grow">This part of the page could not be loaded. The server may be away for a moment.</span>
      <Button size="s" onClick={() => setState("loading")}>
        Try again
      </Button>
    </div>
  );
}
