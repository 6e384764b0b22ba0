import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

/** What an empty section asks; how, never who. */
const hints: Record<string, string> = {
  overview: "What happened, in three sentences for somebody who was not there…",
  impact: "Who could not do what, for how long? Numbers where there are some…",
  "contributing factors": "What had to come together for this to happen? Ask how, not who…",
  resolution: "What ended it, and how do we know?",
  "what went well": "What helped, and should stay as it is…",
  "what went badly": "What made it longer or worse, and where were we lucky…",
  lessons: "What do we know now that we did not know before?",
  "action items": "Kept in the list beside this text; the export prints them here.",
};

/** A hint on each empty paragraph that stands alone under a heading that asks something. */
function hintsIn(doc: Node): DecorationSet {
  const decorations: Decoration[] = [];
  let title = "";
  doc.forEach((node, offset) => {
    if (node.type.name === "heading") title = node.textContent.trim().toLowerCase();
    else {
      const hint = node.type.name === "paragraph" && node.content.size === 0 ? hints[title] : undefined;
      if (hint)
        decorations.push(Decoration.node(offset, offset + node.nodeSize, { class: "section-hint", "data-hint": hint }));
      title = "";
    }
  });
  return DecorationSet.create(doc, decorations);
}

/** Shows what to write in sections that are still empty. Nothing of it is in the text. */
export const SectionHints = Extension.create({
  name: "sectionHints",
  addProseMirrorPlugins: () => [
    new Plugin<DecorationSet>({
      state: {
        init: (_, state) => hintsIn(state.doc),
        apply: (transaction, current) => (transaction.docChanged ? hintsIn(transaction.doc) : current),
      },
      props: {
        decorations(state) {
          return this.getState(state);
        },
      },
    }),
  ],
});
