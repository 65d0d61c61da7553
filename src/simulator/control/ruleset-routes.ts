/** Control: rulesets, which an administrator of the repository makes. */
import type { NewRuleset } from '../forge/rulesets.js';
import { accepted, ControlError, type ControlRoute } from './control-call.js';

export const rulesetControlRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/repositories/:owner/:repository/rulesets',
    handle: (call, { forge }) => {
      if (forge.dialect !== 'github') throw new ControlError(422, 'GitLab has no rulesets');
      const { rules } = call.fields;
      if (!Array.isArray(rules)) throw new ControlError(400, 'rules must be a list');
      const ruleset = { ...call.fields, name: call.text('name'), rules } as NewRuleset;
      return { id: accepted(forge.rulesets.add(call.repository, ruleset)).id };
    },
  },
];
