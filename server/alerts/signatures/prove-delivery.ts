import type { Core } from "#/server/events/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { integrationSecrets } from "../change-integration.ts";
import type { ParsedDelivery } from "../delivery.ts";
import type { IntegrationRow } from "../receive-delivery.ts";
import { sourceFile } from "../sources/index.ts";
import { checkSignature } from "./check-signature.ts";
import { checkSnsSignature, type SnsDoor, type SnsMessage, snsMessageOf } from "./sns.ts";

/** What is known of a delivery's origin beside its key. */
export type Proof = {
  /** The message of SNS that it is. */
  sns: SnsMessage | null;
  /** Amazon signed it. */
  isProven: boolean;
};

const UNPROVEN: Proof = { sns: null, isProven: false };

/** An integration keeps to the topic that was proven first. @throws AppError "unauthenticated" */
export function requireTopic(integration: IntegrationRow, message: SnsMessage): void {
  if (integration.snsTopic === null || integration.snsTopic === message.TopicArn) return;
  throw new AppError(
    "unauthenticated",
    `This integration listens to the topic ${integration.snsTopic}. Add another integration for other topics.`,
  );
}

/**
 * Messages of SNS are signed without a secret of ours. Until the first one could be proven, the key in the URL is
 * enough where Amazon's certificate cannot be had, so that a server without a way out hears of alarms too; a
 * subscription is confirmed only once it is proven.
 */
async function proveSns(core: Core, door: SnsDoor, integration: IntegrationRow, body: unknown): Promise<Proof> {
  const message = snsMessageOf(body);
  const isKnown = integration.snsTopic !== null;
  if (!message || (!isKnown && message.Signature === undefined && message.Type === "Notification")) {
    if (!isKnown) return UNPROVEN;
    const help = "Turn raw message delivery off at the subscription.";
    throw new AppError("unauthenticated", `This delivery is no signed message of ${integration.snsTopic}. ${help}`);
  }
  requireTopic(integration, message);
  try {
    await checkSnsSignature(door, message, core.now());
  } catch (error) {
    const isUnreachable = isAppError(error) && error.code === "unavailable";
    if (!isUnreachable || isKnown) throw error;
    core.log.warn({ integration: integration.id, reason: error.message }, "an SNS message could not be proven");
    return { sns: message, isProven: false };
  }
  return { sns: message, isProven: true };
}

/**
 * Checks what the source signs: by the integration's secret, if it has one, or by Amazon's key.
 *
 * @throws AppError "unauthenticated"; "unavailable" when Amazon's certificate cannot be had now.
 */
export async function proveDelivery(
  core: Core,
  door: SnsDoor,
  integration: IntegrationRow,
  raw: { source: string; headers: Headers; body: Uint8Array },
  parsed: ParsedDelivery,
): Promise<Proof> {
  const signature = sourceFile(raw.source)?.signature;
  if (signature?.scheme === "sns" || raw.headers.has("x-amz-sns-message-type")) {
    return proveSns(core, door, integration, parsed.body);
  }
  if (signature && integration.secretSealed !== null) {
    const { secret } = integrationSecrets(core.config.authSecret, integration);
    checkSignature(signature, secret ?? "", { headers: raw.headers, body: raw.body, now: core.now() }, parsed);
  }
  return UNPROVEN;
}
