"use client";

import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api, problemText } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { Row, Rows } from "#/components/settings/rows.tsx";
import { SectionPage } from "#/components/settings/section-page.tsx";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { ButtonLink, IconButton } from "#/components/ui/button.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import { routeDoes, routeExtras } from "./route-words.ts";

const PATH = "/api/v1/alert-routes";

type Props = { routes: readonly AlertRouteView[]; canChange: boolean };

/** The order as it is shown while a new one is on its way to the server. */
function useOrder(routes: readonly AlertRouteView[]) {
  const router = useRouter();
  const [wanted, setWanted] = useState<{ of: readonly AlertRouteView[]; ids: readonly string[] } | null>(null);
  const [said, setSaid] = useState("");
  const waiting = useRef(0);
  const chain = useRef<Promise<unknown>>(Promise.resolve());
  // What the server says newly is the order again.
  const ids = wanted?.of === routes ? wanted.ids : routes.map(({ id }) => id);
  const shown = ids.flatMap((id) => routes.find((route) => route.id === id) ?? []);

  function move(route: AlertRouteView, by: 1 | -1): void {
    const own = shown.filter(({ isDefault }) => !isDefault).map(({ id }) => id);
    const to = own.indexOf(route.id) + by;
    if (to < 0 || to >= own.length) return;
    const next = own.filter((id) => id !== route.id).toSpliced(to, 0, route.id);
    const last = shown.filter(({ isDefault }) => isDefault).map(({ id }) => id);
    setWanted({ of: routes, ids: [...next, ...last] });
    setSaid(`${route.name} is asked as number ${to + 1} of ${own.length}.`);
    // Presses that follow fast are sent one after the other, each with the whole order.
    waiting.current += 1;
    chain.current = chain.current
      .then(() => api.post(`${PATH}/reorder`, { ids: next }))
      .catch((error: unknown) => {
        setWanted(null);
        toast(problemText(error), "bad");
      })
      .then(() => {
        waiting.current -= 1;
        if (waiting.current === 0) router.refresh();
      });
  }
  return { shown, said, move };
}

/** Where alerts go: the routes in the order they are asked, the default one last. */
export function RoutesPanel({ routes, canChange }: Props) {
  const { shown, said, move } = useOrder(routes);
  const hasOwn = routes.some(({ isDefault }) => !isDefault);
  const add = (
    <ButtonLink href="/settings/alert-routes/new" variant="primary">
      Add route
    </ButtonLink>
  );
  return (
    <SectionPage
      title="Alert routes"
      about="Asked from top to bottom; the first enabled one whose condition holds decides what becomes of an alert."
      action={canChange && hasOwn && add}
    >
      {!hasOwn && (
        <EmptyState title="Every alert takes the default route" action={canChange && add}>
          A route of its own can set a service or a severity, group alerts, wait for a number of them, declare at once,
          or keep some quiet.
        </EmptyState>
      )}
      <p aria-live="polite" className="sr-only">
        {said}
      </p>
      <Rows label="Alert routes" isOrdered>
        {shown.map((route, at) => (
          <RouteRow
            key={route.id}
            route={route}
            place={at + 1}
            canChange={canChange}
            onMove={(by) => move(route, by)}
            isFirst={at === 0}
            isLast={shown[at + 1]?.isDefault ?? true}
          />
        ))}
      </Rows>
    </SectionPage>
  );
}

type RowProps = {
  route: AlertRouteView;
  place: number;
  canChange: boolean;
  isFirst: boolean;
  isLast: boolean;
  onMove: (by: 1 | -1) => void;
};

function RouteRow({ route, place, canChange, isFirst, isLast, onMove }: RowProps) {
  const extras = routeExtras(route);
  return (
    <Row
      title={
        <span id={`route-${route.id}`} className="target:underline">
          <span className="mr-1.5 font-normal text-muted tabular-nums">{place}.</span>
          {route.name}
        </span>
      }
      tags={
        <>
          {route.isDefault && <Tag>Default</Tag>}
          {!route.enabled && <Tag tone="warn">Off</Tag>}
        </>
      }
      facts={
        <>
          <p>
            {route.isDefault ? (
              "Takes every alert that is left, and "
            ) : (
              <>
                Takes alerts where <code className="font-mono text-xs text-text wrap-anywhere">{route.condition}</code>,
                and{" "}
              </>
            )}
            {routeDoes(route)}.
          </p>
          {extras.length > 0 && <p className="first-letter:uppercase">{extras.join(" · ")}</p>}
        </>
      }
      acts={
        canChange && (
          <>
            {!route.isDefault && (
              <>
                <MoveButton label={`Move up ${route.name}`} sign="↑" isAtEnd={isFirst} onPress={() => onMove(-1)} />
                <MoveButton label={`Move down ${route.name}`} sign="↓" isAtEnd={isLast} onPress={() => onMove(1)} />
              </>
            )}
            <ButtonLink
              size="s"
              variant="quiet"
              href={`/settings/alert-routes/${route.id}`}
              aria-label={`Edit ${route.name}`}
              className="max-md:min-h-11"
            >
              Edit
            </ButtonLink>
            {!route.isDefault && <RouteActs route={route} />}
          </>
        )
      }
    />
  );
}

type MoveProps = { label: string; sign: string; isAtEnd: boolean; onPress: () => void };

/** It stays where the focus is, also when it can go no further. */
function MoveButton({ label, sign, isAtEnd, onPress }: MoveProps) {
  return (
    <IconButton
      label={label}
      aria-disabled={isAtEnd || undefined}
      onClick={onPress}
      className="size-7 aria-disabled:opacity-40"
    >
      {sign}
    </IconButton>
  );
}

function RouteActs({ route: { id, name, enabled } }: { route: AlertRouteView }) {
  const refreshed = useRefreshed();
  const path = `${PATH}/${id}`;
  return (
    <>
      <ActButton
        label={enabled ? "Turn off" : "Turn on"}
        name={`${enabled ? "Turn off" : "Turn on"} ${name}`}
        act={() => refreshed(api.patch(path, { enabled: !enabled }))}
      />
      <ConfirmButton
        label="Delete"
        title={`Delete ${name}`}
        onConfirm={() => refreshed(api.delete(path), `${name} deleted.`)}
      >
        What it would take goes to the routes after it. Alerts that it placed stay where they are.
      </ConfirmButton>
    </>
  );
}
