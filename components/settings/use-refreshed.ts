"use client";

import { useRouter } from "next/navigation";
import { toast } from "#/components/ui/toasts.tsx";

/** Wraps an act so that the page is read anew after it, and says what was done. */
export function useRefreshed(): (act: Promise<unknown>, said?: string) => Promise<void> {
  const router = useRouter();
  return async (act, said) => {
    await act;
    router.refresh();
    if (said) toast(said);
  };
}
