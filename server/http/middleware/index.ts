export { apiHeaders } from "./api-headers.ts";
export { authenticate } from "./authenticate.ts";
export { apiBodyLimit } from "./body-limit.ts";
export { csrf } from "./csrf.ts";
export { fileBody } from "./file-body.ts";
export { forgetUnfinished, idempotency } from "./idempotency.ts";
export { rateLimit } from "./rate-limit.ts";
export { requestId } from "./request-id.ts";
