import {
  ConfigurationError,
  EMBEDDED_ISSUER,
  readConfiguration,
} from '@app/platform';
import { apiConfiguration } from './api.configuration.js';

const COMPLETE = {
  DATABASE_URL: 'postgres://user@host:5432/ledger',
  KAFKA_BROKERS: 'host:9092',
};

describe('the configuration of the api', () => {
  it('takes the key of the embedded stack for trying things out, and not in production', () => {
    const AUTH_ISSUERS = JSON.stringify([
      { issuer: EMBEDDED_ISSUER, audience: 'ledger', jwks: '/data/jwks.json' },
    ]);
    const environment = { ...COMPLETE, AUTH_ISSUERS };
    readConfiguration(apiConfiguration, {
      ...environment,
      NODE_ENV: 'development',
    });
    expect(() =>
      readConfiguration(apiConfiguration, {
        ...environment,
        NODE_ENV: 'production',
      }),
    ).toThrow(
      new ConfigurationError(
        `AUTH_ISSUERS is wrong: production takes no tokens of ${EMBEDDED_ISSUER}, whose key is for trying things out: name your identity provider.`,
      ),
    );
  });

  it('says which part of an issuer is wrong', () => {
    const AUTH_ISSUERS = JSON.stringify([{ issuer: 'i', audience: 'a' }]);
    expect(() =>
      readConfiguration(apiConfiguration, { ...COMPLETE, AUTH_ISSUERS }),
    ).toThrow(/^AUTH_ISSUERS\.0\.jwks is wrong: /);
  });

  it('is not complete without somebody to let in', () => {
    expect(() => readConfiguration(apiConfiguration, COMPLETE)).toThrow(
      /^AUTH_ISSUERS is not set: /,
    );
  });
});
