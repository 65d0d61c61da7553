/**
 * Masking by shape: what looks like a secret in any text is replaced, whoever wrote the text. It is the last line, behind masking by
 * structure, for tools' messages, errors and log lines, where no structure tells what is secret.
 */
import { isSensitiveKey } from './sensitive-key.js';

/** What stands in a secret's place. */
type Replacement = (secret: string) => string;

/** Each is linear in the text: bounded repetitions, no nesting. Sources: the issuers' own documentation of their token formats. */
const SHAPES: readonly RegExp[] = [
  // PEM: private keys of any kind, whole or cut off.
  /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]{0,20000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  // JSON Web Tokens: a base64url header that begins with {" and two more parts.
  /\beyJ[\w-]{8,4096}\.[\w-]{4,8192}\.[\w-]{0,4096}/g,
  // GitHub, GitLab, npm, PyPI, Slack, Stripe, OpenAI-like, Google, AWS, Azure storage, HashiCorp Vault, DigitalOcean, SendGrid.
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g,
  /\b(?:glpat|gldt|glrt|glcbt|glptt|gloas|glsoat|glffct)-[\w.-]{16,300}/g,
  /\b(?:npm_[A-Za-z0-9]{30,40}|pypi-[\w-]{50,300}|xox[abeoprs]-[\w-]{10,300}|[rs]k_(?:live|test)_[A-Za-z0-9]{16,120}|sk-[\w-]{20,200})/g,
  /\b(?:AIza[\w-]{30,40}|ya29\.[\w-]{20,300}|(?:AKIA|ASIA)[A-Z0-9]{16}|hvs\.[\w-]{20,200}|dop_v1_[a-f0-9]{64}|SG\.[\w-]{16,40}\.[\w-]{30,60})/g,
  /\bwhsec_[A-Za-z0-9+/=]{16,200}/g,
];

/** `scheme://user:password@host`: the password. `Authorization: Bearer …`: what follows. */
const URL_PASSWORD = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:)([^\s/@]{1,500})(@)/gi;
const AUTHORIZATION =
  /\b((?:proxy-)?authorization["']?\s{0,5}[:=]\s{0,5}["']?(?:basic|bearer|token)\s{1,5})([^\s"',]{4,8192})/gi;
/** The name in `DB_PASSWORD=…` or `password: …`, up to where its value begins; only where a word begins, so that a line of megabytes is read once. */
const NAME = /(?<![\w.-])["']?([\w.-]{1,100})["']?[ \t]{0,5}[:=][ \t]{0,5}["']?/g;
const VALUE = /[^\s"',;}{]{1,4096}/y;

/** Each of the above needs one of these: texts without any, which most are, are looked at once. */
const SIGNS =
  /[:=]|-----BEGIN|eyJ|gh[pousr]_|github_pat_|gl[a-z]{2,4}-|npm_|pypi-|xox|[rs]k_|sk-|AIza|ya29|AKIA|ASIA|hvs\.|dop_v1_|SG\.|whsec_/;

/** The text with everything that looks like a secret replaced. Values already masked and references to secrets stay. */
export function maskText(text: string, replacement: Replacement = () => '[masked]'): string {
  if (!SIGNS.test(text)) return text;
  let masked = text;
  for (const shape of SHAPES) masked = masked.replace(shape, replacement);
  masked = masked.replace(
    URL_PASSWORD,
    (_, before: string, secret: string, after: string) => `${before}${kept(secret, replacement)}${after}`,
  );
  masked = masked.replace(
    AUTHORIZATION,
    (_, before: string, secret: string) => `${before}${kept(secret, replacement)}`,
  );
  return maskAssignments(masked, replacement);
}

/** A name that is not sensitive takes nothing with it: in `Error: password=…` the second is still found. */
function maskAssignments(text: string, replacement: Replacement): string {
  const parts: string[] = [];
  let done = 0;
  for (const match of text.matchAll(NAME)) {
    const start = match.index + match[0].length;
    if (start <= done || !isSensitiveKey(match[1] ?? '')) continue;
    VALUE.lastIndex = start;
    const value = VALUE.exec(text)?.[0];
    if (value === undefined) continue;
    parts.push(text.slice(done, start), kept(value, replacement));
    done = start + value.length;
  }
  return parts.join('') + text.slice(done);
}

/** What is masked already, empty or a mere placeholder stays as it is. */
function kept(value: string, replacement: Replacement): string {
  return /^(\[?masked|\$|<|ENC\[|null$|true$|false$|~$|\|[+-]?$|>[+-]?$|!)/.test(value) ? value : replacement(value);
}
