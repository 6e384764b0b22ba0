import type { AudienceChoiceView } from "#/server/updates/contract.ts";
import type { Audience } from "#/server/updates/shared/lists.ts";
import { channelWords } from "./words.ts";

/** Named audiences chosen by hand, public and internal apart: an internal update leaves the public ones out. */
export type ByHand = Readonly<Record<Audience, readonly string[]>>;

type Way = AudienceChoiceView["ways"][number];

/** One way in few words: `Teams payments`, `E-mail to 38 addresses`. Pure. */
export function wayWords({ channel, name, count }: Pick<Way, "channel" | "name" | "count">): string {
  const word = channelWords[channel] ?? channel;
  if (name || channel !== "email") return [word, name].filter(Boolean).join(" ");
  return `${word} to ${count.toLocaleString("en-GB")} ${count === 1 ? "address" : "addresses"}`;
}

/** What is chosen while nobody chooses: the named audiences that hear by themselves. Pure. */
export function matchingOf(all: readonly AudienceChoiceView[]): ByHand {
  const of = (kind: Audience) =>
    all.filter((one) => !one.isBuiltIn && one.isMatching && one.kind === kind).map((one) => one.id);
  return { public: of("public"), internal: of("internal") };
}

/** The part of what is sent that names audiences; nothing while the server chooses. Pure. */
export function audiencesInput(audience: Audience, byHand: ByHand | null): { audiences?: string[] } {
  if (!byHand) return {};
  return { audiences: [...(audience === "public" ? byHand.public : []), ...byHand.internal] };
}
