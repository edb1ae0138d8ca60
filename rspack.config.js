// What Nest's builder makes of the apps, with two changes.

/** That of tsconfig.json. By default it is ES2021, in which every private field is a WeakMap. */
const TARGET = 'es2023';
/** `npm run lint` checks all types once; this would check most of them once an app. */
const TYPE_CHECKER = 'ForkTsCheckerWebpackPlugin';

/** @param {import('@rspack/core').Configuration} defaults */
export default ({ module, plugins, ...defaults }) => ({
  ...defaults,
  module: {
    rules: module.rules.map((rule) => ({
      ...rule,
      use: rule.use.map(inTarget),
    })),
  },
  plugins: plugins.filter((plugin) => plugin.constructor.name !== TYPE_CHECKER),
});

function inTarget({ loader, options }) {
  const jsc = { ...options.jsc, target: TARGET };
  return { loader, options: { ...options, jsc } };
}
