/** Changes that need nobody’s approval: a config map more in a file of an application of dev. */
import type { World } from './world.js';

/** Whoever opens a pull request for dev needs nobody. */
export const DEV_IS_FREE = `version: 1
layout: { path: "apps/{app}/envs/{env}" }
environments: { dev: {} }
policy: { rules: [{ name: dev is free, require: none }] }
`;

function configMap(name: string): string {
  return `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\n`;
}

/** Alice adds one of the branch's name at the end of the file, and CI succeeds. The number of the pull request. */
export async function openConfigMap(world: World, app: string, file: string): Promise<number> {
  const { people } = world;
  const path = `apps/${app}/envs/dev/${file}.yaml`;
  const branch = `${app}-${file}`;
  const text = `${(await people.file(path)) ?? ''}${configMap(branch)}`;
  await people.push('alice', branch, { start: 'main', files: { [path]: text } });
  const number = await people.open('alice', { title: `Change ${file} of ${app}`, head: branch });
  await people.ci(branch);
  await world.settle();
  return number;
}
