import openapiTypescript, { astToString } from 'openapi-typescript';

const DOCUMENT = new URL('../../../apps/api/openapi.json', import.meta.url);

describe('the types of the api', () => {
  it('are those of its document: `npx vitest run -u` on this file writes them', async () => {
    const types = astToString(await openapiTypescript(DOCUMENT));
    await expect(
      `// Generated from apps/api/openapi.json.\n\n${types}`,
    ).toMatchFileSnapshot('./api-types.ts');
  });
});
