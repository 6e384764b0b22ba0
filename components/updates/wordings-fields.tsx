import { TextArea } from "#/components/ui/field.tsx";
import { UPDATE_BODY_LENGTH_MAX, type Wordings, wordedChannels } from "#/server/updates/shared/lists.ts";
import { channelWords } from "./words.ts";

type Props = {
  wordings: Wordings;
  onChange: (wordings: Wordings) => void;
  /** What is wrong at a place of the update: `/wordings/slack`. */
  wrong: (pointer: string) => string | undefined;
  hint: string;
};

/** The words of their own that channels have already, to be changed. */
export function WordingsFields({ wordings, onChange, wrong, hint }: Props) {
  return wordedChannels.map((channel) =>
    wordings[channel] === undefined ? null : (
      <TextArea
        key={channel}
        label={`Words for ${channelWords[channel]}`}
        value={wordings[channel]}
        onChange={(event) => onChange({ ...wordings, [channel]: event.target.value })}
        maxLength={UPDATE_BODY_LENGTH_MAX}
        error={wrong(`/wordings/${channel}`)}
        hint={hint}
      />
    ),
  );
}
