/** Keys of `.lockkeeper.yaml` that plans speak by: images with their sources, and prices. */
import { choice, decimalNumber, fields, optional, required, text, type Complaint } from './shape.js';
import { currency, sourceAddress, tagPattern } from './source-formats.js';
import { applicationName, environmentReference, imageName, semverRange } from './text-formats.js';

export const image = fields(
  'images',
  {
    image: required(text(imageName), 'The image without tag or digest.'),
    app: required(text(applicationName), 'The application that runs it.'),
    into: required(text(environmentReference), 'The environment that is bumped.'),
    update: optional(
      choice(['semver', 'any']),
      '`semver`: only tags that are newer versions are taken; `any`: every tag that is offered.',
      '`semver`',
    ),
    range: optional(text(semverRange), 'Versions outside this range are refused.', 'every version'),
    source: optional(
      text(sourceAddress),
      'The repository that the image is made from: plans link to the commits between two versions as GitHub does, or as GitLab does where the host is `gitlab.…`. For other forges, the whole link with `{from}` and `{to}`. Holds for the image wherever it runs.',
      'no links',
    ),
    tag: optional(
      text(tagPattern),
      "The source's git tag of a version; `{version}` stands for the image's tag.",
      '`{version}`',
    ),
  },
  {
    check: ({ update, range, source, tag }): readonly Complaint[] => [
      ...(update === 'any' && range !== null ? [{ key: 'range', message: '`range` needs `update: semver`.' }] : []),
      ...(tag !== null && source === null ? [{ key: 'tag', message: '`tag` needs `source`.' }] : []),
    ],
  },
);

const DEAREST = 1_000_000;

export const prices = fields(
  'prices',
  {
    currency: required(text(currency), 'As it is written after an amount.'),
    cpu: optional(decimalNumber(0, DEAREST), 'For a core and month.', 'not counted'),
    memory: optional(decimalNumber(0, DEAREST), 'For a GiB of memory and month.', 'not counted'),
    storage: optional(decimalNumber(0, DEAREST), 'For a GiB of storage and month.', 'not counted'),
  },
  {
    check: ({ cpu, memory, storage }): readonly Complaint[] =>
      cpu === null && memory === null && storage === null
        ? [{ key: null, message: 'This prices nothing: give `cpu`, `memory` or `storage`.' }]
        : [],
  },
);
