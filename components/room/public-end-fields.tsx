"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Checkbox, TextArea } from "#/components/ui/field.tsx";
import type { Needed } from "#/components/updates/approval-needed.ts";
import type { ResolveAnswers } from "#/components/updates/resolve-answers.ts";
import { ResolveQuestions } from "#/components/updates/resolve-questions.tsx";
import { useSurroundings } from "#/components/updates/use-surroundings.ts";
import { channelWords } from "#/components/updates/words.ts";
import { type Channel, UPDATE_BODY_LENGTH_MAX } from "#/server/updates/shared/lists.ts";

/** What the public is told of the end, where it was told last. */
export type PublicEnd = { isPublished: boolean; body: string; channels: Channel[]; answers: ResolveAnswers };

type Props = { end: PublicEnd; needed: Needed; onChange: (end: PublicEnd) => void };

/** The end of an incident for the public: its words, how the components are, and whether data was lost. */
export function PublicEndFields({ end, needed, onChange }: Props) {
  const { outlets } = useRoom().room;
  const { components } = useSurroundings(outlets);
  return (
    <div className="flex flex-col gap-4 rounded-md border border-line bg-bg p-3">
      <Checkbox
        label="Tell the public that it is resolved"
        hint={`By ${end.channels.map((channel) => channelWords[channel]).join(", ")}, where the last update went.`}
        checked={end.isPublished}
        onChange={(event) => onChange({ ...end, isPublished: event.target.checked })}
      />
      {end.isPublished && (
        <>
          <TextArea
            label="What the public reads"
            value={end.body}
            onChange={(event) => onChange({ ...end, body: event.target.value })}
            maxLength={UPDATE_BODY_LENGTH_MAX}
            required
          />
          <ResolveQuestions
            answers={end.answers}
            components={components}
            onChange={(answers) => onChange({ ...end, answers })}
          />
          {needed.isNeeded && (
            <p className="text-s text-muted">
              {needed.why} The incident is resolved at once; the public hears of it when that is done.
            </p>
          )}
        </>
      )}
    </div>
  );
}
