"use client";

import "./postmortem.css";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import { EditorContent, useEditor } from "@tiptap/react";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { FileView } from "#/server/files/contract.ts";
import { POSTMORTEM_ROOT, postmortemExtensions } from "#/server/postmortem/shared/schema.ts";
import { renderCaret, renderSelection } from "./carets.ts";
import type { EditorHandle } from "./editor-handle.ts";
import { EditorToolbar } from "./editor-toolbar.tsx";
import { FilePreviews, filesChanged } from "./file-previews.ts";
import { insertLine } from "./insert-line.ts";
import { SectionHints } from "./section-hints.ts";

type Props = {
  doc: Y.Doc;
  awareness: Awareness;
  me: { id: string; name: string };
  isWritable: boolean;
  incidentId: string;
  files: readonly FileView[];
  handle: Ref<EditorHandle>;
};

/** The extensions of one editor. The text comes from the shared document alone: never from `content`. */
function extensionsFor({ doc, awareness, me, incidentId, files }: Omit<Props, "isWritable" | "handle">) {
  return [
    ...postmortemExtensions(),
    SectionHints,
    FilePreviews.configure({ incidentId, files }),
    Collaboration.configure({ document: doc, field: POSTMORTEM_ROOT }),
    CollaborationCaret.configure({
      provider: { awareness },
      user: { userId: me.id, name: me.name },
      render: renderCaret,
      selectionRender: renderSelection,
    }),
  ];
}

/** The text of the postmortem, written by several people at once; read-only for whoever may not write. */
export function PostmortemEditor({ doc, awareness, me, isWritable, incidentId, files, handle }: Props) {
  const hasCursor = useRef(false);
  const editor = useEditor(
    {
      immediatelyRender: false,
      editable: isWritable,
      extensions: extensionsFor({ doc, awareness, me, incidentId, files }),
      editorProps: {
        attributes: {
          class: "postmortem-text",
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": "Postmortem text",
          ...(!isWritable && { "aria-readonly": "true", tabindex: "0" }),
        },
      },
      onFocus: () => {
        hasCursor.current = true;
      },
    },
    [doc, awareness],
  );
  useEffect(() => editor?.setEditable(isWritable, false), [editor, isWritable]);
  useEffect(() => {
    editor?.view.dispatch(editor.state.tr.setMeta(filesChanged, files));
  }, [editor, files]);
  useImperativeHandle(
    handle,
    () => ({
      insertLine: (at, text, linked) => {
        if (editor?.isEditable) insertLine(editor, { at, text, files: linked, hasCursor: hasCursor.current });
      },
    }),
    [editor],
  );
  if (!editor) return null;
  return (
    <div className="flex flex-col">
      {isWritable && <EditorToolbar editor={editor} />}
      <EditorContent editor={editor} />
    </div>
  );
}
