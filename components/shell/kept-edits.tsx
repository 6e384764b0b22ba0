"use client";

import { useEffect } from "react";
import { deviceStore, keepEditsOf } from "#/components/realtime/documents/device.ts";

/** Saves what an earlier page left on this device. What it takes to do so is loaded only when there is something. */
export function KeptEdits({ userId }: { userId: string }) {
  useEffect(() => {
    keepEditsOf(userId);
    deviceStore()
      ?.documents()
      .then(async (names) => {
        if (names.length === 0) return;
        const { saveKeptEdits } = await import("#/components/realtime/documents/document-registry.ts");
        await saveKeptEdits();
      })
      // Without storage there is nothing left to save.
      .catch(() => undefined);
  }, [userId]);
  return null;
}
