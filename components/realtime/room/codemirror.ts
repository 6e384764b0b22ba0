import { defaultKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { yCollab, yUndoManagerKeymap } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { personColour } from "#/components/ui/person-colours.ts";

export type EditorOptions = {
  host: HTMLElement;
  text: Y.Text;
  awareness: Awareness;
  /** Its accessible name. */
  label: string;
  placeholder: string;
  hasFocus: boolean;
  /** Esc. False leaves the key to what is around the editor: a dialog closes by it. */
  onLeave: () => boolean;
  /** Ctrl or Cmd with Enter. */
  onSubmit: () => void;
  /** What is pasted or dropped, and where. False leaves it to the editor. */
  onTransfer: (transfer: DataTransfer, at: number) => boolean;
};

type Presence = { user?: { name?: string; userId?: string; color?: string; colorLight?: string } };

/** Everyone's presence with the colours that their avatars have on this page, in both themes. */
function withPageColours(awareness: Awareness): Awareness {
  const coloured = (state: Presence): Presence => {
    const { user } = state;
    if (!user?.userId) return state;
    const color = `var(--p${personColour(user.userId)})`;
    return { ...state, user: { ...user, color, colorLight: `color-mix(in srgb, ${color} 25%, transparent)` } };
  };
  return Object.create(awareness, {
    getStates: {
      value: () => new Map([...awareness.getStates()].map(([id, state]) => [id, coloured(state as Presence)])),
    },
  }) as Awareness;
}

const look = EditorView.theme({
  "&": { fontSize: "inherit", color: "var(--text)", backgroundColor: "transparent" },
  "&.cm-focused": { outline: "none" },
  // What is around it scrolls: inside a box of its own the names above the first line would be cut off.
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "inherit", overflow: "visible" },
  ".cm-content": { padding: "0", caretColor: "var(--text)", minHeight: "inherit" },
  ".cm-line": { padding: "0" },
  ".cm-placeholder": { color: "var(--faint)" },
  ".cm-ySelectionCaret": { borderWidth: "1px" },
  ".cm-ySelectionInfo": {
    opacity: "1",
    top: "-1.25em",
    padding: "1px 4px",
    borderRadius: "3px 3px 3px 0",
    fontFamily: "var(--font-sans)",
    fontSize: "10px",
    fontWeight: "600",
    lineHeight: "1.3",
    color: "var(--on-person)",
  },
  ".cm-ySelectionCaretDot": { display: "none" },
});

/** Hands what is pasted or dropped to the owner of the editor first. */
function transfers({ onTransfer }: EditorOptions) {
  return EditorView.domEventHandlers({
    paste: (event, view) =>
      event.clipboardData !== null && onTransfer(event.clipboardData, view.state.selection.main.to),
    drop: (event, view) => {
      const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.selection.main.to;
      // Nobody aims between two letters.
      const lineEnd = view.state.doc.lineAt(at).to;
      return (
        event.dataTransfer !== null && event.dataTransfer.files.length > 0 && onTransfer(event.dataTransfer, lineEnd)
      );
    },
  });
}

/** An editor for shared Markdown, with everyone's cursors. Answers with the way to end it. */
export function mountEditor(options: EditorOptions): () => void {
  const { host, text, awareness, label, onLeave, onSubmit } = options;
  const always = (act: () => void) => () => {
    act();
    return true;
  };
  const view = new EditorView({
    parent: host,
    state: EditorState.create({
      doc: text.toString(),
      selection: { anchor: text.length },
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: always(onSubmit) },
            { key: "Escape", run: onLeave },
          ]),
        ),
        transfers(options),
        yCollab(text, withPageColours(awareness)),
        keymap.of([...yUndoManagerKeymap, ...defaultKeymap]),
        markdown(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "true", autocapitalize: "sentences" }),
        placeholder(options.placeholder),
        look,
      ],
    }),
  });
  if (options.hasFocus) view.focus();
  return () => {
    view.destroy();
    awareness.setLocalStateField("cursor", null);
  };
}
