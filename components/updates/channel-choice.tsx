"use client";

import { cx } from "#/components/ui/cx.ts";
import { Segmented } from "#/components/ui/segmented.tsx";
import type { Channel } from "#/server/updates/shared/lists.ts";
import { audienceLooks } from "./audience-badge.tsx";
import { chipClass, legendClass } from "./status-choice.tsx";
import type { UpdateForm } from "./update-form.ts";
import type { Surroundings } from "./use-surroundings.ts";
import { channelWords } from "./words.ts";

type Props = {
  form: UpdateForm;
  all: readonly Channel[];
  unavailable: Surroundings["unavailable"];
  onChange: (part: Partial<UpdateForm>) => void;
};

/** To whom, and by which ways. A way that is not open says why. */
export function ChannelChoice({ form, all, unavailable, onChange }: Props) {
  const look = audienceLooks[form.audience];
  const toggle = (channel: Channel, isOn: boolean) =>
    onChange({ channels: isOn ? [...form.channels, channel] : form.channels.filter((each) => each !== channel) });
  const offered = all.filter((channel) => form.audience === "public" || channel !== "status_page");
  const closed = offered.flatMap((channel) => unavailable[channel] ?? []);
  return (
    <fieldset className="min-w-0">
      <legend className={legendClass}>Goes to</legend>
      <div className={cx("flex flex-col gap-2 rounded-md p-3", look.frame)}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Segmented
            label="Audience"
            value={form.audience}
            options={(["public", "internal"] as const).map((value) => ({
              value,
              label: `${audienceLooks[value].sign} ${audienceLooks[value].word}`,
            }))}
            onChange={(audience) => onChange({ audience })}
          />
          <span className="text-s">{look.hint}</span>
        </div>
        <div className="flex flex-wrap gap-2">
          {offered.map((channel) => (
            <label key={channel} className={cx("relative cursor-pointer", chipClass, look.chip)}>
              <input
                type="checkbox"
                checked={form.channels.includes(channel) && !unavailable[channel]}
                disabled={unavailable[channel] !== undefined}
                onChange={(event) => toggle(channel, event.target.checked)}
                className="size-4 accent-accent"
              />
              {channelWords[channel]}
            </label>
          ))}
        </div>
        {closed.map((why) => (
          <p key={why} className="text-s text-muted">
            {why}
          </p>
        ))}
      </div>
    </fieldset>
  );
}
