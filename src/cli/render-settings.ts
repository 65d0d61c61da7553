/** What the environment allows to be run for rendering: commands of the server's own, and `terraform plan`. */
import type { RenderCommands } from '../adapters/command/create-command-renderer.js';
import { commandName } from '../config/text-formats.js';
import { ALLOWING_SETTING, parsePlace, type AllowedPlace } from '../core/plan/remote/allowance.js';
import { showReference } from '../core/plan/dependencies/remote-reference.js';
import type { RenderSettings } from './create-renderers.js';

type Environment = Readonly<Record<string, string | undefined>>;

interface RenderSettingsReading {
  readonly settings: RenderSettings;
  readonly problems: readonly string[];
}

/** `readFile`: null for a file that can't be read. Nothing more than kustomize and helm is allowed by default. */
export function readRenderSettings(
  environment: Environment,
  readFile: (path: string) => string | null,
): RenderSettingsReading {
  const commands = readCommands(textOf(environment, 'LOCKKEEPER_RENDER_COMMANDS'), readFile);
  const problems = typeof commands === 'string' ? [commands] : [];
  const mode = textOf(environment, 'LOCKKEEPER_TERRAFORM_PLAN');
  const providers = textOf(environment, 'LOCKKEEPER_TERRAFORM_PROVIDERS');
  if (!['', 'off', 'on'].includes(mode)) problems.push('LOCKKEEPER_TERRAFORM_PLAN is not one of off, on.');
  if (providers !== '' && !providers.startsWith('/'))
    problems.push('LOCKKEEPER_TERRAFORM_PROVIDERS is not an absolute path.');
  const remoteSources = readPlaces(textOf(environment, 'LOCKKEEPER_REMOTE_SOURCES'));
  problems.push(...remoteSources.problems);
  return {
    settings: {
      remoteSources: remoteSources.places,
      commands: typeof commands === 'string' ? {} : commands,
      terraformPlan: mode === 'on' ? { providers: providers === '' ? null : providers } : 'refused',
    },
    problems,
  };
}

/** Empty when it is not set. */
function textOf(environment: Environment, name: string): string {
  return environment[name]?.trim() ?? '';
}

/** Places between commas or blanks. */
function readPlaces(text: string): { readonly places: readonly AllowedPlace[]; readonly problems: readonly string[] } {
  const words = text.split(/[\s,]+/).filter((each) => each !== '');
  const read = words.map((word) => ({ word, place: parsePlace(word) }));
  const wrong = read.filter(({ place }) => place === null).map(({ word }) => showReference(word));
  const problem = `${ALLOWING_SETTING} holds what names no place such as https://github.com/acme or oci://ghcr.io/acme/charts: ${wrong.join(', ')}.`;
  return { places: read.flatMap(({ place }) => place ?? []), problems: wrong.length === 0 ? [] : [problem] };
}

/** A problem in words, or the commands. */
function readCommands(text: string, readFile: (path: string) => string | null): RenderCommands | string {
  if (text === '') return {};
  const json = text.startsWith('{') ? text : readFile(text);
  if (json === null) return `LOCKKEEPER_RENDER_COMMANDS names ${text}, which can’t be read.`;
  const commands = parseCommands(json);
  return (
    commands ?? 'LOCKKEEPER_RENDER_COMMANDS is not JSON such as {"jsonnet": ["jsonnet", "{directory}/main.jsonnet"]}.'
  );
}

function parseCommands(json: string): RenderCommands | null {
  const value = parseJson(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const commands: Record<string, readonly [string, ...string[]]> = {};
  for (const [name, template] of Object.entries(value)) {
    if (commandName.parse(name).kind === 'refused' || !isTemplate(template)) return null;
    commands[name] = template;
  }
  return commands;
}

function isTemplate(value: unknown): value is readonly [string, ...string[]] {
  return Array.isArray(value) && value.length > 0 && value[0] !== '' && value.every((each) => typeof each === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Said by the caller, who knows which setting it is.
    return null;
  }
}
