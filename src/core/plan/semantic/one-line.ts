/** Any value as YAML in one line of limited length. */
import { stringify } from 'yaml';
import { isRecord, MANIFEST_YAML } from '../canonical.js';

interface OneLine {
  readonly text: string;
  readonly extent: 'whole' | 'cut';
}

/** Flow style with sorted keys; where it would be longer than `limit` characters it is cut and ends in `…`. Takes time for what it shows only. */
export function oneLineYaml(value: unknown, limit: number): OneLine {
  let text = '';
  write(value);
  return text.length <= limit
    ? { text, extent: 'whole' }
    : { text: `${wholeCharacters(text, limit - 1)}…`, extent: 'cut' };

  function write(inner: unknown): void {
    if (text.length > limit) return;
    if (Array.isArray(inner)) writeEach('[', inner, ']', write);
    else if (isRecord(inner)) {
      writeEach('{', Object.keys(inner).sort(), '}', (key) => {
        text += `${scalar(key, limit)}: `;
        write(inner[key]);
      });
    } else text += scalar(inner, limit);
  }

  function writeEach<T>(open: string, items: readonly T[], close: string, writeItem: (item: T) => void): void {
    text += open;
    for (const [index, item] of items.entries()) {
      if (text.length > limit) return;
      if (index > 0) text += ', ';
      writeItem(item);
    }
    text += close;
  }
}

/** As it stands in a flow list, where more needs quotes than elsewhere and nothing goes over several lines. */
function scalar(value: unknown, limit: number): string {
  // More than is shown, so that a cut text is known to be cut.
  const shown = typeof value === 'string' ? wholeCharacters(value, limit + 2) : value;
  if (typeof shown === 'string' && BREAKS.test(shown)) return quoted(shown);
  return stringify([shown], { ...MANIFEST_YAML, collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .slice(1, -1)
    .trim();
}

/** What ends a line or is none of its characters. */
const BREAKS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** JSON's strings are YAML's in double quotes. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Never ends in half of a character that takes two units. */
function wholeCharacters(text: string, length: number): string {
  if (text.length <= length) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}
