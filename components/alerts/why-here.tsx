import Link from "next/link";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import { Fact, Facts } from "./facts.tsx";

const link = "inline-block min-h-6 text-accent underline";

type Props = {
  alert: AlertView;
  /** Whether the reader may open the settings of alert routes. */
  canReadRoutes: boolean;
};

/** Why an alert is where it is: the rule in words, what it went by, each step, and how it ended. */
export function WhyHere({ alert, canReadRoutes }: Props) {
  const { explanation, ending } = alert;
  const route = explanation.route ?? alert.route;
  const steps = explanation.steps ?? [];
  return (
    <div className="flex flex-col gap-3">
      <p className="wrap-anywhere">
        {explanation.text} <Tag>{explanation.rule}</Tag>
      </p>
      <Facts>
        <Fact name="Route">
          {route && canReadRoutes ? (
            <Link prefetch={false} href="/settings/alert-routes" className={link}>
              {route.name}
            </Link>
          ) : (
            route?.name
          )}
        </Fact>
        <Fact name="Changed by it">{changedWords(alert)}</Fact>
        <Fact name="Team">{alert.team}</Fact>
        <Fact name="Group">{explanation.group}</Fact>
        <Fact name="Window">{explanation.window}</Fact>
        <Fact name="Quiet by">{explanation.mute && <QuietBy mute={explanation.mute} />}</Fact>
        <Fact name="Flapping">{flapWords(alert)}</Fact>
        <Fact name="Decided">
          <Time at={explanation.at} format="day-time" />
        </Fact>
        <Fact name="Ended">
          {ending && (
            <>
              <Time at={ending.at} format="day-time" /> · {ending.text}
            </>
          )}
        </Fact>
      </Facts>
      {steps.length > 0 && (
        <div>
          <h3 className="mb-1 text-s text-muted">On the way</h3>
          <ol aria-label="Steps" className="list-decimal pl-5 marker:text-faint">
            {steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps never move, and two may say the same.
              <li key={index} className="py-0.5 wrap-anywhere">
                {step.text}
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  );
}

/** What the route made of what was reported. */
function changedWords(alert: AlertView): string | null {
  const { asReported } = alert;
  if (!asReported) return null;
  const changes = [
    asReported.severity && `severity from ${asReported.severity} to ${alert.severity}`,
    asReported.service !== undefined && `service from ${asReported.service ?? "none"} to ${alert.service ?? "none"}`,
  ];
  return changes.filter(Boolean).join(", ");
}

function QuietBy({ mute }: { mute: NonNullable<AlertView["explanation"]["mute"]> }) {
  if (mute.kind === "silence") return "a silence made over the Alertmanager API";
  return (
    <Link prefetch={false} href="/alerts/mutes" className={link}>
      a mute
    </Link>
  );
}

function flapWords({ flapping, flaps }: AlertView): string | null {
  if (!flapping && flaps === 0) return null;
  const times = flaps === 1 ? "1 time" : `${flaps} times`;
  return flapping
    ? `It fires and ends again and again: ${times} since it was folded into one.`
    : `It fired again ${times} while it was folded; it is calm now.`;
}
