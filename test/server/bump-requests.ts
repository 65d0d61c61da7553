/** A request for an image bump, and what is said of one that is refused. */
import { expect } from 'vitest';
import type { ServerUnderTest } from './server-under-test.js';

export const DIGEST = `sha256:${'0a'.repeat(32)}`;
export const BUMP = { forge: 'github', repository: 'acme/config', image: 'ghcr.io/acme/api', tag: '1.1.0' };

/** The problem of each field of a body that is refused. */
export async function problemsOf(
  under: ServerUnderTest,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Record<string, string>> {
  const answer = await under.bump(body, headers);
  expect(answer.status).toBe(400);
  const { problems: found } = answer.json as { problems: { field: string; message: string }[] };
  return Object.fromEntries(found.map((problem) => [problem.field, problem.message]));
}
