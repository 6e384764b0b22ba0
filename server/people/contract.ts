import { z } from "zod";
import { serverRoles, tokenScopes } from "#/server/access/index.ts";
import { EMAIL_LENGTH_MAX, EMAIL_PATTERN } from "#/server/access/shared/email.ts";
import {
  PASSWORD_LENGTH_MAX,
  PASSWORD_LENGTH_MIN,
  PERSON_NAME_LENGTH_MAX,
  TOKEN_NAME_LENGTH_MAX,
} from "./shared/limits.ts";

const email = z.string().trim().regex(EMAIL_PATTERN, "This is not an e-mail address.").max(EMAIL_LENGTH_MAX);
const name = z.string().trim().min(1, "A name is needed.").max(PERSON_NAME_LENGTH_MAX);
const role = z.enum(serverRoles);
const password = z
  .string()
  .min(PASSWORD_LENGTH_MIN, `A password has ${PASSWORD_LENGTH_MIN} characters or more.`)
  .max(PASSWORD_LENGTH_MAX);

/** Without a password the person comes in by a token only, until an administrator sets one. */
export const createUserInput = z.object({ email, name, role, password: password.optional() });
export type CreateUserInput = z.infer<typeof createUserInput>;

/** What is left out stays. Somebody who changes their own password says the current one, too. */
export const changeUserInput = z
  .object({
    email,
    name,
    role,
    password,
    currentPassword: z.string().max(PASSWORD_LENGTH_MAX),
    isDisabled: z.boolean(),
  })
  .partial();
export type ChangeUserInput = z.infer<typeof changeUserInput>;

/** An instant is null for what has not happened. */
const instant = z.string();

export const userView = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role,
  createdAt: instant,
  disabledAt: instant.nullable(),
});
export type UserView = z.infer<typeof userView>;

export const createTokenInput = z.object({
  name: z.string().trim().min(1, "A name is needed.").max(TOKEN_NAME_LENGTH_MAX),
  /** Whom the token acts as; whoever asks, when left out. */
  userId: z.guid("This is not the id of a user.").nullish(),
  /** Left out or empty: all that its user may do. */
  scopes: z
    .array(z.string().refine((scope) => tokenScopes.includes(scope), "There is no such scope."))
    .max(tokenScopes.length)
    .nullish(),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
});
export type CreateTokenInput = z.infer<typeof createTokenInput>;

export const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  /** Its first characters, to tell tokens apart. */
  prefix: z.string(),
  userId: z.string(),
  userName: z.string(),
  scopes: z.array(z.string()),
  createdAt: instant,
  lastUsedAt: instant.nullable(),
  expiresAt: instant.nullable(),
});
export type TokenView = z.infer<typeof tokenView>;

/** The one answer that holds the token itself. */
export const createdTokenView = tokenView.extend({ token: z.string() });
export type CreatedTokenView = z.infer<typeof createdTokenView>;

export const sessionView = z.object({
  id: z.string(),
  userAgent: z.string(),
  createdAt: instant,
  lastSeenAt: instant,
  expiresAt: instant,
  /** True for the session that asks. */
  isCurrent: z.boolean(),
});
export type SessionView = z.infer<typeof sessionView>;

/** Who asks, and what the asking may do; scopes are empty when they limit nothing. */
export const meView = z.object({
  user: z.object({ id: z.string(), name: z.string(), email: z.string(), role }),
  scopes: z.array(z.string()),
});
export type MeView = z.infer<typeof meView>;

export const completeSetupInput = z.object({ token: z.string().min(1).max(200), name, email, password });
export type CompleteSetupInput = z.infer<typeof completeSetupInput>;

export const auditQuery = z.object({
  /** An action, as `user.created`. */
  action: z.string().max(100).optional(),
  /** The id of whoever acted. */
  actorId: z.guid().optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

export const auditEntryView = z.object({
  id: z.string(),
  at: instant,
  actor: z.object({ id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  objectKind: z.string(),
  objectId: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** What the ids in it are called, as far as they still have a name. */
  names: z.record(z.string(), z.string()),
  requestId: z.string(),
});
export type AuditEntryView = z.infer<typeof auditEntryView>;
