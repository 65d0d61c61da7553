// Who may import whom (docs/design.md, "Layout of the source"). Each rule says why it exists in its comment, which is
// what a person reads when it fails. test/rules/import-rules.test.ts plants one violation for every rule here.

/** npm libraries that only compute: no I/O, no clock, no global state. `core`, `text`, `config` and `app` may use them. */
const PURE_LIBRARIES = ['yaml', 're2js', 'semver', 'diff'];

const library = (names) => `node_modules/(@types/)?(${names.join('|')})/`;
const pureLibrary = library(PURE_LIBRARIES);
const textLibrary = library(['diff']);
const hashing = '^(node:)?crypto$';

const testFile = '\\.test\\.ts$';
/** What tests in `src` share, such as builders of their values: in a folder `testing`, and not in what is shipped. */
const sharedByTests = '^src/.+/testing/';
const compositionRoot = '^src/(main\\.ts$|cli/)';
const startsTheSimulator = '^src/cli/(demo|simulator)';

/** Shorthand: files under `src/NAME/`, tests beside them excepted (those may use vitest and the like). */
const of = (name) => ({ path: `^src/${name}/`, pathNot: [testFile, sharedByTests] });

/** Folders of `src`, and whatever else the pattern list names. */
const outside = (folders, ...others) => ({ pathNot: [`^src/(${folders.join('|')})/`, ...others] });

const layers = [
  {
    name: 'core-is-pure',
    comment:
      'Decisions are functions of a snapshot: core imports only core, the pure libraries and hashing, so that every ' +
      'decision can be tested without a forge, a disk or a clock.',
    from: of('core'),
    to: outside(['core'], pureLibrary, hashing),
  },
  {
    name: 'text-is-pure',
    comment:
      'Words are rendered from a decision and nothing else: text imports core, text, the line-diff library and hashing ' +
      '(for the marker of our comment), so that wording never reads or changes the world.',
    from: of('text'),
    to: outside(['core', 'text'], textLibrary, hashing),
  },
  {
    name: 'config-knows-core',
    comment:
      'Reading .lockkeeper.yaml is turning text into a value: config imports core, config and the pure libraries; where ' +
      'the text comes from is the business of app.',
    from: of('config'),
    to: outside(['core', 'config'], pureLibrary, hashing),
  },
  {
    name: 'ports-know-core',
    comment:
      'A port is an interface in our own words: it imports core types and other ports only, so that no library or forge ' +
      'leaks through it.',
    from: of('ports'),
    to: outside(['core', 'ports']),
  },
  {
    name: 'app-knows-no-adapter',
    comment:
      'A use case gathers and performs through ports: within src, app imports core, text, config and ports, so that it ' +
      'runs unchanged on either forge and in memory.',
    from: of('app'),
    to: { path: '^src/', pathNot: '^src/(core|text|config|ports|app)/' },
  },
  {
    name: 'app-does-io-through-ports',
    comment:
      'Outside src, app uses the pure libraries and the parts of Node that touch nothing: files, network and processes ' +
      'are reached through ports, or they could not be replaced in a test.',
    from: of('app'),
    to: { pathNot: ['^src/', pureLibrary, '^(node:)?(assert|buffer|crypto|events|path|url|util)(/|$)'] },
  },
  {
    name: 'adapters-know-ports-and-core',
    comment:
      'An adapter makes one outside thing look like a port: within src it imports ports, core and its own folder, so ' +
      'that no policy or wording hides in it. The spawner is to it what child_process of Node is.',
    from: of('adapters'),
    to: { path: '^src/', pathNot: '^src/(core|ports|adapters|spawner)/' },
  },
  {
    name: 'adapters-know-no-other-adapter',
    comment:
      'Each adapter can be removed by deleting its folder: what two of them need is a port, or belongs in core, or is ' +
      'handed to them by the composition root. Two exceptions are no adapters: adapters/tree writes parts of a git tree ' +
      'for the renderers’ tools and runs those, so that one place holds the guards; adapters/traffic counts what is ' +
      'sent to a forge, so that both forges’ limits are kept to in one way.',
    from: { path: '^src/adapters/([^/]+)/' },
    to: { path: '^src/adapters/', pathNot: '^src/adapters/($1|tree|traffic)/' },
  },
  {
    name: 'server-calls-app',
    comment:
      'HTTP is one way into the use cases: the server imports app and the pure layers, and is given its adapters; it ' +
      'starts neither commands nor adapters.',
    from: of('server'),
    to: { path: '^src/', pathNot: '^src/(core|text|config|ports|app|server)/' },
  },
  {
    name: 'adapters-are-chosen-in-one-place',
    comment:
      'Only src/main.ts and src/cli choose adapters: anywhere else the choice would be hidden from whoever runs the ' +
      'program and from the tests.',
    from: { path: '^src/', pathNot: [compositionRoot, '^src/adapters/', testFile, sharedByTests] },
    to: { path: '^src/adapters/' },
  },
  {
    name: 'nothing-calls-the-commands',
    comment: 'The commands of `lockkeeper` and main.ts are where the program starts: nothing else in src imports them.',
    from: { path: '^src/', pathNot: [compositionRoot, testFile] },
    to: { path: compositionRoot },
  },
  {
    name: 'simulator-only-for-demo',
    comment: 'The bot must not know that a simulated forge exists: only the demo and simulator commands start it.',
    from: { path: '^src/', pathNot: ['^src/simulator/', startsTheSimulator] },
    to: { path: '^src/simulator/' },
  },
  {
    name: 'simulator-stands-alone',
    comment:
      'The simulator is an independent program that speaks the documented dialects of the forges: sharing code with ' +
      'the bot would let one misunderstanding pass on both sides. Starting programs is no matter of forges: the spawner ' +
      'serves both.',
    from: { path: '^src/simulator/' },
    to: { path: '^src/', pathNot: '^src/(simulator|spawner)/' },
  },
  {
    name: 'spawner-stays-small',
    comment:
      'The spawner exists because starting programs from a large process is slow, and both the bot and the simulator use ' +
      'it: it imports a few modules of Node and nothing of what it serves.',
    from: of('spawner'),
    to: outside(['spawner'], '^(node:)?(child_process|net|stream|url)$'),
  },
];

const hygiene = [
  {
    name: 'no-test-in-src',
    comment:
      'What is shipped does not import tests or their helpers; tests beside core and text import their subject, and what ' +
      'they share from a folder `testing`.',
    from: { path: '^src/' },
    to: { path: ['^test/', '^bench/', '^scripts/', testFile] },
  },
  {
    name: 'testing-is-for-tests',
    comment: 'The folders `testing` are left out of the build: what is shipped and imports one would not start.',
    from: { path: '^(src|scripts)/', pathNot: [testFile, sharedByTests] },
    to: { path: sharedByTests },
  },
  {
    name: 'no-cycles',
    comment: 'Files that import each other, even for types, are one file in disguise: find the part both need.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphans',
    comment: 'A file that nothing imports and that imports nothing is forgotten: use it or delete it.',
    from: { orphan: true, path: '^src/', pathNot: ['\\.d\\.ts$', '^src/main\\.ts$'] },
    to: {},
  },
  {
    name: 'no-barrels',
    comment: 'An index file hides where things are and draws whole folders into cycles: import the file itself.',
    from: {},
    to: { path: '/index\\.ts$', pathNot: 'node_modules' },
  },
  {
    name: 'no-grab-bags',
    comment:
      'A file is named after its one main export: a `utils`, `helpers` or `common` collects what has no name yet.',
    from: {},
    to: { path: '/(utils|helpers|common|misc)(/|\\.ts$)', pathNot: 'node_modules' },
  },
  {
    name: 'no-development-dependencies',
    comment:
      'An installed lockkeeper has no devDependencies: src may use them for types only, which vanish on building.',
    from: { path: '^src/', pathNot: [testFile, sharedByTests] },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
  },
  {
    name: 'no-undeclared-dependencies',
    comment: 'What is imported is named in package.json: a package that is there by luck is gone with the next update.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolved',
    comment: 'An import that leads nowhere breaks at start-up.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-deprecated-core',
    comment: 'Modules that Node itself has given up on disappear with a Node update.',
    from: {},
    to: { dependencyTypes: ['core'], path: '^(node:)?(punycode|domain|constants|sys|_[a-z_]+)$' },
  },
  {
    name: 'no-deprecated-packages',
    comment: 'A deprecated package gets no security fixes: find its successor.',
    from: {},
    to: { dependencyTypes: ['deprecated'] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
const configuration = {
  forbidden: [...layers, ...hygiene].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    // Types count: a type that core takes from an adapter ties core to that adapter as surely as a function does.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: true,
  },
};

export default configuration;
