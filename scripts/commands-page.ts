// docs/commands.md, made from the table that the parser, the answers and `/help` use.
import { COMMANDS } from '../src/core/command/commands.js';
import { MOST_COMMANDS } from '../src/core/command/parse-commands.js';
import { spelledUsage } from '../src/core/command/spelling.js';

/** The bot's login in examples. */
const BOT = 'lockkeeper';

export function commandsPage(): string {
  const rows = COMMANDS.map(({ name, explanation }) => {
    const onGithub = spelledUsage(name, { forge: 'github', bot: BOT });
    const onGitlab = spelledUsage(name, { forge: 'gitlab', bot: BOT });
    return `| \`${onGithub}\` | ${onGithub === onGitlab ? 'the same' : `\`${onGitlab}\``} | ${explanation} |`;
  });
  const table = ['| command | on GitLab | what it does |', '| --- | --- | --- |', ...rows].join('\n');
  return `${[INTRODUCTION, table, MEANING, RIGHTS].join('\n\n')}\n`;
}

const INTRODUCTION = `# Commands

Generated from the code by \`npm run generate\`; do not edit.

A command is written in a comment on a pull request's conversation (not in a review, and not on a line of the diff), on a line of its own:

\`\`\`text
Looks good to me.

/promote prod
\`\`\`

The bot reacts with 👀 and then answers in one comment for each comment of yours. Whoever may not is told who may.`;

const MEANING = `On GitLab \`/merge\` and \`/approve\` at the start of a line are GitLab's own quick actions: GitLab runs them at once, \`/merge\` past Lockkeeper's queue, and the bot never sees them.
Write \`@${BOT} /merge\` there, with the bot's own login. Such an address is allowed before every command and on both forges.

- **\`/promote\`** needs the gates of \`ENV\` to have passed; if they have not, the answer says what they wait for, and nothing is remembered: ask again.
  Without \`APP\` it stands for every application whose files the pull request changes, and it works on merged pull requests too. With \`--version 1.4.0\` it carries what the source held when its images were
  tagged so, at its newest, among the last 30 changes of the source; the promotion keeps to that until somebody says \`/promote\` again.
- **\`/merge\`** is refused while anything but a running check or a plan in the making stands in the way (approvals, a failed check, a draft, a conflict, a hold, a freeze); the answer
  names it. Otherwise the pull request gets a ticket for the merge queue, for this head only: a push takes it out again. **\`/merge now\`** goes before every entry that is not as urgent; it skips neither policy nor checks.
- **\`/unqueue\`** takes it out. What joins by itself (\`merge: auto\`) stays out until something about it changes.
- **\`/plan\`** renders again. On a pull request from a fork it is also the word of trust without which nothing of that head is rendered.
- **\`/approve\`** is an approval of the head that stands there, where \`policy\` has \`approve-command: true\`. It counts and lapses as a review does. Whoever deletes the comment takes it back.
- **\`/hold\`** lasts over pushes, until \`/unhold\`, and is shown with its reason. A held pull request leaves the queue and does not join it.
- **\`/freeze ENV\`** holds for the whole repository: nothing that touches a target in \`ENV\` is merged by the bot, rollbacks included, and no promotion into it opens. \`TIME\` is a span from when it was written (\`90m\`, \`2h\`, \`3d\`, \`1w\`), a day
  (\`2026-12-24\`: its first moment in UTC) or a moment (\`2026-12-24T09:30+01:00\`), a year away at most. It ends by itself then, and a new \`/freeze\` takes its place. The bot can't keep people from merging by hand: protect the branch for that.
  Freezes are kept in a signed file on the branch \`lockkeeper/state\`. If that was tampered with or deleted, everything counts as frozen until somebody who may end every freeze says \`/unfreeze\`; protect \`lockkeeper/*\` so that only the bot pushes there.
- **\`/rollback ENV\`** opens a pull request that restores what travels with promotions as it was before the last change, or as it stood with a commit (seven characters of its id or more) or a version (among the last 30 changes).
  It is planned, judged and merged like every other, and goes first in the queue unless \`queue.order\` says otherwise. What an environment keeps for itself (\`carry\`) is left alone. A frozen environment needs \`/unfreeze\` first.
- **\`/retry\`** tries again what was given up, plans again where the plan has problems, lets the pull request join again although the forge had refused its merge, and lets a merge queue go on that was stopped.
- **\`/why\`** names everything that the pull request waits for, and what the next environments of its applications wait for.

What is not a command: quoted lines, code, other bots' commands (\`/lgtm\`), paths such as \`/etc/hosts\`. A near miss (\`/promot prod\`) is answered with what was probably
meant. Letter case is forgiven, in environments' names too where that leaves only one. A comment that was edited before it was read is refused, since nobody could tell what was written first. Of one comment
the first ${MOST_COMMANDS} commands run. Comments of bots are not obeyed, nor comments older than a day when they are first seen.`;

const RIGHTS = `## Who may

Everyone with write permission on the repository, unless \`commands:\` in [\`.lockkeeper.yaml\`](configuration.md#commands) on the target branch says otherwise. Each command can be given to people, or by environment,
with \`"*"\` for all others. A command without an environment of its own needs the right for every environment that the plan touches; while that is not known, for each that the configuration names. \`merge-now\` narrows \`/merge now\` beside \`merge\`.

\`\`\`yaml
commands:
  promote: { prod: { teams: [acme/release] } }
  freeze: { prod: { teams: [acme/sre] } }
  merge: { users: [alice], permission: maintain }
\`\`\`

Rights are read from the forge when the command runs. A team or permission that can't be read counts as no. A command runs once: deleting the answer within a day does not run it again.`;
