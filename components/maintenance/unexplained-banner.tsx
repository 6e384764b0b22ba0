"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useCallback, useEffect, useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { useListFacts } from "#/components/realtime/use-list-facts.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Duration } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { UnexplainedComponent } from "#/server/maintenance/contract.ts";
import { componentStatusWords } from "#/server/updates/shared/words.ts";

/** One becomes due by time alone; nobody tells. */
const LOOK_AGAIN_MS = 60_000;

type List = readonly UnexplainedComponent[];
type Props = {
  /** As the page was made. */
  initial: List;
  canMend: boolean;
  /** Only those of this incident, and those at once; else those that wait for long enough. */
  reference?: string | undefined;
};

/** Reads anew what is red without an open incident, after each change of an incident and now and then. */
function useUnexplained(initial: List): { list: List; read: () => void } {
  const [list, setList] = useState(initial);
  useEffect(() => setList(initial), [initial]);
  const read = useCallback(() => {
    api
      .get<{ items: UnexplainedComponent[] }>("/api/v1/components/unexplained")
      .then(({ items }) => setList(items))
      // What cannot be read now is read with the next change.
      .catch(() => undefined);
  }, []);
  useListFacts(read, read);
  useEffect(() => {
    const timer = setInterval(read, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [read]);
  return { list, read };
}

/** Says that the public sees something broken that nobody works on, with one press to mend it. */
export function UnexplainedBanner({ initial, canMend, reference }: Props) {
  const { list, read } = useUnexplained(initial);
  const router = useRouter();
  const shown = list.filter((each) => (reference ? each.incident?.reference === reference : each.isDue));
  async function mend({ id, name }: UnexplainedComponent): Promise<void> {
    await api.post(`/api/v1/components/${id}/mend`);
    read();
    router.refresh();
    toast(`${name} is shown as operational.`);
  }
  if (shown.length === 0) return null;
  return (
    <div className={cx("flex flex-col gap-2", !reference && "mb-4")}>
      {shown.map((each) => (
        <Banner
          key={each.id}
          tone="warn"
          title={`${each.name} is shown as ${componentStatusWords[each.status].toLowerCase()}.`}
        >
          No open incident says why, for <Duration from={each.since} />.{" "}
          {each.incident && !reference && (
            <Link href={`/incidents/${each.incident.reference}`} className="inline-block min-h-6 text-accent underline">
              {each.incident.reference} left it so
            </Link>
          )}{" "}
          {canMend && (
            <ActButton
              label="Mark operational"
              name={`Mark operational: ${each.name}`}
              variant="plain"
              act={() => mend(each)}
            />
          )}
        </Banner>
      ))}
    </div>
  );
}
