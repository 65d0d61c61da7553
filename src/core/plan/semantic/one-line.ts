/** Any value as YAML in one line of limited length. */
import { stringify } from 'yaml';
import { isRecord, MANIFEST_YAML } from '../canonical.js';

export interface OneLine {
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
  // One character more than is shown, so that a cut text is known to be cut.
  const shown = typeof value === 'string' ? value.slice(0, limit + 1) : value;
  const inList = stringify([shown], { ...MANIFEST_YAML, collectionStyle: 'flow', lineWidth: 0 }).trim();
  return inList
    .slice(1, -1)
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
}

/** Never ends in half of a character that takes two units. */
function wholeCharacters(text: string, length: number): string {
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return text.slice(0, end);
}
