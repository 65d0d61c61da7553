/** What a plan is expected to be, as files that people read: `golden/NAME.json` and `golden/NAME.md`. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Plan } from '../../src/core/plan/plan.js';
import { planJson } from '../../src/text/plan-json.js';
import { planSection } from '../../src/text/plan-text.js';

const FOLDER = fileURLToPath(new URL('golden/', import.meta.url));

/** What a comment on GitHub holds. */
export const COMMENT_ROOM = { characters: 65_000, bytes: 250_000 };

/** Fails where a golden file is missing or tells another plan; `UPDATE_GOLDEN=1` writes them. */
export function expectGolden(name: string, plan: Plan): void {
  const stable = { ...plan, base: '(base)', head: '(head)' };
  compare(`${name}.json`, `${JSON.stringify(planJson(stable), (_key, value: unknown) => condensed(value), 2)}\n`);
  const text = planSection(stable, COMMENT_ROOM, null);
  compare(`${name}.md`, `${text.split('\n').map(condensed).join('\n')}\n`);
}

export function goldenNames(): readonly string[] {
  return readdirSync(FOLDER);
}

function compare(file: string, actual: string): void {
  const path = `${FOLDER}${file}`;
  if (process.env['UPDATE_GOLDEN'] === '1') {
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(path, actual);
    return;
  }
  expect(existsSync(path), `golden/${file} is missing: UPDATE_GOLDEN=1 npx vitest run test/plans, and read it`).toBe(
    true,
  );
  expect(actual, `golden/${file} tells another plan`).toBe(readFileSync(path, 'utf8'));
}

const LONGEST = 4000;

/** Nobody reads what is longer; its digest still pins it. */
function condensed(value: unknown): unknown {
  if (typeof value !== 'string' || value.length <= LONGEST) return value;
  const digest = createHash('sha256').update(value).digest('hex').slice(0, 16);
  return `${value.slice(0, 200)}… (${value.length} characters, ${digest})`;
}
