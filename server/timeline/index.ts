export { addNote } from "./add-note.ts";
export { deleteNote } from "./delete-note.ts";
export { projectNotes } from "./project-notes.ts";
export { getEntry, listLatestEntries, listTimeline } from "./timeline-queries.ts";
