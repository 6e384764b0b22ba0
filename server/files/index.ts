export { addFile } from "./add-file.ts";
export { filesOf, listFiles, readChunks, requireFile } from "./file-queries.ts";
export { removeFile } from "./remove-file.ts";
export { sniff } from "./sniff.ts";
