"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { canAdminister, canRespond } from "#/components/shell/person.ts";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration, Time } from "#/components/ui/time.tsx";
import type { ServerRole } from "#/server/access/shared/roles.ts";
import type { AlertView, IntakeView } from "#/server/alerts/contract.ts";
import { AlertActs } from "./alert-acts.tsx";
import { AlertDeliveries } from "./alert-deliveries.tsx";
import { AlertLinks, FetchedDetails } from "./alert-details.tsx";
import { useRefreshSoon } from "./alert-list.tsx";
import { AlertTags } from "./alert-tags.tsx";
import { alertLooks } from "./alert-words.ts";
import { Fact, Facts } from "./facts.tsx";
import { PlaceActs } from "./place-acts.tsx";
import { WhyHere } from "./why-here.tsx";

type Props = {
  alert: AlertView;
  /** Null for those who may not read deliveries. */
  intakes: readonly IntakeView[] | null;
  role: ServerRole;
};

/** All that is known of one alert. */
export function AlertDetail({ alert, intakes, role }: Props) {
  useRefreshSoon();
  const mayRespond = canRespond(role);
  const isUnplaced = alert.incident === null && alert.status !== "resolved";
  return (
    <article className="flex flex-col gap-7">
      <header className="flex flex-col gap-3">
        <Link
          prefetch={false}
          href="/alerts"
          className="inline-flex min-h-6 items-center gap-1 self-start text-s text-muted hover:text-text max-md:min-h-11"
        >
          <span aria-hidden="true">←</span> Alerts
        </Link>
        <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">{alert.title}</h1>
        <Standing alert={alert} />
        {mayRespond && (
          <div className="flex flex-wrap gap-2 empty:hidden max-md:flex-col">
            {isUnplaced && <PlaceActs alert={alert} />}
            <AlertActs alert={alert} />
          </div>
        )}
      </header>
      <div className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)] items-start gap-x-10 gap-y-7 max-lg:grid-cols-1">
        <div className="flex min-w-0 flex-col gap-7">
          <Part title="Why it is here">
            <WhyHere alert={alert} canReadRoutes={mayRespond} />
          </Part>
          {alert.description && (
            <Part title="Description">
              <p className="whitespace-pre-wrap wrap-anywhere">{alert.description}</p>
            </Part>
          )}
          {alert.details && (
            <Part title="Details from the source">
              <FetchedDetails details={alert.details} source={alert.source} />
            </Part>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <Part title="What it is">
            <AlertFacts alert={alert} canOpenIntegration={canAdminister(role)} />
          </Part>
          {alert.links.length > 0 && (
            <Part title="Links">
              <AlertLinks links={alert.links} />
            </Part>
          )}
          <Part title="Labels">
            <Labels labels={alert.labels} />
          </Part>
        </div>
      </div>
      {intakes && (
        <Part title="Deliveries it came by">
          <AlertDeliveries intakes={intakes} canMap={canAdminister(role)} />
        </Part>
      )}
    </article>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 text-s">
      <h2 className="mb-2 text-xs font-semibold tracking-[.06em] text-muted uppercase">{title}</h2>
      {children}
    </section>
  );
}

/** How it stands, and which incident it is in. */
function Standing({ alert }: { alert: AlertView }) {
  const look = alertLooks[alert.status];
  return (
    <div className="flex flex-wrap items-center gap-2 text-s text-muted">
      <Tag tone={look.tone}>
        <span aria-hidden="true">{look.sign}</span>
        {look.word}
      </Tag>
      <AlertTags alert={alert} />
      <span>
        {alert.severity} · last seen <Duration from={alert.lastAt} /> ago
      </span>
      {alert.incident ? (
        <Link
          prefetch={false}
          href={`/incidents/${alert.incident.reference}`}
          className="inline-flex min-h-6 items-center font-mono text-accent underline"
        >
          {alert.incident.reference}
        </Link>
      ) : (
        <span>in no incident</span>
      )}
    </div>
  );
}

function at(time: string | null) {
  return time && <Time at={time} format="day-time" />;
}

function AlertFacts({ alert, canOpenIntegration }: { alert: AlertView; canOpenIntegration: boolean }) {
  const { integration } = alert;
  const sameKey = `/alerts?q=${encodeURIComponent(alert.dedupKey.slice(0, 200))}`;
  return (
    <Facts>
      <Fact name="Service">{alert.service}</Fact>
      <Fact name="Source">{alert.sourceName}</Fact>
      <Fact name="Integration">
        {canOpenIntegration ? (
          <Link
            prefetch={false}
            href={`/settings/integrations/${integration.id}`}
            className="inline-block min-h-6 text-accent underline"
          >
            {integration.name}
          </Link>
        ) : (
          integration.name
        )}
      </Fact>
      <Fact name="Count">{alert.count.toLocaleString("en-GB")}</Fact>
      <Fact name="First">{at(alert.firstAt)}</Fact>
      <Fact name="Last">{at(alert.lastAt)}</Fact>
      <Fact name="Acknowledged">{at(alert.acknowledgedAt)}</Fact>
      <Fact name="Over since">{at(alert.resolvedAt)}</Fact>
      <Fact name="Dedup key">
        <Link
          prefetch={false}
          href={sameKey}
          title="All alerts with this key"
          className="inline-block min-h-6 font-mono text-xs text-accent underline"
        >
          {alert.dedupKey}
        </Link>
      </Fact>
    </Facts>
  );
}

/** Each label leads to the alerts that have it, too. */
function Labels({ labels }: { labels: AlertView["labels"] }) {
  const entries = Object.entries(labels).sort(([a], [b]) => a.localeCompare(b, "en"));
  if (entries.length === 0) return <p className="text-muted">It came without labels.</p>;
  return (
    <ul className="flex flex-col gap-0.5 font-mono text-xs">
      {entries.map(([name, value]) => {
        const pair = `${name}=${value}`;
        return (
          <li key={name} className="min-w-0">
            <Link
              prefetch={false}
              href={`/alerts?q=${encodeURIComponent(pair.slice(0, 200))}`}
              title={`All alerts with ${pair}`}
              className="inline-block min-h-6 wrap-anywhere hover:underline"
            >
              <span className="text-muted">{name}</span>={value}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
