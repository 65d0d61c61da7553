/** Applies bumps to the files of their targets, one after the other, in memory. */
import type { ImageRule } from '../../core/configuration.js';
import { targetNamed } from '../../core/environment/find-targets.js';
import type { BumpRequest } from '../../core/event.js';
import { decideBump, type BumpDecision, type BumpFile } from '../../core/image/decide-bump.js';
import { parseImageReference } from '../../core/image/image-reference.js';
import { readExactText } from '../../core/tree/read-text.js';
import type { FileChange } from '../../ports/contents.js';
import type { InboxEntry } from '../../ports/store.js';
import type { BumpedImage } from '../../text/bump-text.js';
import type { BumpGround } from './gather-bump.js';
import { targetsAt, type ConfiguredRepository } from '../pull-request/gather-repository.js';

export interface BumpItem {
  readonly entry: InboxEntry;
  readonly rule: ImageRule;
  readonly request: BumpRequest;
}

export type BumpResult =
  | Exclude<BumpDecision, { readonly kind: 'landed' }>
  /** `onBranch`: it stands on the bump branch, not yet on the target branch. */
  | { readonly kind: 'landed'; readonly at: string; readonly onBranch: boolean };

export interface AppliedBumps {
  readonly results: readonly { readonly item: BumpItem; readonly result: BumpResult }[];
  /** Of the tip's files: all that the branch is to carry. */
  readonly changes: readonly FileChange[];
  /** What those changes bring; a later version of the same image in the same application replaces the earlier. */
  readonly images: readonly BumpedImage[];
  /** Whether any item brought something that the branch does not carry yet. */
  readonly news: 'some' | 'none';
}

export async function applyBumps(
  reading: ConfiguredRepository,
  ground: BumpGround,
  items: readonly BumpItem[],
): Promise<AppliedBumps> {
  const files = new TargetTexts(reading);
  const images = new Map<string, BumpedImage>();
  for (const image of ground.images) {
    const rule = reading.configuration.images.find((each) => each.image === image.image && each.app === image.app);
    const request = requestAgain(image);
    if (rule === undefined || request === null) continue;
    if ((await bumpOne(files, rule, request)).kind === 'edit') images.set(imageKey(image), image);
  }
  const results: { item: BumpItem; result: BumpResult }[] = [];
  for (const item of items) {
    const decision = await bumpOne(files, item.rule, item.request);
    const key = imageKey(item.rule);
    if (decision.kind === 'edit') images.set(key, bumpedImage(item));
    const onBranch = images.has(key);
    results.push({ item, result: decision.kind === 'landed' ? { ...decision, onBranch } : decision });
  }
  const news = results.some(({ result }) => result.kind === 'edit') ? 'some' : 'none';
  return { results, changes: files.changes(), images: [...images.values()], news };
}

function imageKey({ app, image }: { readonly app: string; readonly image: string }): string {
  return `${app} ${image}`;
}

async function bumpOne(files: TargetTexts, rule: ImageRule, request: BumpRequest): Promise<BumpDecision> {
  const decision = decideBump(rule, request, await files.of(rule));
  if (decision.kind === 'edit') files.keep(decision.edits);
  return decision;
}

function bumpedImage({ rule, request }: BumpItem): BumpedImage {
  const version = request.digest === null ? request.tag : `${request.tag}@${request.digest}`;
  return { app: rule.app, image: rule.image, version, source: request.source };
}

function requestAgain(image: BumpedImage): BumpRequest | null {
  const reference = parseImageReference(`${image.image}:${image.version}`);
  if (reference?.tag === null || reference === null) return null;
  return { image: image.image, tag: reference.tag, digest: reference.digest, source: image.source };
}

/** In bytes: what people keep a version in is smaller. */
const LARGEST_TEXT = 12 * 1024 * 1024;

/** YAML files of targets, as they are on the tip and as edits so far have left them. */
class TargetTexts {
  readonly #edited = new Map<string, string>();
  readonly #modes = new Map<string, '100644' | '100755'>();

  constructor(private readonly reading: ConfiguredRepository) {}

  async of(rule: ImageRule): Promise<readonly BumpFile[]> {
    const { mirror, tip, configuration } = this.reading;
    const targets = await targetsAt(mirror, tip, configuration);
    const target = targetNamed(targets, { app: rule.app, env: rule.into });
    if (target === null) return [];
    const entries = (await mirror.entries(tip, target.directory)).filter((entry) =>
      /\.(ya?ml|json)$/i.test(entry.path),
    );
    const regular = entries.filter((entry) => entry.mode === '100644' || entry.mode === '100755');
    const blobs = await mirror.blobs(
      regular.map((entry) => entry.sha),
      { maxBytes: LARGEST_TEXT },
    );
    return regular.flatMap(({ path, mode, sha }): readonly BumpFile[] => {
      const bytes = blobs.get(sha);
      const text = this.#edited.get(path) ?? (bytes === undefined ? null : readExactText(bytes));
      this.#modes.set(path, mode === '100755' ? '100755' : '100644');
      // What is no text names no image that could be read, and edited it would lose bytes.
      return text === null ? [] : [{ path, text }];
    });
  }

  keep(edits: readonly BumpFile[]): void {
    for (const edit of edits) this.#edited.set(edit.path, edit.text);
  }

  /** All edits as file changes. */
  changes(): readonly FileChange[] {
    return [...this.#edited].map(([path, text]) => {
      const mode = this.#modes.get(path) ?? '100644';
      return { kind: 'write', path, content: new TextEncoder().encode(text), mode, blob: null };
    });
  }
}
