"use client";

import { useEffect, useRef, useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { cx } from "#/components/ui/cx.ts";

type Props = {
  text: Y.Text;
  awareness: Awareness;
  /** Its accessible name. */
  label: string;
  placeholder?: string;
  hasFocus?: boolean;
  onLeave?: () => void;
  onSubmit?: () => void;
  /** What is pasted or dropped at a position; false leaves it to the editor. */
  onTransfer?: (transfer: DataTransfer, at: number) => boolean;
  className?: string;
};

/** Shared prose with everyone's cursors. The editor itself is loaded when the first one is shown; until then the text is. */
export function TextEditor({ text, awareness, label, placeholder = "", hasFocus = false, className, ...acts }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const handlers = useRef(acts);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  useEffect(() => {
    handlers.current = acts;
  });
  useEffect(() => {
    let end: (() => void) | null = null;
    let isGone = false;
    import("./codemirror.ts").then(
      ({ mountEditor }) => {
        if (isGone || !host.current) return;
        end = mountEditor({
          host: host.current,
          text,
          awareness,
          label,
          placeholder,
          hasFocus,
          onLeave: () => {
            handlers.current.onLeave?.();
            return handlers.current.onLeave !== undefined;
          },
          onSubmit: () => handlers.current.onSubmit?.(),
          onTransfer: (transfer, at) => handlers.current.onTransfer?.(transfer, at) ?? false,
        });
        setState("ready");
      },
      () => !isGone && setState("failed"),
    );
    return () => {
      isGone = true;
      end?.();
      setState("loading");
    };
  }, [text, awareness, label, placeholder, hasFocus]);
  return (
    <div className={cx("wrap-anywhere", className)}>
      <div ref={host} className="min-h-[inherit]" />
      {state === "loading" && <p className="whitespace-pre-wrap text-muted">{text.toString() || placeholder}</p>}
      {state === "failed" && <p className="text-bad">The editor could not be loaded. Reload the page.</p>}
    </div>
  );
}
