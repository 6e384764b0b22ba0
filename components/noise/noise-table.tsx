import Link from "next/link";
import type { ReactNode } from "react";
import { Subsection } from "#/components/settings/section-page.tsx";
import { cx } from "#/components/ui/cx.ts";
import type { NoiseRow } from "#/server/alerts/contract.ts";

const columns = ["Alerts", "Incidents", "Declined", "Flaps", "At night"] as const;
const number = (value: number) => value.toLocaleString("en-GB");

type Props = {
  title: string;
  rows: readonly NoiseRow[];
  /** What a row is called, and where its name leads; null leads nowhere. */
  name: (row: NoiseRow) => string;
  href: (row: NoiseRow) => string | null;
};

/** Which of some things cry wolf, the worst first. On a phone each is a block of its own. */
export function NoiseTable({ title, rows, name, href }: Props) {
  return (
    <Subsection title={title}>
      <table aria-label={title} className="w-full table-fixed border-b border-line text-[13px] max-md:block">
        <thead className="max-md:hidden">
          <tr className="text-s text-muted">
            <th scope="col">
              <span className="sr-only">{title}</span>
            </th>
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={cx("py-1.5 pl-4 text-right font-normal", column === "Declined" ? "w-64" : "w-26")}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="max-md:block">
          {rows.map((row) => (
            <Line key={row.id} row={row} name={name(row)} href={href(row)} />
          ))}
        </tbody>
      </table>
    </Subsection>
  );
}

function Line({ row, name, href }: { row: NoiseRow; name: string; href: string | null }) {
  const { alerts, reports, incidents, declined, declinedShare, flaps, nightPages } = row;
  return (
    <tr className="border-t border-line max-md:grid max-md:grid-cols-[1.2fr_1.1fr_1.8fr_.7fr_1fr] max-md:gap-x-3 max-md:py-2.5">
      <th
        scope="row"
        className="py-2 text-left align-top font-[550] wrap-anywhere max-md:col-span-5 max-md:block max-md:py-1"
      >
        {href ? (
          <Link href={href} className="inline-flex items-center hover:underline max-md:min-h-11">
            {name}
          </Link>
        ) : (
          name
        )}
      </th>
      <Cell column="Alerts">
        {number(alerts)}
        {reports > alerts && <span className="block text-xs text-muted">{number(reports)} reports</span>}
      </Cell>
      <Cell column="Incidents">{number(incidents)}</Cell>
      <Cell column="Declined">
        <Share share={declinedShare} declined={declined} incidents={incidents} />
      </Cell>
      <Cell column="Flaps">{number(flaps)}</Cell>
      <Cell column="At night">{number(nightPages)}</Cell>
    </tr>
  );
}

function Cell({ column, children }: { column: (typeof columns)[number]; children: ReactNode }) {
  return (
    <td className="py-2 pl-4 text-right align-top tabular-nums max-md:block max-md:p-0 max-md:text-left">
      <span className="block text-xs text-muted md:hidden">{column}</span>
      {children}
    </td>
  );
}

type ShareProps = { share: number | null; declined: number; incidents: number };

/** How much of what was opened was declined, as a bar and in numbers. */
function Share({ share, declined, incidents }: ShareProps) {
  if (share === null) return <span className="text-muted">–</span>;
  const percent = Math.round(share * 100);
  return (
    <span className="flex items-center justify-end gap-2.5 max-md:justify-start">
      {declined > 0 && (
        <span aria-hidden="true" className="h-2 min-w-10 grow overflow-hidden rounded-sm bg-raised max-md:hidden">
          <span className="ml-auto block h-full rounded-sm bg-warn" style={{ width: `${percent}%` }} />
        </span>
      )}
      <span className="md:w-24">
        {percent} %{" "}
        <span className="text-xs whitespace-nowrap text-muted">
          {declined} of {incidents}
        </span>
      </span>
    </span>
  );
}
