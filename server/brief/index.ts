export { readBrief } from "./read-brief.ts";
