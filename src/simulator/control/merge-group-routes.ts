/** Control: GitHub's own merge queue builds groups, and merges them when their turn has come. */
import { accepted, ControlError, type ControlCall, type ControlRoute } from './control-call.js';

const groups = '/repositories/:owner/:repository/merge-groups';

export const mergeGroupRoutes: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: groups,
    handle: async (call, { forge }) => {
      if (forge.dialect !== 'github') throw new ControlError(422, 'GitLab has no merge groups');
      const method = call.word('method', ['merge', 'squash']);
      const order = { repository: call.repository, actor: call.text('actor'), numbers: numbersOf(call), method };
      return { groups: accepted(await forge.mergeGroups.build(order)) };
    },
  },
  {
    method: 'POST',
    path: `${groups}/settle`,
    handle: async (call, { forge }) => ({
      outcome: accepted(await forge.mergeGroups.settle(call.repository, call.text('branch'))),
    }),
  },
];

function numbersOf(call: ControlCall): readonly number[] {
  const { numbers } = call.fields;
  if (Array.isArray(numbers) && numbers.length > 0 && numbers.every((one) => Number.isSafeInteger(one)))
    return numbers as readonly number[];
  throw new ControlError(400, 'numbers must be a list of pull requests');
}
