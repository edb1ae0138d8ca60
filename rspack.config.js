/**
 * That of tsconfig.json. What Nest's builder has by default is ES2021, in which every private field is a WeakMap. It
 * checks types only where fork-ts-checker-webpack-plugin is installed: `npm run lint` does it once for all apps.
 */
const TARGET = 'es2023';

/** @param {import('@rspack/core').Configuration} defaults */
export default ({ module, ...defaults }) => ({
  ...defaults,
  module: {
    rules: module.rules.map((rule) => ({
      ...rule,
      use: rule.use.map(inTarget),
    })),
  },
});

function inTarget({ loader, options }) {
  const jsc = { ...options.jsc, target: TARGET };
  return { loader, options: { ...options, jsc } };
}
