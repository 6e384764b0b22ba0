import { cx } from "#/components/ui/cx.ts";
import { Time } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import { detailsFrom } from "./alert-words.ts";

/** What an alert links to, each in a tab of its own. */
export function AlertLinks({ links }: { links: AlertView["links"] }) {
  if (links.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-3">
      {links.map((link) => (
        <li key={`${link.kind} ${link.url}`} className="min-w-0">
          <a
            href={link.url}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="text-accent underline wrap-anywhere"
          >
            {link.title || link.kind}
          </a>
        </li>
      ))}
    </ul>
  );
}

type Props = { details: NonNullable<AlertView["details"]>; source: string };

/** What the sender's own API says: the originating error, its frames, and more links. */
export function FetchedDetails({ details, source }: Props) {
  const hasFailed = details.state === "failed";
  return (
    <div className="flex flex-col gap-1">
      <p className={cx(hasFailed && "text-warn")}>
        {hasFailed ? (
          details.text
        ) : (
          <>
            From {detailsFrom(source)} at <Time at={details.at} format="seconds" />
          </>
        )}
      </p>
      {!hasFailed && details.text && (
        <section
          aria-label="Details from the source"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
          tabIndex={0}
          className="max-h-60 overflow-auto rounded-sm border border-line bg-bg px-3 py-2"
        >
          <pre className="font-mono text-xs whitespace-pre-wrap text-text wrap-anywhere">{details.text}</pre>
        </section>
      )}
      <AlertLinks links={details.links} />
    </div>
  );
}
