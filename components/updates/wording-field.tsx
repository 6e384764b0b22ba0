"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { UPDATE_BODY_LENGTH_MAX, type WordedChannel } from "#/server/updates/shared/lists.ts";
import type { UpdateForm } from "./update-form.ts";
import { channelWords } from "./words.ts";

type Props = {
  channel: WordedChannel;
  form: UpdateForm;
  body: string;
  onChange: (part: Partial<UpdateForm>) => void;
  problem: unknown;
};

/** One channel in words of its own; as long as it has none it says what the others say. */
export function WordingField({ channel, form, body, onChange, problem }: Props) {
  const name = channelWords[channel];
  const own = form.wordings[channel];
  if (own === undefined) {
    return (
      <Button
        size="s"
        variant="quiet"
        className="-mx-2.5 self-start max-md:min-h-11"
        onClick={() => onChange({ wordings: { ...form.wordings, [channel]: body } })}
      >
        Other words for {name}
      </Button>
    );
  }
  const { [channel]: _, ...others } = form.wordings;
  return (
    <div className="flex flex-col items-start gap-1 *:w-full">
      <TextArea
        label={`Words for ${name}`}
        value={own}
        maxLength={UPDATE_BODY_LENGTH_MAX}
        onChange={(event) => onChange({ wordings: { ...form.wordings, [channel]: event.target.value } })}
        error={fieldProblem(problem, `/wordings/${channel}`)}
      />
      <Button
        size="s"
        variant="quiet"
        className="-mx-2.5 !w-auto max-md:min-h-11"
        onClick={() => onChange({ wordings: others })}
      >
        Same words as everywhere
      </Button>
    </div>
  );
}
