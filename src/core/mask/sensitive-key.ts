/** Names under which people keep secrets, in the spellings of environment variables, properties files, Helm values and manifests. */

const SENSITIVE_ENDING =
  /(pass(word|wd|phrase|code)?|pwd|secret|token|api_?key|access_?key(_?id)?|private_?key|secret_?key|encryption_?key|signing_?key|client_?secret|credentials?|auth|connection_?string|dsn)$/;

/** Names of things that hold secrets, and settings about them: not secrets themselves. */
const REFERENCE_ENDING = /(existing_?secret|_?secret_?(name|ref|key_?ref|class)|image_?pull_?secret)$/;

/** `DB_PASSWORD`, `apiKey`, `spring.datasource.password`: true. `secretName`, `existingSecret`, `tokenExpiration`: false. */
export function isSensitiveKey(key: string): boolean {
  const name = key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[.\-\s]+/g, '_');
  return SENSITIVE_ENDING.test(name) && !REFERENCE_ENDING.test(name);
}
