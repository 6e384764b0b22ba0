import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { RouteEditor } from "#/components/alert-routes/route-editor.tsx";
import { SectionPage } from "#/components/settings/section-page.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import { pageValue, signedIn } from "../../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Alert route" };

/** One alert route, or `new`. */
export default async function AlertRoutePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { me, get } = await signedIn(`/settings/alert-routes/${id}`);
  const routes = pageValue(await get<{ items: AlertRouteView[] }>("/api/v1/alert-routes")).items;
  const route = routes.find((each) => each.id === id) ?? null;
  if (!canAdminister(me.role) || (!route && id !== "new")) notFound();
  return (
    <div>
      <Link
        href="/settings/alert-routes"
        className="mb-1 inline-flex min-h-6 items-center text-s text-muted hover:text-text max-md:min-h-11"
      >
        ← Alert routes
      </Link>
      <SectionPage
        title={route?.name ?? "New alert route"}
        about={
          route
            ? "What comes from now on goes by what is saved here; what was placed stays where it is."
            : "It is asked after the others and before the default route; move it up where it has to come earlier."
        }
      >
        <RouteEditor key={`${id} ${route?.version}`} route={route} />
      </SectionPage>
    </div>
  );
}
