"use client";

import { useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import type { PersonView } from "#/server/incidents/contract.ts";

type People = { people: readonly PersonView[] | null; problem: string | null };

/** Everyone who can be given something to do; read when it is first needed. */
export function usePeople(): People {
  const [state, setState] = useState<People>({ people: null, problem: null });
  useEffect(() => {
    let isGone = false;
    api
      .get<{ items: (PersonView & { disabledAt?: string | null })[] }>("/api/v1/users?limit=200")
      .then(({ items }) => {
        const people = items.filter((each) => !each.disabledAt).sort((a, b) => a.name.localeCompare(b.name));
        if (!isGone) setState({ people, problem: null });
      })
      .catch((error: unknown) => !isGone && setState({ people: null, problem: problemText(error) }));
    return () => {
      isGone = true;
    };
  }, []);
  return state;
}
