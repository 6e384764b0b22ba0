"use client";

import type { ReactNode } from "react";
import { cx } from "#/components/ui/cx.ts";
import { Segmented } from "#/components/ui/segmented.tsx";
import type { Audience, Channel } from "#/server/updates/shared/lists.ts";
import { chipClass, legendClass } from "./status-choice.tsx";
import type { UpdateForm } from "./update-form.ts";
import type { Surroundings } from "./use-surroundings.ts";
import { channelWords } from "./words.ts";

type Props = {
  form: UpdateForm;
  all: readonly Channel[];
  unavailable: Surroundings["unavailable"];
  onChange: (part: Partial<UpdateForm>) => void;
  /** More about whom it reaches. */
  children?: ReactNode;
};

/** Public and internal are told apart by word, sign, frame and colour: what is meant for one never looks like the other. */
export const audienceLooks: Record<
  Audience,
  { sign: string; word: string; hint: string; frame: string; chip: string }
> = {
  public: {
    sign: "◉",
    word: "Public",
    hint: "Everyone reads it: customers on the status page and in their mail.",
    frame: "border-2 border-warn bg-warn-bg",
    chip: "has-checked:border-warn has-checked:bg-panel",
  },
  internal: {
    sign: "▣",
    word: "Internal",
    hint: "Our own people only. The status page does not change.",
    frame: "border-2 border-dashed border-line-strong bg-bg",
    chip: "has-checked:border-text has-checked:bg-panel",
  },
};

/** To whom, and by which ways. A way that is not open says why. */
export function ChannelChoice({ form, all, unavailable, onChange, children }: Props) {
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
        {children}
      </div>
    </fieldset>
  );
}
