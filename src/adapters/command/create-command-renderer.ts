/** The command renderer: a program that the server's settings name, run in a copy of the repository; what it prints are the manifests. */
import { createHash } from 'node:crypto';
import type { Processes } from '../../ports/processes.js';
import type { Renderer, RenderResult, RenderSource } from '../../ports/renderer.js';
import { materialise } from '../tree/materialise.js';
import { runTool, type ToolLimits } from '../tree/run-tool.js';
import { inWorkPlace } from '../tree/work-place.js';

/** By name: program and arguments, in which `{app}`, `{env}` and `{directory}` stand for the target's. No shell reads them. */
export type RenderCommands = Readonly<Record<string, readonly [string, ...string[]]>>;

interface CommandOptions {
  readonly processes: Processes;
  readonly commands: RenderCommands;
  /** Where directories are made and removed again; the system's own place when absent. */
  readonly temporaryDirectory?: string;
  readonly limits?: ToolLimits;
}

/** Changes when the same command would give other streams. */
const VERSION = 'command 1';

export function createCommandRenderer(options: CommandOptions): Renderer {
  const settings = createHash('sha256').update(JSON.stringify(options.commands)).digest('hex').slice(0, 16);
  return {
    name: 'command',
    version: async () => `${VERSION}, settings ${settings}`,
    render: (source) => render(options, source),
  };
}

async function render(options: CommandOptions, source: RenderSource): Promise<RenderResult> {
  const name = source.command ?? '';
  const template = Object.hasOwn(options.commands, name) ? options.commands[name] : undefined;
  if (template === undefined) return unknownCommand(name, options.commands);
  const hostile = [source.target.app, source.target.env].find((part) => part.startsWith('-'));
  if (hostile !== undefined)
    return failed(source.directory, `“${hostile}” would be taken for an option of the command ${name}`);
  const [program, ...args] = template;
  const view = await source.mirror.view(source.tree);
  return inWorkPlace({ tool: 'command', temporaryDirectory: options.temporaryDirectory }, async (place) => {
    const written = await materialise(source.mirror, view, [''], place.tree);
    if (written.kind === 'refused') return failed(written.file, written.message);
    const outcome = await runTool({
      processes: options.processes,
      place,
      tool: `the command ${name}`,
      program,
      arguments: args.map((each) => filled(each, source)),
      limits: options.limits,
      signal: source.signal,
    });
    switch (outcome.kind) {
      case 'printed':
        return {
          kind: 'rendered',
          streams: [{ name, text: outcome.text }],
          notes: written.leftOut.map((path) => `${path} is too large and was not given to the command ${name}`),
        };
      case 'missing':
        return {
          kind: 'tool-missing',
          tool: program,
          install: `install ${program} on the server, or correct LOCKKEEPER_RENDER_COMMANDS`,
        };
      case 'failed':
        return failed(null, outcome.message);
    }
  });
}

function unknownCommand(name: string, commands: RenderCommands): RenderResult {
  const names = Object.keys(commands);
  const known = names.length === 0 ? 'it defines none' : `it defines ${names.map((each) => `\`${each}\``).join(', ')}`;
  return failed(
    '.lockkeeper.yaml',
    `\`render\` names the command \`${name}\`, which this server’s settings do not define: ${known}`,
  );
}

/** The directory begins with `./`, so that it is never taken for an option. */
function filled(template: string, { target, directory }: RenderSource): string {
  const values: Readonly<Record<string, string>> = { app: target.app, env: target.env, directory: `./${directory}` };
  return template.replaceAll(/\{(app|env|directory)\}/g, (all, name: string) => values[name] ?? all);
}

function failed(file: string | null, message: string): RenderResult {
  return { kind: 'failed', file, message };
}
