/** NIST SP 800-63B: eight at least, and nothing about which characters. */
export const PASSWORD_LENGTH_MIN = 8;
/** Room for any passphrase; beyond it a request is not a password. */
export const PASSWORD_LENGTH_MAX = 512;
export const PERSON_NAME_LENGTH_MAX = 100;
export const TOKEN_NAME_LENGTH_MAX = 100;
/** What browsers send is shorter; the rest is cut. */
export const USER_AGENT_LENGTH_MAX = 300;
