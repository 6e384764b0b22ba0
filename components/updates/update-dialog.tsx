"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Dialog } from "#/components/ui/dialog.tsx";
import { Composer } from "./composer.tsx";
import { whyNotPublishable } from "./update-form.ts";

type Props = {
  /** Joins the draft when the composer opens. */
  text?: string | undefined;
  /** Begins an empty draft with the holding statement. */
  isHolding?: boolean | undefined;
  onClose: () => void;
};

/** The composer: a sheet over the room with one text, one press, every channel, each with its preview. */
export function UpdateDialog({ text, isHolding, onClose }: Props) {
  const { incident } = useRoom().room;
  const whyNot = whyNotPublishable(incident);
  return (
    <Dialog title="Update" isOpen isSheet={whyNot === null} onClose={onClose}>
      {whyNot ? (
        <Banner title="Not published.">{whyNot}</Banner>
      ) : (
        <Composer text={text} isHolding={isHolding} onClose={onClose} />
      )}
    </Dialog>
  );
}
