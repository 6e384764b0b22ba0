import type { Metadata } from "next";
import { AuditList } from "#/components/settings/audit-list.tsx";
import type { AuditEntryView } from "#/server/people/contract.ts";
import { filtersFrom, type PageQuery, pathWith } from "../../_shell/page-query.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Audit log" };
type AuditEntries = { items: AuditEntryView[]; nextCursor: string | null };

export default async function AuditPage({ searchParams }: { searchParams: PageQuery }) {
  const { get } = await signedIn("/settings/audit");
  const query = await filtersFrom(searchParams, ["cursor"]);
  const page = pageValue(await get<AuditEntries>(pathWith("/api/v1/audit", query)));
  return <AuditList entries={page.items} cursor={page.nextCursor} />;
}
