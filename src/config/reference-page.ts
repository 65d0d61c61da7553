/** docs/configuration.md, made from the description that the reader uses. */
import { unreachable } from '../core/unreachable.js';
import { configurationShape } from './configuration-shape.js';
import { innerShapes, type FieldsShape, type ShapeNode } from './shape.js';
import { YAML_LIMITS } from './yaml-source.js';

export function referencePage(): string {
  const groups = groupsOf(configurationShape, new Map());
  const sections = [...groups.values()].map(sectionOf);
  return `${[INTRODUCTION, ...sections, LIMITS].join('\n\n')}\n`;
}

const INTRODUCTION = `# The configuration file

Generated from the code by \`npm run generate\`; do not edit.

\`.lockkeeper.yaml\` lies at the top of the configuration repository. A pull request is judged by the file on its **target** branch,
never by its own. The file is read as a whole: every problem is reported with its line and column, and while there is any, nothing is
done. Unknown keys are problems. So are keys and values that are planned but not acted on yet, because a safety rule that is silently
ignored is worse than none: they are listed below as *not supported by this version*.

For completion and checks in an editor, begin the file with
\`# yaml-language-server: $schema=…/schema/lockkeeper.schema.json\`.

\`\`\`yaml
version: 1
layout:
  path: apps/{app}/envs/{env}
environments:
  dev: {}
  test:
    after: dev
    gates: { checks: ["ci/*"], soak: 30m }
    promotion: auto
    merge: auto
  prod:
    after: test
    gates: { checks: ["ci/*"] }
policy:
  rules:
    - name: production needs two people of SRE
      if: { environments: [prod] }
      require: { approvals: 2, from: { teams: [acme/sre] }, not: [author, committers] }
    - name: image-only changes to dev merge alone
      if: { environments: [dev], changes: image-only }
      require: none
    - name: everything else needs one person
      require: { approvals: 1 }
commands:
  promote: { prod: { teams: [acme/release] } }
\`\`\`

In this example an image bump of dev merges alone; one that also touches prod needs two of SRE; one that also changes a file of no
target, such as this configuration, needs one person, because each part of a pull request is decided by the first rule that fits it.
Who asks for changes stops a pull request until they withdraw it, whatever is approved: anyone with write permission, or whom the deciding
rule names as \`veto\`. An approval counts for the head commit it was given for, and only if the plan has not changed since; it
goes on counting while later commits are the bot's or merges of the target branch and the plan stays the same. Bots never approve.
The policy may stand in a file of its own (\`policy.file\`), and where there is none the organisation's may hold.
Whatever cannot be read (a team, a permission, the labels) counts as no, or refuses where it would tell which rule decides. What rules can
ask and require: [policy](policy.md).`;

const LIMITS = `## Limits

The file may have ${YAML_LIMITS.characters} characters, be nested ${YAML_LIMITS.depth} levels deep and hold ${YAML_LIMITS.aliases} aliases; merge keys (\`<<\`) and tags of one's
own are refused. Durations are a whole number and \`s\`, \`m\`, \`h\` or \`d\`, at most 365d. Patterns (globs) know \`*\`, \`**\`, \`?\`, \`[…]\` and
\`{a,b}\`; they have at most 200 characters and eight \`*\`, and no negation, nesting, ranges in braces or extended patterns.`;

/** Every group of keys below a shape, each once, in the order in which a reader meets them. */
function groupsOf(shape: ShapeNode, found: Map<string, FieldsShape>): Map<string, FieldsShape> {
  if (shape.kind === 'fields') {
    if (found.has(shape.title)) return found;
    found.set(shape.title, shape);
  }
  for (const inner of innerShapes(shape)) groupsOf(inner, found);
  return found;
}

function sectionOf(group: FieldsShape): string {
  const rows = Object.entries(group.fields).map(([name, field]) =>
    row([`\`${name}\``, sayShape(field.shape), field.absent ?? '**required**', field.description]),
  );
  const table = [row(['key', 'value', 'default', 'meaning']), row(['---', '---', '---', '---']), ...rows].join('\n');
  const later = [...group.later, ...laterValues(group)].map((name) => `\`${name}\``);
  const notYet = later.length === 0 ? '' : `\n\nNot supported by this version: ${later.join(', ')}.`;
  return `## ${group.title === 'the file' ? 'The file' : `\`${group.title}\``}\n\n${table}${notYet}`;
}

function laterValues(group: FieldsShape): readonly string[] {
  return Object.entries(group.fields).flatMap(([name, { shape }]) => {
    const choices = [shape, ...(shape.kind === 'fields' ? [] : innerShapes(shape))];
    return choices.flatMap((each) => (each.kind === 'choice' ? each.later.map((value) => `${name}: ${value}`) : []));
  });
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function sayShape(shape: ShapeNode): string {
  switch (shape.kind) {
    case 'text':
      return shape.format.says.replaceAll(/[*<[\]]/g, String.raw`\$&`);
    case 'choice':
      return shape.values.map((value) => `\`${value}\``).join(', ');
    case 'yes-or-no':
      return '`true` or `false`';
    case 'number':
      return shape.min === shape.max ? `\`${shape.min}\`` : sayRange(shape);
    case 'list':
      return `${shape.single === 'allowed' ? 'one or a list' : 'a list'}: ${sayShape(shape.of)}`;
    case 'empty-list':
      return '`[]`';
    case 'fields':
      return `see \`${shape.title}\``;
    case 'entries':
      return `a mapping from ${shape.key.says} to: ${sayShape(shape.of)}`;
    default:
      return sayAlternatives(shape);
  }
}

function sayRange({ step, min, max }: Extract<ShapeNode, { kind: 'number' }>): string {
  return `a ${step === 'whole' ? 'whole number' : 'number'} from ${min} to ${max}`;
}

function sayAlternatives(shape: Extract<ShapeNode, { kind: 'by-form' | 'by-key' | 'nested' | 'later' }>): string {
  switch (shape.kind) {
    case 'nested':
      return innerShapes(shape).map(sayShape).join();
    case 'by-form':
    case 'by-key':
      return innerShapes(shape)
        .filter(({ kind }) => kind !== 'later')
        .map(sayShape)
        .join('; or ');
    case 'later':
      return 'nothing yet';
    default:
      return unreachable(shape);
  }
}
