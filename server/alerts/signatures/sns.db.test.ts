import { createSign } from "node:crypto";
import { Agent, createServer, request, type Server } from "node:https";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { intakes, integrations } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { selfSigned } from "#/server/testing/self-signed.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { createIntegration } from "../change-integration.ts";
import { CONFIRM_SUBSCRIPTION_JOB, confirmStoredSubscription } from "../confirm-subscription.ts";
import { integrationOfKey, receiveDelivery } from "../receive-delivery.ts";
import { isSnsHost, type SnsDoor, type SnsMessage, snsSignedText } from "./sns.ts";

const TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms";
const pair = selfSigned(["localhost"]);
const stranger = selfSigned(["localhost"]);
let t: TestCore;
let owner: UserActor;
let amazon: Server;
let base: string;
let asked: string[];
let isReachable = true;

/** The scripted Amazon stands on this machine; everything else is as in production. */
function door(): SnsDoor {
  const agent = new Agent({ ca: pair.cert });
  return {
    isTrustedHost: (host) => host === "localhost",
    certificates: new Map(),
    get: (url) =>
      new Promise((resolve, reject) => {
        if (!isReachable) return reject(new AppError("unavailable", "no way out"));
        request(url, { agent }, (answer) => {
          let text = "";
          answer.on("data", (chunk) => {
            text += chunk;
          });
          answer.on("end", () => (answer.statusCode === 200 ? resolve(text) : reject(new AppError("invalid", "no"))));
        })
          .on("error", reject)
          .end();
      }),
  };
}

beforeAll(async () => {
  t = await testCore();
  owner = await t.person("Olga Owner", "owner");
  amazon = createServer(pair, (incoming, answer) => {
    asked.push(incoming.url ?? "");
    if (incoming.url === "/cert.pem") return answer.end(pair.cert);
    if (incoming.url?.startsWith("/?Action=Confirm")) return answer.end("<ConfirmSubscriptionResponse/>");
    answer.writeHead(404).end();
  });
  await new Promise<void>((resolve) => amazon.listen(0, "127.0.0.1", resolve));
  base = `https://localhost:${(amazon.address() as { port: number }).port}`;
});
afterAll(async () => {
  amazon.close();
  await t.close();
});
beforeEach(() => {
  asked = [];
  isReachable = true;
  t.jobs.length = 0;
});

let serial = 0;
async function integration(source = "generic-json") {
  const made = await createIntegration(t.ctx(owner), { name: `sns-${++serial}`, source });
  return integrationOfKey(t.core, made.key ?? "");
}
const again = async (row: { id: string }) =>
  (
    await t.core.db.read.select().from(integrations).where(eq(integrations.id, row.id))
  )[0] as typeof integrations.$inferSelect;

function message(more: Partial<SnsMessage> = {}, version = "2", key = pair.key): SnsMessage {
  const made: SnsMessage = {
    Type: "Notification",
    MessageId: `m-${++serial}`,
    TopicArn: TOPIC,
    Subject: "ALARM",
    Message: '{"AlarmName":"cpu"}',
    Timestamp: t.clock.at.toISOString(),
    SignatureVersion: version,
    SigningCertURL: `${base}/cert.pem`,
    ...more,
  };
  const algorithm = version === "1" ? "RSA-SHA1" : "RSA-SHA256";
  return { ...made, Signature: createSign(algorithm).update(snsSignedText(made)).sign(key, "base64") };
}
const question = (more: Partial<SnsMessage> = {}) =>
  message({
    Type: "SubscriptionConfirmation",
    Subject: undefined,
    Token: "t0ken",
    SubscribeURL: `${base}/?Action=ConfirmSubscription&Token=t0ken`,
    ...more,
  });

async function receive(target: Awaited<ReturnType<typeof integration>>, said: object, use = door()) {
  const headers = new Headers({
    "x-amz-sns-message-type": "Notification",
    "content-type": "text/plain; charset=UTF-8",
  });
  return receiveDelivery(
    t.core,
    { integration: target, body: Buffer.from(JSON.stringify(said)), query: "", headers },
    use,
  );
}

test("only Amazon's hosts are trusted with a certificate", () => {
  for (const host of [
    "sns.eu-west-1.amazonaws.com",
    "sns.us-gov-west-1.amazonaws.com",
    "sns.cn-north-1.amazonaws.com.cn",
  ]) {
    expect(isSnsHost(host), host).toBe(true);
  }
  for (const host of [
    "amazonaws.com",
    "sns.amazonaws.com.evil.example",
    "sns.eu.evil.example",
    "evil-sns.eu-west-1.amazonaws.com",
    "s3.eu-west-1.amazonaws.com",
    "sns.eu-west-1.amazonaws.com.",
    "x.sns.eu-west-1.amazonaws.com",
  ]) {
    expect(isSnsHost(host), host).toBe(false);
  }
});

describe("a notification", () => {
  test.each(["1", "2"])(
    "signed by version %s is taken, its certificate asked for once, its topic kept",
    async (version) => {
      const target = await integration();
      const use = door();
      await receive(target, message({}, version), use);
      await receive(target, message({}, version), use);
      expect(asked).toEqual(["/cert.pem"]);
      expect((await again(target)).snsTopic).toBe(TOPIC);
    },
  );

  test("sent again is the first one, whatever its headers", async () => {
    const target = await integration();
    const said = message();
    const first = await receive(target, said);
    t.clock.at = new Date(t.clock.at.getTime() + 10 * 60_000);
    expect((await receive(await again(target), said)).delivery).toBe(first.delivery);
    t.clock.at = new Date(t.clock.at.getTime() + 81 * 60_000);
    await expect(receive(await again(target), said)).rejects.toThrow("too long ago");
  });

  test.each<[string, () => object, string]>([
    ["changed", () => ({ ...message(), Message: "{}" }), "wrong"],
    ["signed by a stranger", () => message({}, "2", stranger.key), "wrong"],
    [
      "with a certificate elsewhere",
      () => message({ SigningCertURL: "https://evil.example/cert.pem" }),
      "amazonaws.com",
    ],
    ["with a certificate by http", () => message({ SigningCertURL: base.replace("https", "http") }), "amazonaws.com"],
    [
      "with an address that carries a name",
      () => message({ SigningCertURL: base.replace("//", "//a@") }),
      "amazonaws.com",
    ],
    ["with a certificate that is none", () => message({ SigningCertURL: `${base}/none.pem` }), "is none"],
    ["with a version nobody knows", () => ({ ...message(), SignatureVersion: "3" }), "version 1 or 2"],
  ])("%s is refused", async (_, said, words) => {
    await expect(receive(await integration(), said())).rejects.toMatchObject({
      code: "unauthenticated",
      message: expect.stringContaining(words),
    });
  });

  test("of another topic, unsigned, or in raw mode is refused once the topic is known", async () => {
    const target = await integration();
    await receive(target, message());
    const known = await again(target);
    await expect(receive(known, message({ TopicArn: `${TOPIC}-2` }))).rejects.toThrow("Add another integration");
    const { Signature: _, ...unsigned } = message();
    await expect(receive(known, unsigned)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(receive(known, { AlarmName: "cpu" })).rejects.toThrow("raw message delivery");
    isReachable = false;
    await expect(receive(known, message())).rejects.toMatchObject({ code: "unavailable" });
  });

  test("is taken by its key alone while nothing could be proven and Amazon is out of reach", async () => {
    const target = await integration();
    isReachable = false;
    expect((await receive(target, message())).delivery).toBeTruthy();
    expect((await again(target)).snsTopic).toBeNull();
  });
});

describe("a subscription", () => {
  const jobs = () => t.jobs.filter(({ name }) => name === CONFIRM_SUBSCRIPTION_JOB);

  test("is confirmed by a job after its signature was checked, and its topic kept", async () => {
    const target = await integration();
    const { delivery } = await receive(target, question());
    expect(jobs()).toMatchObject([{ data: { deliveryId: delivery } }]);
    expect(asked).toEqual(["/cert.pem"]);
    await confirmStoredSubscription(t.core, delivery, door());
    expect(asked.at(-1)).toBe("/?Action=ConfirmSubscription&Token=t0ken");
    expect((await again(target)).snsTopic).toBe(TOPIC);
  });

  test("is asked for nowhere but at Amazon's, and not for another topic", async () => {
    const target = await integration();
    const { delivery } = await receive(target, question({ SubscribeURL: "https://169.254.169.254/latest" }));
    await expect(confirmStoredSubscription(t.core, delivery, door())).rejects.toThrow("SubscribeURL");
    const known = await again(target);
    await expect(receive(known, question({ TopicArn: `${TOPIC}-2` }))).rejects.toThrow("Add another integration");
    expect(asked.filter((path) => path.includes("Confirm"))).toEqual([]);
  });

  test("with a wrong signature is refused and never confirmed", async () => {
    const target = await integration();
    await expect(receive(target, { ...question(), Token: "other" })).rejects.toMatchObject({ code: "unauthenticated" });
    expect(jobs()).toEqual([]);
  });

  test("is kept while Amazon is out of reach, and confirmed only once it is proven", async () => {
    const target = await integration();
    isReachable = false;
    const { delivery } = await receive(target, question());
    await expect(confirmStoredSubscription(t.core, delivery, door())).rejects.toMatchObject({ code: "unavailable" });
    isReachable = true;
    await confirmStoredSubscription(t.core, delivery, door());
    expect(asked.at(-1)).toContain("ConfirmSubscription");
    const [stored] = await t.core.db.read.select().from(intakes).where(eq(intakes.id, delivery));
    expect(stored?.state).toBe("stored");
  });
});
