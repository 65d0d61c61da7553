/** Markdown as people write it on a forge, rendered for the pages; raw HTML is limited to a short list of tags. */

import MarkdownIt from 'markdown-it';
import { Html, escapeHtml } from './html.js';

const ALLOWED_TAG = /&lt;(\/?(?:details|summary|sub|code)|details open|br ?\/?)&gt;/gi;
const HTML_COMMENT = /<!--[\s\S]*?-->/g;

const markdown = new MarkdownIt({ html: true, linkify: true });

/**
 * Both forges hide HTML comments, so they are dropped here too; `details`, `summary`, `sub`, `code` and `br` without
 * attributes (but `details open`) stay; every other tag is shown as text.
 */
function renderRawHtml(raw: string): string {
  return escapeHtml(raw.replace(HTML_COMMENT, '')).replace(ALLOWED_TAG, (_, tag: string) => `<${tag.toLowerCase()}>`);
}

markdown.renderer.rules['html_block'] = (tokens, index) => renderRawHtml(tokens[index]?.content ?? '');
markdown.renderer.rules['html_inline'] = (tokens, index) => renderRawHtml(tokens[index]?.content ?? '');
// Images would make the page ask other hosts: the link's words stand in for them.
markdown.renderer.rules['image'] = (tokens, index) => `[image: ${escapeHtml(tokens[index]?.content ?? '')}]`;

/** Markdown to HTML. Links with a script scheme stay text (markdown-it's own rule). */
export function renderMarkdown(text: string): Html {
  return new Html(markdown.render(text));
}
