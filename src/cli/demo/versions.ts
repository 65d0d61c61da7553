/** Which version of an image a target's files name. */
import { environmentOrder } from '../../core/environment/environment-order.js';
import { findTargets } from '../../core/environment/find-targets.js';
import { imageFields, type ImageField } from '../../core/image/image-fields.js';
import type { Configuration } from '../../core/configuration.js';
import type { TargetName } from '../../core/ids.js';

/** A tree of files, wherever it is. */
export interface Files {
  paths(): Promise<readonly string[]>;
  text(path: string): Promise<string>;
}

export type Places = Pick<Configuration, 'layouts' | 'environments'>;

/** Every place in the target's YAML files that gives `image` a version. */
export async function fieldsOf(
  files: Files,
  places: Places,
  what: { readonly target: TargetName; readonly image: string },
): Promise<readonly ImageField[]> {
  const paths = await files.paths();
  const { app, env } = what.target;
  const targets = findTargets(paths, places).filter(({ name }) => name.app === app && name.env === env);
  const inside = paths.filter(
    (path) => /\.ya?ml$/i.test(path) && targets.some(({ directory }) => path.startsWith(`${directory}/`)),
  );
  const texts = await Promise.all(inside.map((path) => files.text(path)));
  return texts.flatMap((text) => imageFields(text, what.image));
}

/** The one tag all places agree on; several are joined by a comma; null where none is named. */
export async function versionOf(
  files: Files,
  places: Places,
  what: { readonly target: TargetName; readonly image: string },
): Promise<string | null> {
  const tags = new Set((await fieldsOf(files, places, what)).flatMap(({ tag }) => tag ?? []));
  return tags.size === 0 ? null : [...tags].sort().join(', ');
}

/** By environment, in the order versions travel, where the application is there and names the image. */
export async function versionsOf(
  files: Files,
  places: Places,
  what: { readonly app: string; readonly image: string },
): Promise<Readonly<Record<string, string>>> {
  const order = environmentOrder(places.environments);
  const names = order.kind === 'ordered' ? order.names : places.environments.map(({ name }) => name);
  const found: [string, string][] = [];
  for (const env of names) {
    const version = await versionOf(files, places, { target: { app: what.app, env }, image: what.image });
    if (version !== null) found.push([env, version]);
  }
  return Object.fromEntries(found);
}
