/** Plans of hostile content, and more of it than there is room for: the section stays whole, within its budget, and true. */
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import type { PlanProblem } from '../core/plan/plan.js';
import { LEAST_BUDGET, planSection, planTitle } from './plan-text.js';
import { byteLength } from './room.js';
import { api, plan, target } from './testing/small-plan.js';

describe('hostile plans', () => {
  const hostile = fc.oneof(
    fc
      .array(
        fc.constantFrom(
          '```',
          '`',
          '\n',
          '</details>',
          '</summary>',
          '<details>',
          '@acme/sre',
          '#12',
          '\u202e',
          '~~~',
          '\\',
          'x',
          ' ',
          '|',
          '<!-- lockkeeper:state x.y -->',
          'https://evil.example',
        ),
        { maxLength: 8 },
      )
      .map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.integer({ min: 1, max: 9000 }).map((size) => 'long'.repeat(size)),
    fc.integer({ min: 1, max: 500 }).map((size) => '&@#\u202e'.repeat(size)),
  );
  const resource = fc.record({
    apiVersion: hostile,
    kind: hostile,
    namespace: fc.option(hostile),
    name: hostile,
    change: fc.constantFrom('added' as const, 'removed' as const, 'changed' as const, 'renamed' as const),
    previousName: fc.option(hostile),
    fields: fc.array(fc.record({ path: hostile, before: fc.option(hostile), after: fc.option(hostile) }), {
      maxLength: 25,
    }),
    reordered: fc.array(hostile, { maxLength: 7 }),
    diff: hostile,
  });
  const name = fc.record({ app: hostile, env: hostile });
  const someTarget = fc
    .tuple(name, fc.option(hostile), fc.option(hostile), fc.array(resource, { maxLength: 4 }))
    .map(([of, versionBefore, versionAfter, resources]) =>
      target({ target: of, versionBefore, versionAfter, resources }),
    );
  const problem: fc.Arbitrary<PlanProblem> = fc.oneof(
    fc.record({
      kind: fc.constant('render-failed' as const),
      target: name,
      side: fc.constantFrom('before' as const, 'after' as const),
      file: fc.option(hostile),
      line: fc.option(fc.nat()),
      message: hostile,
    }),
    fc.record({ kind: fc.constant('conflict' as const), paths: fc.array(hostile, { maxLength: 30 }) }),
    fc.record({
      kind: fc.constant('broken-manifest' as const),
      target: name,
      side: fc.constant('after' as const),
      problem: fc.record({ file: hostile, line: fc.nat(), column: fc.nat(), message: hostile }),
    }),
  );
  const somePlan = fc
    .record({
      targets: fc.array(someTarget, { maxLength: 12 }),
      outside: fc.array(hostile, { maxLength: 12 }),
      problems: fc.array(problem, { maxLength: 6 }),
      warnings: fc.array(
        fc.record({
          kind: fc.constantFrom('deletes-data' as const, 'privileged' as const),
          target: name,
          resource: hostile,
          path: fc.option(hostile),
        }),
        { maxLength: 6 },
      ),
      hidden: fc.array(
        fc.record({
          kind: fc.constantFrom('note' as const, 'masked-value' as const, 'large-resource' as const),
          target: fc.option(name),
          count: fc.nat(),
          what: hostile,
        }),
        { maxLength: 8 },
      ),
    })
    .map((parts) => plan({ ...parts, changes: parts.problems.length > 0 ? 'unknown' : 'other' }));

  const markdown = new MarkdownIt({ html: true, linkify: false });

  it('stay within the budget, with every fence and detail closed', () => {
    fc.assert(
      fc.property(somePlan, fc.integer({ min: LEAST_BUDGET, max: 60_000 }), (some, budget) => {
        const text = planSection(some, budget);
        expect(text.length).toBeLessThanOrEqual(budget);
        const bytes = Math.max(budget, 20_000);
        expect(byteLength(planSection(some, { characters: bytes * 2, bytes }))).toBeLessThanOrEqual(bytes);
        const tokens = markdown.parse(`${text}\n\nafter`, {});
        const html = tokens.filter((token) => token.type === 'html_block').map((token) => token.content.trim());
        expect(html.filter((each) => each.startsWith('<details>')).length).toBe(
          html.filter((each) => each === '</details>').length,
        );
        expect(
          html.every((each) =>
            /^<details><summary><code>[^<>]*<\/code> (added|changed|removed|renamed)( from <code>[^<>]*<\/code>)? \(<code>[^<>]*<\/code>\)<\/summary>$|^<\/details>$/.test(
              each,
            ),
          ),
        ).toBe(true);
        expect(tokens.at(-2)?.content).toBe('after');
        const words = tokens.flatMap((token) => token.children ?? []).filter((child) => child.type !== 'code_inline');
        expect(words.filter((child) => child.type === 'html_inline' || child.type === 'link_open')).toEqual([]);
        expect(words.map((child) => child.content).join('')).not.toMatch(/@\w|#\d|:\/\//);
      }),
      { numRuns: 60 },
    );
  });

  it('count what is left out and never say that nothing changes', () => {
    fc.assert(
      fc.property(somePlan, (some) => {
        const text = planSection(some, LEAST_BUDGET);
        const count = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? 0);
        const resources = some.targets.flatMap((each) => each.resources).length;
        const shown = text.match(/^<details><summary>/gm)?.length ?? 0;
        expect(shown + count(/^\*\*(\d+) changed resources? not shown/m)).toBe(resources);
        const changed = some.targets.filter((each) => each.resources.length > 0).length;
        const rows = text.match(/^- \*\*.*\*\*: /gm)?.length ?? 0;
        expect(rows + count(/^- …and (\d+) more target/m)).toBe(changed);
        const warnings = text.match(/^- \*\*Warning\*\*/gm)?.length ?? 0;
        expect(warnings + count(/^- …and (\d+) more warning/m)).toBe(some.warnings.length);
        expect(text).not.toContain('Nothing changes');
        expect(planTitle(some)).not.toContain('Nothing changes');
        expect(planTitle(some).length).toBeLessThanOrEqual(140);
      }),
      { numRuns: 60 },
    );
  });

  it('fit with thousands of targets, files and problems', () => {
    const many = plan({
      targets: Array.from({ length: 5000 }, (_, n) => target({ target: { app: `a${n}`, env: 'e'.repeat(200) } })),
      outside: Array.from({ length: 5000 }, (_, n) => `${n}/${'f'.repeat(4000)}`),
      problems: Array.from({ length: 500 }, () => ({
        kind: 'render-failed',
        target: api,
        side: 'after',
        file: 'f'.repeat(4000),
        line: 7,
        message: 'm'.repeat(10_000),
      })),
      changes: 'unknown',
    });
    for (const budget of [-5, LEAST_BUDGET, 20_000, 60_000])
      expect(planSection(many, budget).length).toBeLessThanOrEqual(Math.max(budget, LEAST_BUDGET));
    const some = planSection(many, 20_000);
    expect(some).toMatch(/more target/);
    expect(some).toMatch(/…and \d+ more problems\./);
    expect(some).toMatch(/and 4995 more files/);
  });
});
