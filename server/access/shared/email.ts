/** The longest address that mail can carry (RFC 5321). */
export const EMAIL_LENGTH_MAX = 254;

/** Something before and after one @, without what would end an address in a header: `owner@localhost` is one, too. */
export const EMAIL_PATTERN = /^[^\s@<>,;:"\\]+@[^\s@<>,;:"\\]+$/;
