import { configDefaults, defineConfig } from 'vitest/config';

const shared = {
  globals: true,
  exclude: [...configDefaults.exclude, '.cache/**', '.data/**'],
  // To import the same modules anew for each file took as long as many of the tests do.
  isolate: false,
};

export default defineConfig({
  // Resolves the path aliases declared in tsconfig.json, including the ones
  // added by `nest g library`.
  resolve: { tsconfigPaths: true },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: 'unit',
          include: ['**/*.spec.ts'],
          // Properties are tried some hundred times each, also where the machine is busy.
          testTimeout: 30_000,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'int',
          include: ['**/*.int-spec.ts'],
          globalSetup: ['test/support/start-services.ts'],
          // All share one PostgreSQL and one Kafka, with databases and topics of their own.
          maxWorkers: '100%',
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: 'e2e',
          include: ['**/*.e2e-spec.ts'],
          globalSetup: ['test/support/prepare-stack.ts'],
          // Each file starts the whole system.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
