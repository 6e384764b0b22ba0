"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Checkbox } from "#/components/ui/field.tsx";
import type { AudienceChoiceView } from "#/server/updates/contract.ts";
import { type Audience, audiences } from "#/server/updates/shared/lists.ts";
import { AudienceBadge, audienceLooks } from "./audience-badge.tsx";
import { type ByHand, matchingOf, wayWords } from "./audience-words.ts";
import { useAudiences } from "./use-audiences.ts";

type Props = {
  /** Whom the update is for: an internal one goes to no public audience. */
  audience: Audience;
  /** Ids of the components that it names. */
  components: readonly string[];
  /** Null while the server chooses. */
  byHand: ByHand | null;
  onChange: (byHand: ByHand) => void;
};

function about({ ways, because }: AudienceChoiceView): string {
  const said = ways.length === 0 ? "It has no way to hear yet" : ways.map(wayWords).join(", ");
  return [said, because, ...new Set(ways.flatMap(({ problem }) => problem ?? []))].join(" · ");
}

/** The named audiences that an update can go to, public and internal apart. Nothing while there are none. */
export function NamedAudiences({ audience, components, byHand, onChange }: Props) {
  const { incident } = useRoom().room;
  const all = useAudiences(incident.id, components.join(",")) ?? [];
  const chosen = byHand ?? matchingOf(all);
  const toggle = (kind: Audience, id: string, isOn: boolean) =>
    onChange({ ...chosen, [kind]: isOn ? [...chosen[kind], id] : chosen[kind].filter((each) => each !== id) });
  return audiences.map((kind) => {
    const some = all.filter((one) => !one.isBuiltIn && one.kind === kind);
    if (some.length === 0) return null;
    const isShut = kind === "public" && audience === "internal";
    return (
      <fieldset key={kind} className={cx("flex min-w-0 flex-col gap-1.5 rounded-md p-3", audienceLooks[kind].frame)}>
        <legend className="sr-only">{`${audienceLooks[kind].word} audiences`}</legend>
        <div className="flex flex-wrap items-center gap-2 text-s">
          <AudienceBadge kind={kind} />
          {isShut ? "An internal update does not go there." : "audiences"}
        </div>
        {some.map((one) => (
          <Checkbox
            key={one.id}
            label={one.name}
            hint={isShut ? one.ways.map(wayWords).join(", ") : about(one)}
            checked={!isShut && chosen[kind].includes(one.id)}
            disabled={isShut}
            onChange={(event) => toggle(kind, one.id, event.target.checked)}
          />
        ))}
      </fieldset>
    );
  });
}
