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

const MEANING = `On GitLab \`/merge\` at the start of a line is GitLab's own quick action: GitLab runs it at once, past Lockkeeper's queue, and the bot never sees it.
Write \`@${BOT} /merge\` there, with the bot's own login. Such an address is allowed before every command and on both forges.

- **\`/promote ENV [APP]\`** needs the gates of \`ENV\` to have passed; if they have not, the answer says what they wait for, and nothing is remembered: ask again.
  Without \`APP\` it stands for every application whose files the pull request changes, and it works on merged pull requests too.
- **\`/merge\`** is refused while anything but a running check or a plan in the making stands in the way (approvals, a failed check, a draft, a conflict); the answer
  names it. Otherwise the pull request gets a ticket for the merge queue, for this head only: a push takes it out again.
- **\`/plan\`** renders again. On a pull request from a fork it is also the word of trust without which nothing of that head is rendered.
- **\`/why\`** names everything that the pull request waits for, and what the next environments of its applications wait for.

What is not a command: quoted lines, code, other bots' commands (\`/lgtm\`), paths such as \`/etc/hosts\`. A near miss (\`/promot prod\`) is answered with what was probably
meant. Letter case is forgiven, in environments' names too where that leaves only one. A comment that was edited before it was read is refused, since nobody could tell what was written first. Of one comment
the first ${MOST_COMMANDS} commands run. Comments of bots are not obeyed, nor comments older than a day when they are first seen.`;

const RIGHTS = `## Who may

Everyone with write permission on the repository, unless \`commands:\` in [\`.lockkeeper.yaml\`](configuration.md#commands) on the target branch says otherwise. \`promote\` and
\`merge\` can be given by environment, with \`"*"\` for all others; \`/merge\` needs the right for every environment that the plan touches.

\`\`\`yaml
commands:
  promote: { prod: { teams: [acme/release] } }
  merge: { users: [alice], permission: maintain }
\`\`\`

Rights are read from the forge when the command runs. A team or permission that can't be read counts as no.`;
