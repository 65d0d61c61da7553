/** What of `helm template`'s output post-renderers get: not its hooks, and not the definitions of a chart's `crds/`, which helm applies by itself. */
import { at } from './chart-release.js';
import { readRecord } from '../../yaml/read-record.js';

interface SplitRendering {
  /** Each a document of its own; empty where there is none. */
  readonly rendered: string;
  readonly apart: string;
}

/** Documents as helm prints them, each below `---` and a comment that names its template. */
export function splitRendering(text: string): SplitRendering {
  const documents = text.split(/^---\s*?\n/m).filter((document) => document.trim() !== '');
  const isApart = documents.map((document) => standsApart(document));
  const joined = (wanted: boolean): string =>
    documents
      .filter((_document, index) => isApart[index] === wanted)
      .map((document) => `---\n${document}`)
      .join('');
  return { rendered: joined(false), apart: joined(true) };
}

function standsApart(document: string): boolean {
  if (/^# Source: [^\n]*\/crds\//m.test(document)) return true;
  // Only what may have the annotation is worth reading.
  if (!document.includes('helm.sh/hook')) return false;
  return at(readRecord(document), 'metadata', 'annotations', 'helm.sh/hook') !== undefined;
}
