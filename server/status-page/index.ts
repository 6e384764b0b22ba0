export { PAGE_POLICY } from "./answers.ts";
export type { FormAnswer } from "./forms.ts";
export { previewPage } from "./preview-page.ts";
export { createStatusPage, type StatusPage } from "./status-page.ts";
