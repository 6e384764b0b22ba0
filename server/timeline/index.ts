export { addNote } from "./add-note.ts";
export { changeEntry } from "./change-entry.ts";
export { DECISION_JOB } from "./decision-job.ts";
export { deleteNote } from "./delete-note.ts";
export { listNoteVersions, readNoteVersion } from "./note-versions.ts";
export { projectNotes } from "./project-notes.ts";
export { restoreNoteVersion } from "./restore-note-version.ts";
export { findEntry, getEntry, listTimeline, type RoomTimeline, readRoomTimeline } from "./timeline-queries.ts";
