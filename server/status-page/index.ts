export { PAGE_POLICY, type PageAnswer } from "./answers.ts";
export type { FormAnswer } from "./forms.ts";
export { createStatusPage, type StatusPage } from "./status-page.ts";
