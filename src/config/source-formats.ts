/** The forms of text by which `.lockkeeper.yaml` names sources of images, their tags and a currency. */
import type { Conversion, TextFormat } from './shape.js';

const value = (of: string): Conversion<string> => ({ kind: 'value', value: of });
const refused = (why: string | null = null): Conversion<never> => ({ kind: 'refused', why });

/** A link that is shown to people: nothing that could end one in Markdown or HTML, and no password. */
const ADDRESS = /^https:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?(\/[\w.~%+{}?=&/-]*)?$/;

export const sourceAddress: TextFormat<string> = {
  says: 'an address such as https://github.com/acme/api',
  pattern: '^https://[^@]+$',
  parse: (text) => {
    if (text.length > 500) return refused('is longer than 500 characters');
    if (text.includes('@')) return refused('names a user: an address that people can follow has none');
    if (!ADDRESS.test(text)) return refused();
    return placeholders(text, ['{from}', '{to}']);
  },
};

export const tagPattern: TextFormat<string> = {
  says: 'a tag such as v{version}',
  pattern: '^[\\w.+/{}-]+$',
  parse: (text) => {
    if (text.length > 200) return refused('is longer than 200 characters');
    if (!/^[\w.+/{}-]+$/.test(text)) return refused();
    return text.includes('{version}') ? placeholders(text, ['{version}']) : refused('lacks `{version}`');
  },
};

/** All of them once, or none. */
function placeholders(text: string, known: readonly string[]): Conversion<string> {
  const counts = known.map((name) => text.split(name).length - 1);
  const rest = known.reduce((left, name) => left.replaceAll(name, ''), text);
  if (/[{}]/.test(rest))
    return refused(`has braces: only ${known.map((name) => `\`${name}\``).join(' and ')} is known`);
  const sound = counts.every((count) => count === 1) || counts.every((count) => count === 0);
  return sound ? value(text) : refused(`needs ${known.map((name) => `\`${name}\``).join(' and ')}, each once`);
}

export const currency: TextFormat<string> = {
  says: 'a currency such as EUR or €',
  pattern: '^[A-Za-z\u20a0-\u20cf$£¥]{1,5}$',
  parse: (text) => (/^[A-Za-z\u20a0-\u20cf$£¥]{1,5}$/.test(text) ? value(text) : refused()),
};
