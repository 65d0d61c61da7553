import { describe, expect, it } from 'vitest';
import { versionsIn } from '../../src/simulator/pages/gather-environments.js';
import { html } from '../../src/simulator/pages/html.js';
import { renderMarkdown } from '../../src/simulator/pages/render-markdown.js';
import { refusalWords } from '../../src/simulator/pages/refusal-words.js';

describe('html', () => {
  it('escapes everything but html', () => {
    const bold = html`<b>${'<&>'}</b>`;
    expect(html`<p title="${'"\'x'}">${[bold, ' ', 1, null, undefined, false]}</p>`.text).toBe(
      '<p title="&quot;&#39;x"><b>&lt;&amp;&gt;</b> 1</p>',
    );
  });
});

describe('Markdown', () => {
  it.each([
    ['<details><summary>More</summary></details>', '<details><summary>More</summary></details>'],
    ['a<br/>b', '<p>a<br/>b</p>\n'],
    ['a <sub>1</sub>', '<p>a <sub>1</sub></p>\n'],
    ['<sub class="x">1</sub>', '<p>&lt;sub class=&quot;x&quot;&gt;1</sub></p>\n'],
    ['<iframe src="x"></iframe>', '&lt;iframe src=&quot;x&quot;&gt;&lt;/iframe&gt;'],
    ['<!-- x\ny -->', ''],
    ['a <!-- x --> b', '<p>a  b</p>\n'],
    ['![alt <b>](http://x/y.png)', '<p>[image: alt &lt;b&gt;]</p>\n'],
    ['`<script>`', '<p><code>&lt;script&gt;</code></p>\n'],
  ])('%j', (markdown, expected) => {
    expect(renderMarkdown(markdown).text).toBe(expected);
  });
});

describe('versions in files', () => {
  it('finds tags of images in each spelling', () => {
    const text = [
      'containers:',
      '  - image: "ghcr.io/acme/api:1.2.3@sha256:0a1b"',
      '  - name: x',
      "    image: 'registry:5000/web:2'",
      'images:',
      '  - name: other',
      '    newTag: v3',
      'image:',
      '  tag: 4.0.0',
    ].join('\n');
    expect(versionsIn(text)).toEqual(['api:1.2.3', 'web:2', 'v3', '4.0.0']);
  });
});

describe('refusals', () => {
  it('name the head that is there now', () => {
    const refusal = { kind: 'head-moved', expected: 'a'.repeat(40), actual: 'b'.repeat(40) } as const;
    expect(refusalWords(refusal)).toEqual({
      status: 409,
      words: 'The head has moved: it is bbbbbbbb, not aaaaaaaa. Look at what is new, then try again.',
    });
  });
});
