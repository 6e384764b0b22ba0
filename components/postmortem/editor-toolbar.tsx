"use client";

import { type Editor, useEditorState } from "@tiptap/react";
import { type KeyboardEvent, useRef, useState } from "react";
import { cx } from "#/components/ui/cx.ts";
import { LinkForm } from "./link-form.tsx";

type Tool = {
  name: string;
  /** What is shown; the name is said. */
  sign: string;
  className?: string;
  keys?: string;
  isActive: (editor: Editor) => boolean;
  run: (editor: Editor) => void;
};

const headings: Tool[] = ([1, 2, 3] as const).map((level) => ({
  name: `Heading ${level}`,
  sign: `H${level}`,
  keys: `Control+Alt+${level}`,
  isActive: (editor) => editor.isActive("heading", { level }),
  run: (editor) => editor.chain().focus().toggleHeading({ level }).run(),
}));

const tools: Tool[] = [
  ...headings,
  {
    name: "Bold",
    sign: "B",
    className: "font-bold",
    keys: "Control+B",
    isActive: (editor) => editor.isActive("bold"),
    run: (editor) => editor.chain().focus().toggleBold().run(),
  },
  {
    name: "Italic",
    sign: "I",
    className: "italic",
    keys: "Control+I",
    isActive: (editor) => editor.isActive("italic"),
    run: (editor) => editor.chain().focus().toggleItalic().run(),
  },
  {
    name: "Bullet list",
    sign: "• –",
    keys: "Control+Shift+8",
    isActive: (editor) => editor.isActive("bulletList"),
    run: (editor) => editor.chain().focus().toggleBulletList().run(),
  },
  {
    name: "Numbered list",
    sign: "1 –",
    keys: "Control+Shift+7",
    isActive: (editor) => editor.isActive("orderedList"),
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    name: "Quote",
    sign: "❝",
    keys: "Control+Shift+B",
    isActive: (editor) => editor.isActive("blockquote"),
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
  {
    name: "Code",
    sign: "`a`",
    className: "font-mono",
    keys: "Control+E",
    isActive: (editor) => editor.isActive("code"),
    run: (editor) => editor.chain().focus().toggleCode().run(),
  },
  {
    name: "Code block",
    sign: "{ }",
    className: "font-mono",
    keys: "Control+Alt+C",
    isActive: (editor) => editor.isActive("codeBlock"),
    run: (editor) => editor.chain().focus().toggleCodeBlock().run(),
  },
];

/** Left and right, Home and End, as in every toolbar: one stop for the Tab key. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>, to: (index: number) => void): void {
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const places: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  const next = (place + buttons.length) % buttons.length;
  buttons[next]?.focus();
  to(next);
}

/** The few things that the postmortem's text can do. */
export function EditorToolbar({ editor }: { editor: Editor }) {
  const [stop, setStop] = useState(0);
  const [isLinking, setLinking] = useState(false);
  const linkButton = useRef<HTMLButtonElement>(null);
  const active = useEditorState({
    editor,
    selector: ({ editor: current }) => [...tools.map((tool) => tool.isActive(current)), current.isActive("link")],
  });
  const look =
    "inline-grid h-8 min-w-8 shrink-0 place-items-center rounded-sm px-1.5 text-s text-muted hover:bg-raised hover:text-text aria-pressed:bg-raised aria-pressed:text-text max-md:h-11 max-md:min-w-11";
  return (
    <div className="sticky top-[58px] z-10 -mx-2 mb-1 border-b border-line bg-bg px-2 py-1 max-md:top-0 max-md:mx-0 max-md:px-0">
      <div
        role="toolbar"
        aria-label="Text"
        className="flex gap-0.5 overflow-x-auto"
        // A press with the mouse leaves the cursor, and what is typed next, in the text.
        onMouseDown={(event) => event.preventDefault()}
        onKeyDown={(event) => moveFocus(event, setStop)}
      >
        {tools.map((tool, index) => (
          <button
            key={tool.name}
            type="button"
            title={tool.name}
            aria-label={tool.name}
            aria-pressed={active[index] ?? false}
            aria-keyshortcuts={tool.keys}
            tabIndex={index === stop ? 0 : -1}
            onClick={() => tool.run(editor)}
            className={cx(look, tool.className)}
          >
            {/* Drawn, not written: the button's words are its name. */}
            <span aria-hidden="true" data-sign={tool.sign} className="before:content-[attr(data-sign)]" />
          </button>
        ))}
        <button
          ref={linkButton}
          type="button"
          aria-pressed={active.at(-1) ?? false}
          aria-expanded={isLinking}
          tabIndex={stop === tools.length ? 0 : -1}
          onClick={() => setLinking(!isLinking)}
          className={look}
        >
          Link
        </button>
      </div>
      {isLinking && (
        <LinkForm
          editor={editor}
          onClose={() => {
            setLinking(false);
            editor.commands.focus();
          }}
        />
      )}
    </div>
  );
}
