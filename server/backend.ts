import type { ServerRole } from "#/server/access/shared/roles.ts";
import type { AlertView, IntakeView, IntegrationView } from "#/server/alerts/contract.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { RoomView } from "#/server/realtime/contract.ts";

/** Plain data or a code: what crosses from the server into pages. Classes are not the same on both sides, so test `code`. */
export type BackendResult<T> = { ok: true; value: T } | { ok: false; code: string; message: string };
export type SignedIn = { id: string; name: string; email: string; role: ServerRole; sessionId: string };
type Page<T> = { items: T[]; nextCursor: string | null };
type RequestHeaders = Headers;

/** What pages may ask the server; each call finds out who asks from the request's headers. */
export type Backend = {
  signIn(input: { email: string; password: string; userAgent: string; ip: string }): Promise<BackendResult<SignedIn>>;
  signOut(sessionId: string): Promise<void>;
  isSetupToken(token: string): Promise<boolean>;
  hasAnyone(): Promise<boolean>;
  completeSetup(input: {
    token: string;
    name: string;
    email: string;
    password: string;
  }): Promise<BackendResult<{ id: string; email: string }>>;
  /** Who is asking, or null. */
  me(headers: RequestHeaders): Promise<{ id: string; name: string; email: string; role: ServerRole } | null>;
  /** Any GET of `/api/v1`, answered without a network hop, with the permissions of whoever asks. */
  get<T>(headers: RequestHeaders, path: string): Promise<BackendResult<T>>;
  room(headers: RequestHeaders, reference: string): Promise<BackendResult<RoomView>>;
};
export type Incidents = Page<IncidentView>;
export type Alerts = Page<AlertView>;
export type Integrations = Page<IntegrationView>;
export type Intakes = Page<IntakeView>;

const KEY = Symbol.for("muster.backend");
type Holder = { [KEY]?: Backend };

/** Called once by `main.ts`. */
export function provideBackend(backend: Backend): void {
  (globalThis as Holder)[KEY] = backend;
}

/** The server that runs this page. Pages are bundled apart and share nothing else with it. */
export function backend(): Backend {
  const found = (globalThis as Holder)[KEY];
  if (!found) throw new Error("Pages are served by server/main.ts only: use npm start or npm run dev");
  return found;
}
