// An oxlint plugin with the one ban that no stock rule expresses: `Date` may turn a given instant into words or
// numbers (`new Date(ms)`, `Date.parse(text)`), but `new Date()` and `Date()` ask the machine what time it is.

const message = 'This asks the machine for the time; take the instant as a parameter.';

const noClock = {
  meta: { type: 'problem', docs: { description: 'forbid new Date() without arguments and Date()' } },
  create(context) {
    return {
      NewExpression(node) {
        if (isDate(node.callee) && node.arguments.length === 0) context.report({ node, message });
      },
      CallExpression(node) {
        if (isDate(node.callee)) context.report({ node, message });
      },
    };
  },
};

function isDate(node) {
  return node.type === 'Identifier' && node.name === 'Date';
}

const plugin = { meta: { name: 'clockless' }, rules: { 'no-clock': noClock } };
export default plugin;
