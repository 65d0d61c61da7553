/** What holds for every body that is made of a plan, whatever is in it. */
import MarkdownIt from 'markdown-it';
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

/** Each fence closes by a run of its own length, and no run inside is as long. */
export function expectBalanced(body: string): void {
  let fence: string | null = null;
  const tooLong: string[] = [];
  for (const line of body.split('\n')) {
    const run = /^(`{3,})[a-z]*$/.exec(line)?.[1];
    if (fence === null) fence = run ?? null;
    else if (line === fence) fence = null;
    else if (run !== undefined && run.length >= fence.length) tooLong.push(line);
  }
  expect(tooLong, 'runs inside are as long as their fence').toEqual([]);
  expect(fence, 'a fence is left open').toBeNull();
}

/** As Markdown reads it: the only HTML is ours, `<details>` are closed, links lead where we sent them, and text outside of code calls nobody. */
export function expectDead(body: string): void {
  expect(body).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008]/);
  const tokens = markdown.parse(body, {});
  const html = tokens.filter(({ type }) => type === 'html_block').map(({ content }) => content.trim());
  expect(html.filter((each) => !OUR_HTML.test(each))).toEqual([]);
  expect(html.filter((each) => each === '</details>').length).toBe(html.length / 2);
  const inline = tokens.flatMap(({ children }) => children ?? []);
  const contents = (...types: readonly string[]) =>
    inline.filter(({ type }) => types.includes(type)).map(({ content }) => content);
  expect(contents('html_inline', 'image')).toEqual([]);
  expect(contents('text').filter((words) => CALLS.test(words))).toEqual([]);
  const links = inline.filter(({ type }) => type === 'link_open').map((each) => String(each.attrGet('href') ?? ''));
  expect(links.filter((link) => !OUR_LINKS.test(link))).toEqual([]);
}

const markdown = new MarkdownIt({ html: true, linkify: true });
// Neither forge links a bare `b.cz`; what `www.` and `@` begin is looked for in the words themselves.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false });
const CALLS = /(^|\W)@\w|\w@[\w-]+\.\w|\bwww\.\w|(^|\W)#\d|\bGH-\d|(^|\W)!\d/;
const OUR_LINKS = /^https:\/\/(bot\.example\.test|git(hub|lab)\.)/;
const OUR_HTML = /^(<details><summary>(<code>[^<]*<\/code>|[^<@#])*<\/summary>|<\/details>)$/;

/** Every resource is there by name, or a line counts those that are not. */
function expectAllNamed(plan: Plan, body: string): void {
  const summaries = [...body.matchAll(/^<details><summary><code>/gm)].length;
  const said = /\*\*(\d+) changed resources? not shown here\*\*/.exec(body)?.[1] ?? '0';
  expect(summaries + Number(said)).toBe(plan.targets.flatMap(({ resources }) => resources).length);
  for (const kind of new Set(plan.hidden.map((part) => part.kind))) {
    const total = plan.hidden.filter((part) => part.kind === kind).reduce((sum, part) => sum + part.count, 0);
    expect(body, `${total} of ${kind} are counted`).toMatch(new RegExp(`^- ${total} \\w|more kinds?$`, 'm'));
  }
  if (plan.warnings.length > 0) expect(body).toMatch(/\*\*Warning\*\*|more warning/);
}

/** Each resource: `app/env`, what it is, what became of it; of a plan or of its JSON. */
export function resourcesOf(plan: Plan, form: 'value' | 'json' = 'value'): readonly string[] {
  return plan.targets.flatMap((each) => {
    const { app, env } = form === 'json' ? (each as unknown as { app: string; env: string }) : each.target;
    return each.resources.map((resource) => `${app}/${env} ${resourceWords(resource)} ${resource.change}`);
  });
}

/** What became of each resource, in the order of a rendering. */
export function namesIn(rendering: string, form: 'markdown' | 'html'): readonly string[] {
  const summary =
    form === 'markdown'
      ? /^<details><summary><code>[^<]*<\/code> (?:only )?(\w+)/gm
      : /<summary><h3><code>[^<]*<\/code> (?:only )?(\w+)/g;
  return [...rendering.matchAll(summary)].map((match) => match[1] ?? '');
}
