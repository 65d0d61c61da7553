import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { listHtml } from './list-html.js';
import { code, plain } from './markdown.js';

/** Without what is drawn the same: line ends, and quotes that need not be written out. */
function drawn(html: string): string {
  return html.replaceAll('\n', '').replaceAll('&#39;', "'").replaceAll('&quot;', '"');
}

const commonMark = new MarkdownIt();

describe('listHtml', () => {
  it('nests lists as they are indented', () => {
    expect(listHtml('**Waiting.**\n\n- **a** (for b): x\n  - `c`\n    - d\n- e\n\nRest:\n\n- f')).toBe(
      '<p><strong>Waiting.</strong></p><ul><li><strong>a</strong> (for b): x<ul><li><code>c</code><ul><li>d</li></ul></li></ul></li><li>e</li></ul><p>Rest:</p><ul><li>f</li></ul>',
    );
  });

  it('lets no mark-up through, whatever is written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'`*\\- \n[](x)!') }), (text) => {
        const tags = listHtml(text).match(/<[^>]*>?/g) ?? [];
        expect(tags.filter((tag) => !/^<\/?(p|ul|li|strong|code)>$/.test(tag))).toEqual([]);
      }),
    );
  });

  it('says of vetted words what CommonMark says', () => {
    const hostile = fc.string({ unit: fc.constantFrom(...'<>&"\'`*\\-_ []()!#ax1.~|') });
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const text = `- **x${plain(a)}x** y ${code(b)}\n  - z ${plain(`${b}.`)}`;
        // CommonMark draws runs of spaces as they are written, and so do we.
        expect(drawn(listHtml(text))).toBe(drawn(commonMark.render(text)));
      }),
      { numRuns: 500 },
    );
  });
});
