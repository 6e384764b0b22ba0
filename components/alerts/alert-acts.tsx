"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { Button } from "#/components/ui/button.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";

/** Acknowledge and Resolve, while there is something to do. */
export function AlertActs({ alert }: { alert: AlertView }) {
  const router = useRouter();
  const [pending, setPending] = useState<string | null>(null);
  async function act(verb: "ack" | "resolve"): Promise<void> {
    if (pending) return;
    setPending(verb);
    try {
      await api.post(`/api/v1/alerts/${alert.id}/${verb}`);
      router.refresh();
    } catch (error) {
      toast(problemText(error), "bad");
    } finally {
      setPending(null);
    }
  }
  const isOver = alert.status === "resolved";
  return (
    <div className="flex gap-2 empty:hidden max-lg:mt-1 max-md:[&>*]:min-h-11 max-md:[&>*]:grow">
      {alert.status === "firing" && (
        <Button size="s" isPending={pending === "ack"} onClick={() => act("ack")}>
          Acknowledge
        </Button>
      )}
      {!isOver && (
        <Button size="s" isPending={pending === "resolve"} onClick={() => act("resolve")}>
          Resolve
        </Button>
      )}
    </div>
  );
}
