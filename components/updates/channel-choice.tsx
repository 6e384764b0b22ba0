"use client";

import { Checkbox } from "#/components/ui/field.tsx";
import { Segmented } from "#/components/ui/segmented.tsx";
import type { Channel } from "#/server/updates/shared/lists.ts";
import { legendClass } from "./status-choice.tsx";
import type { UpdateForm } from "./update-form.ts";
import type { Surroundings } from "./use-surroundings.ts";
import { channelWords } from "./words.ts";

type Props = {
  form: UpdateForm;
  all: readonly Channel[];
  unavailable: Surroundings["unavailable"];
  onChange: (part: Partial<UpdateForm>) => void;
};

const audienceHints: Record<UpdateForm["audience"], string> = {
  public: "Everyone: customers read it on the status page and in their mail.",
  internal: "Our own people only; the status page does not change.",
};

/** To whom, and by which ways. A way that is not open says why. */
export function ChannelChoice({ form, all, unavailable, onChange }: Props) {
  const toggle = (channel: Channel, isOn: boolean) =>
    onChange({ channels: isOn ? [...form.channels, channel] : form.channels.filter((each) => each !== channel) });
  return (
    <fieldset className="flex min-w-0 flex-col gap-1.5">
      <legend className={legendClass}>Channels</legend>
      <div className="mb-1 flex flex-wrap items-center gap-x-3 gap-y-1">
        <Segmented
          label="Audience"
          value={form.audience}
          options={[
            { value: "public", label: "Public" },
            { value: "internal", label: "Internal" },
          ]}
          onChange={(audience) => onChange({ audience })}
        />
        <span className="text-s text-muted">{audienceHints[form.audience]}</span>
      </div>
      {all.map((channel) => {
        const isOff = form.audience === "internal" && channel === "status_page";
        const why = isOff ? "An internal update cannot go to the status page." : unavailable[channel];
        return (
          <Checkbox
            key={channel}
            label={channelWords[channel]}
            checked={form.channels.includes(channel) && !why}
            disabled={why !== undefined}
            onChange={(event) => toggle(channel, event.target.checked)}
            {...(why && { hint: why })}
          />
        );
      })}
    </fieldset>
  );
}
