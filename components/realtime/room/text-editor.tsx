"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { cx } from "#/components/ui/cx.ts";
import type { mountEditor } from "./codemirror.ts";

type Props = {
  text: Y.Text;
  awareness: Awareness;
  /** Its accessible name. */
  label: string;
  placeholder?: string;
  /** Takes the focus, unless somebody writes elsewhere by then. */
  hasFocus?: boolean;
  onLeave?: () => void;
  onSubmit?: () => void;
  /** What is pasted or dropped at a position; false leaves it to the editor. */
  onTransfer?: (transfer: DataTransfer, at: number) => boolean;
  className?: string;
};

type Mount = typeof mountEditor;
let editor: Mount | undefined;
let loading: Promise<Mount> | undefined;

/** Once for the page; what failed is tried again by the next who asks. */
function loadEditor(): Promise<Mount> {
  loading ??= import("./codemirror.ts").then(
    (module) => {
      editor = module.mountEditor;
      return editor;
    },
    (error: unknown) => {
      loading = undefined;
      throw error;
    },
  );
  return loading;
}

/** Whether the editor can be shown at once, or cannot be had: for who keeps a plain field in its place until then. */
export function useEditorSettled(): boolean {
  const [isSettled, setSettled] = useState(editor !== undefined);
  useEffect(() => {
    const settle = () => setSettled(true);
    loadEditor().then(settle, settle);
  }, []);
  return isSettled;
}

function isWritingElsewhere(): boolean {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement.matches("input, textarea, select, [contenteditable]");
}

/** Shared prose with everyone's cursors. The editor itself is loaded when the first one is shown; until then the text is. */
export function TextEditor({ text, awareness, label, placeholder = "", hasFocus = false, className, ...acts }: Props) {
  const host = useRef<HTMLDivElement>(null);
  const handlers = useRef(acts);
  const [state, setState] = useState<"loading" | "ready" | "failed">("loading");
  useEffect(() => {
    handlers.current = acts;
  });
  // Before the next key press: what is typed into a field that this one replaces must not fall beside.
  useLayoutEffect(() => {
    let end: (() => void) | null = null;
    let isGone = false;
    const show = (mount: Mount) => {
      if (isGone || !host.current) return;
      end = mount({
        host: host.current,
        text,
        awareness,
        label,
        placeholder,
        hasFocus: hasFocus && !isWritingElsewhere(),
        onLeave: () => {
          handlers.current.onLeave?.();
          return handlers.current.onLeave !== undefined;
        },
        onSubmit: () => handlers.current.onSubmit?.(),
        onTransfer: (transfer, at) => handlers.current.onTransfer?.(transfer, at) ?? false,
      });
      setState("ready");
    };
    if (editor) show(editor);
    else loadEditor().then(show, () => !isGone && setState("failed"));
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
