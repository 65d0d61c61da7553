/** What `lockkeeper doctor` says of the repository that POLICY_REPOSITORY names. */
import type { RepositoryId } from '../../core/ids.js';
import type { Policy } from '../../core/policy/policy-rules.js';
import { policyObstacleText } from '../../text/policy-obstacle-text.js';
import type { FindingWords } from '../../text/doctor-text.js';

/** `policy`: as the bot would use it. Where it could not be read the bot lets nothing pass, so it can't do its work. */
export function policyRepositoryFinding({ forge, path }: RepositoryId, { unreadable, rules }: Policy): FindingWords {
  if (unreadable === undefined) {
    const count = rules.length === 1 ? '1 rule' : `${String(rules.length)} rules`;
    return { level: 'ok', what: `policy.yaml can be read, and is valid: ${count}.`, change: null };
  }
  const access =
    forge === 'github'
      ? 'Install the App on it, or give the account of the token read access'
      : 'Make the bot a Reporter of it or more';
  return {
    level: 'unsafe',
    what: `The policy can’t be used: ${policyObstacleText(unreadable)}. Where .lockkeeper.yaml has no policy, nothing passes.`,
    change: `${access}, and have a valid policy.yaml on its default branch; or take POLICY_REPOSITORY=${path} from the settings.`,
  };
}
