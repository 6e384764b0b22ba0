import { Extension } from "@tiptap/core";
import type { Node } from "@tiptap/pm/model";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { FileView } from "#/server/files/contract.ts";
import { fileOfPath, isImage } from "#/server/files/shared/file-link.ts";

type Known = { incidentId: string; files: readonly FileView[] };
const key = new PluginKey<DecorationSet>("filePreviews");

/** A small picture behind the link to it. */
function preview({ name, url, width, height }: FileView): HTMLElement {
  const image = document.createElement("img");
  image.src = url;
  image.alt = name;
  image.className = "file-preview";
  if (width !== null && height !== null) [image.width, image.height] = [width, height];
  return image;
}

function removed(): HTMLElement {
  const words = document.createElement("span");
  words.textContent = " (removed)";
  words.className = "file-removed";
  return words;
}

/** What stands behind each link to a file: its image, or that it was removed. Links in code stay as they are. */
function previewsIn(doc: Node, { incidentId, files }: Known): DecorationSet {
  const decorations: Decoration[] = [];
  doc.descendants((node, at, parent, index) => {
    const href = node.marks.find(({ type }) => type.name === "link")?.attrs.href as unknown;
    const named = fileOfPath(href);
    if (named?.incidentId !== incidentId) return;
    const next = parent?.maybeChild(index + 1);
    // One link may be several pieces of text, bold and not.
    if (next?.marks.some((mark) => mark.type.name === "link" && mark.attrs.href === href)) return;
    const file = files.find(({ id }) => id === named.fileId);
    const end = at + node.nodeSize;
    if (!file) decorations.push(Decoration.widget(end, removed, { key: `removed ${named.fileId}`, side: 1 }));
    else if (isImage(file.type)) {
      decorations.push(Decoration.widget(end, () => preview(file), { key: file.id, side: 1 }));
    }
  });
  return DecorationSet.create(doc, decorations);
}

/** Shows the images that the text links to. Nothing of it is in the text, so its schema stays as it is. */
export const FilePreviews = Extension.create<Known>({
  name: "filePreviews",
  addOptions: () => ({ incidentId: "", files: [] }),
  addProseMirrorPlugins() {
    const { options } = this;
    return [
      new Plugin<DecorationSet>({
        key,
        state: {
          init: (_, state) => previewsIn(state.doc, options),
          apply(transaction, current) {
            const news = transaction.getMeta(key) as readonly FileView[] | undefined;
            if (news) options.files = news;
            return news || transaction.docChanged ? previewsIn(transaction.doc, options) : current;
          },
        },
        props: {
          decorations(state) {
            return this.getState(state);
          },
        },
      }),
    ];
  },
});

/** The key under which a transaction tells of files that came or went. */
export const filesChanged = key;
