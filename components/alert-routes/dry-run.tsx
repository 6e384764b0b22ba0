"use client";

import Link from "next/link";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { DryRunCounts, DryRunView } from "#/server/alerts/routing/contract.ts";
import { DRY_RUN_ALERTS_MAX, DRY_RUN_DAYS_MAX } from "#/server/alerts/shared/lists.ts";
import { outcomeWords } from "./route-words.ts";

const countWords: Record<keyof DryRunCounts, string> = {
  incidents: "Incidents opened",
  attached: "Joined one",
  held: "Held",
  waiting: "Waiting",
  recorded: "Only recorded",
  suppressed: "Suppressed",
};
const countNames = Object.keys(countWords) as (keyof DryRunCounts)[];
const number = (value: number) => value.toLocaleString("en-GB");

type Props = {
  result: DryRunView | null;
  /** The form changed since the result was computed. */
  isStale: boolean;
  isPending: boolean;
  problem: unknown;
  onRun: () => void;
};

/** What the route of the form would have made of the last days, beside what the present routes make of them. */
export function DryRun({ result, isStale, isPending, problem, onRun }: Props) {
  return (
    <section aria-label="Dry run" className="min-w-0 rounded-lg border border-line bg-panel px-4 py-3.5">
      <h2 className="text-xs font-semibold tracking-[.06em] text-muted uppercase">Dry run</h2>
      <p className="mt-1 mb-3 text-s text-muted">
        What this route would have made of the alerts that came. Nothing is changed by it.
      </p>
      <Button isPending={isPending} onClick={onRun} className="max-md:min-h-11">
        Try on the last {DRY_RUN_DAYS_MAX} days
      </Button>
      <div aria-live="polite" className="mt-3 flex flex-col gap-3 empty:hidden">
        {isPending && <p className="text-s text-muted">Every alert of {DRY_RUN_DAYS_MAX} days is decided again…</p>}
        <ProblemBanner problem={problem} />
        {result && isStale && !isPending && (
          <Banner tone="warn" title="The form changed since.">
            This is what it said before. Try again.
          </Banner>
        )}
        {result && <Result result={result} isStale={isStale || isPending} />}
      </div>
    </section>
  );
}

function Result({ result, isStale }: { result: DryRunView; isStale: boolean }) {
  const { alerts, changed, changes, isTruncated } = result;
  if (alerts === 0) {
    return <p className="text-s text-muted">No alert came in these days, so there is nothing to try it on.</p>;
  }
  return (
    <div className={isStale ? "border-l-2 border-warn pl-3" : undefined}>
      <Counts result={result} />
      <p className="mt-3 text-s font-[550]">
        {changed === 0
          ? `None of ${number(alerts)} alert${alerts === 1 ? "" : "s"} would have ended elsewhere.`
          : `${number(changed)} of ${number(alerts)} alert${alerts === 1 ? "" : "s"} would have ended elsewhere.`}
      </p>
      {isTruncated && (
        <p className="text-s text-muted">More came: these are the newest {number(DRY_RUN_ALERTS_MAX)}.</p>
      )}
      {changes.length > 0 && <Changes changes={changes} />}
      {changes.length < changed && (
        <p className="mt-1 text-s text-muted">The first {number(changes.length)} are listed.</p>
      )}
    </div>
  );
}

function Counts({ result: { was, wouldBe } }: { result: DryRunView }) {
  return (
    <table className="w-full text-s">
      <caption className="sr-only">What became of the alerts</caption>
      <thead>
        <tr className="text-left text-muted">
          <th scope="col" className="py-1 font-normal">
            <span className="sr-only">Outcome</span>
          </th>
          <th scope="col" className="w-20 py-1 text-right font-normal">
            As it is
          </th>
          <th scope="col" className="w-24 py-1 text-right font-normal">
            Would be
          </th>
        </tr>
      </thead>
      <tbody>
        {countNames.map((name) => (
          <tr key={name} className="border-t border-line">
            <th scope="row" className="py-1 text-left font-normal">
              {countWords[name]}
            </th>
            <td className="py-1 text-right tabular-nums">{number(was[name])}</td>
            <td className={`py-1 text-right tabular-nums ${was[name] === wouldBe[name] ? "" : "font-semibold"}`}>
              {number(wouldBe[name])}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Changes({ changes }: { changes: DryRunView["changes"] }) {
  return (
    <ul
      aria-label="Alerts that would have ended elsewhere"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is reached by keyboard.
      tabIndex={0}
      className="mt-1.5 max-h-[max(16rem,40vh)] overflow-auto"
    >
      {changes.map(({ alert, was, wouldBe }) => (
        <li key={alert.id} className="border-t border-line py-1.5 text-s">
          <p className="line-clamp-2 font-[550] wrap-anywhere" title={alert.title}>
            {alert.title}
          </p>
          <p className="wrap-anywhere">
            <span className="text-muted">{outcomeWords(was)}</span> <span aria-hidden="true">→</span>
            <span className="sr-only"> would be: </span> {outcomeWords(wouldBe)}
          </p>
          <p className="text-muted">
            <Time at={alert.firstAt} format="day-time" />
            {[alert.severity, alert.service].filter(Boolean).map((fact) => ` · ${fact}`)}
            {alert.incident && (
              <>
                {" · in fact in "}
                <Link href={`/incidents/${alert.incident}`} className="font-mono text-xs text-accent underline">
                  {alert.incident}
                </Link>
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
