// What the pages lead to is there: files and folders of the project, and headings in its pages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const project = join(import.meta.dirname, '..', '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(project, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Markdown without what is code. */
function prose(text: string): string {
  return text.replace(/^```.*?^```/gms, '').replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, (code) => 'c'.repeat(code.length));
}

function linksOf(markdown: string): readonly string[] {
  return [...prose(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** As GitHub and GitLab make the ids of headings. */
function anchorsOf(markdown: string): readonly string[] {
  const headings = markdown.replace(/^```.*?^```/gms, '').matchAll(/^#{1,6} +(.+)$/gm);
  return [...headings].map(([, words = '']) =>
    words
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link of a page, or null. */
function brokenLink(page: string, link: string): string | null {
  if (/^(https?|mailto):/.test(link)) return null;
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? join(project, page) : join(project, dirname(page), path);
  if (relative(project, file).startsWith('..')) return `${link} leads out of the project`;
  if (!existsSync(file)) return `${link} leads nowhere`;
  if (anchor === undefined) return null;
  return anchorsOf(readFileSync(file, 'utf8')).includes(anchor) ? null : `${link} names no heading`;
}

describe.each(pages)('%s', (page) => {
  test('leads to what is there', () => {
    const links = linksOf(readFileSync(join(project, page), 'utf8'));
    expect(links.flatMap((link) => brokenLink(page, link) ?? [])).toEqual([]);
  });
});

test('a link that leads nowhere is found', () => {
  const links = linksOf(
    'See [a](README.md), [b](nothing.md), `[c](code.md)`, [`d`](README.md#no-such), [e](../out.md).',
  );
  expect(links.flatMap((link) => brokenLink('README.md', link) ?? [])).toEqual([
    'nothing.md leads nowhere',
    'README.md#no-such names no heading',
    '../out.md leads out of the project',
  ]);
});
