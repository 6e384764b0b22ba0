import type { Metadata } from "next";
import { SubscribersPanel } from "#/components/settings/subscribers-panel.tsx";
import { SuppressionsPanel } from "#/components/settings/suppressions-panel.tsx";
import type {
  ComponentView,
  SubscriberView,
  SuppressionView,
  WebhookSubscriberView,
} from "#/server/audience/contract.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Subscribers" };

export default async function SubscribersPage() {
  const { get } = await signedIn("/settings/subscribers");
  const [subscribers, webhooks, components, suppressions] = await Promise.all([
    get<{ items: SubscriberView[] }>("/api/v1/subscribers?limit=200"),
    get<{ items: WebhookSubscriberView[] }>("/api/v1/webhook-subscribers?limit=200"),
    get<{ items: ComponentView[] }>("/api/v1/components?limit=200"),
    get<{ items: SuppressionView[] }>("/api/v1/suppressions?limit=200"),
  ]);
  return (
    <div className="flex flex-col gap-6">
      <SubscribersPanel
        subscribers={pageValue(subscribers).items}
        webhooks={pageValue(webhooks).items}
        components={itemsOf(components).filter((one) => !one.group)}
      />
      <SuppressionsPanel suppressions={itemsOf(suppressions)} />
    </div>
  );
}
