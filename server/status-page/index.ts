export type { PageAnswer } from "./answers.ts";
export type { FormAnswer } from "./forms.ts";
export { removeLogo, setLogo, viewLogo } from "./logo.ts";
export { PAGE_POLICY } from "./pages/layout.ts";
export { previewPage } from "./preview-page.ts";
export { createStatusPage, type StatusPage } from "./status-page.ts";
export { registerPageWebhooks } from "./webhooks.ts";
