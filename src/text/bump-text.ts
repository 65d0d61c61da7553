/** Image bumps in words. */
import { code, cutLines, listed, oneLine, plain } from './markdown.js';
import { TITLE_LIMIT } from './promotion-text.js';

/** One version that a bump pull request carries. */
export interface BumpedImage {
  readonly app: string;
  readonly image: string;
  /** `1.1.0`, or `1.1.0@sha256:…`. */
  readonly version: string;
  /** Where the image came from, or null. */
  readonly source: string | null;
}

export function bumpTitle(environment: string, images: readonly BumpedImage[]): string {
  const shown = images.slice(0, 3).map((image) => `${image.app} to ${image.version.split('@')[0] ?? image.version}`);
  const more = images.length > 3 ? [`${images.length - 3} more`] : [];
  return oneLine(`Bump ${listed([...shown, ...more])} in ${environment}`, TITLE_LIMIT);
}

/** Of the 65,536 characters that GitHub takes, most. */
const ROWS_LIMIT = 60_000;

export function bumpBody(environment: string, images: readonly BumpedImage[]): string {
  const rows = images.map((image) => {
    const source = image.source === null ? '' : ` (from ${code(oneLine(image.source, 500))})`;
    return `- **${plain(image.app)}**: ${code(image.image)} to ${code(image.version)}${source}`;
  });
  return [
    `New images for **${plain(environment)}**:`,
    cutLines(rows.join('\n'), ROWS_LIMIT),
    'Further bumps of this moment join this pull request until it is merged.',
  ].join('\n\n');
}
