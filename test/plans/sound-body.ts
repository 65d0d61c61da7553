/** What holds for every body that is made of a plan, whatever is in it. */
import { expect } from 'vitest';
import { formatPlan } from '../../src/cli/plan/format-plan.js';
import type { Plan } from '../../src/core/plan/plan.js';
import { resourceWords } from '../../src/text/plan-words.js';
import { planSection, planTitle } from '../../src/text/plan-text.js';
import type { Room } from '../../src/text/room.js';

const ROOMS: readonly Room[] = [
  { characters: 65_000, bytes: 250_000 },
  { characters: 1_000_000, bytes: 1_000_000 },
  { characters: 6000, bytes: 8000 },
];

export function expectSoundBodies(plan: Plan, secrets: readonly string[] = []): void {
  const bodies = ROOMS.map((room) => planSection(plan, room, 'https://bot.example.test/plans/1'));
  for (const [index, body] of bodies.entries()) {
    const room = ROOMS[index] ?? { characters: 0, bytes: 0 };
    expect(body.length).toBeLessThanOrEqual(room.characters);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(room.bytes);
    expectBalanced(body);
    expectDead(body);
    expectAllNamed(plan, body);
  }
  const [whole] = bodies;
  if (plan.hidden.length > 0) expect(whole).not.toContain('Nothing changes.');
  expect(planTitle(plan)).not.toContain('\n');
  for (const secret of secrets)
    for (const text of [
      ...bodies,
      planTitle(plan),
      formatPlan(plan, 'json'),
      formatPlan(plan, 'diff'),
      formatPlan(plan, 'html'),
    ])
      expect(text).not.toContain(secret);
}

/** Fences close before anything else opens; `<details>` open and close outside of them, never one in another. */
export function expectBalanced(body: string): void {
  let fence: string | null = null;
  let depth = 0;
  for (const line of body.split('\n')) {
    const opening = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence !== null) {
      if (line === fence) fence = null;
      else expect(opening?.length ?? 0, 'a run inside is as long as its fence').toBeLessThan(fence.length);
    } else if (opening !== undefined) fence = opening;
    else {
      const html = line.replace(INLINE_CODE, '');
      depth += count(html, '<details>') - count(html, '</details>');
      expect(depth).toBeGreaterThanOrEqual(0);
      expect(depth).toBeLessThanOrEqual(1);
    }
  }
  expect(fence, 'a fence is left open').toBeNull();
  expect(depth, 'details are left open').toBe(0);
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** Outside of code: no mention, no reference, no HTML but ours; and nowhere what can't be seen. */
export function expectDead(body: string): void {
  expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/);
  const text = withoutCode(body);
  expect(text).not.toMatch(/(^|[^\w\\])@\w/);
  expect(text).not.toMatch(/(^|[^\w\\&])#\d/);
  expect(text).not.toMatch(/<(?!\/?(details|summary|code)>)[a-z!/]/i);
  expect(text.replace('https://bot.example.test', '')).not.toMatch(/\]\(javascript:/i);
}

/** A run of backticks that is closed by a run of the same length. */
const INLINE_CODE = /(?<![`\\])(`+)(?!`)[^]*?(?<!`)\1(?!`)/g;

/** As CommonMark reads it: fenced blocks, then runs of backticks that are closed by a run of the same length; `<code>` of summaries. */
export function withoutCode(body: string): string {
  return body
    .replace(/^(`{3,})[a-z]*\n[^]*?\n\1$/gm, '')
    .replace(INLINE_CODE, '')
    .replace(/<code>[^<]*<\/code>/g, '');
}

/** Every resource is there by name, or a line counts those that are not. */
function expectAllNamed(plan: Plan, body: string): void {
  const summaries = [...body.matchAll(/^<details><summary><code>/gm)].length;
  const said = /\*\*(\d+) changed resources? not shown here\*\*/.exec(body)?.[1] ?? '0';
  expect(summaries + Number(said)).toBe(plan.targets.flatMap(({ resources }) => resources).length);
  for (const kind of new Set(plan.hidden.map((part) => part.kind))) {
    const total = plan.hidden.filter((part) => part.kind === kind).reduce((sum, part) => sum + part.count, 0);
    expect(body, `${total} of ${kind} are counted`).toMatch(new RegExp(`^- ${total} \\w|more kinds?$`, 'm'));
  }
  if (plan.warnings.length > 0) expect(count(body, '**Warning**')).toBeGreaterThan(0);
}

/** Each resource, as each rendering shows it: `app/env`, what it is, what became of it. */
export function resourcesOf(plan: Plan): readonly string[] {
  return plan.targets.flatMap(({ target, resources }) =>
    resources.map((resource) => `${target.app}/${target.env} ${resourceWords(resource)} ${resource.change}`),
  );
}
