import { parseLanguage } from './language.js';

describe('the language of explanations', () => {
  it.each([
    ['zh', {}, 'zh'],
    ['en', { LANG: 'zh_CN.UTF-8' }, 'en'],
    [undefined, { LANG: 'zh_CN.UTF-8' }, 'zh'],
    [undefined, { LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
    [undefined, { LANG: 'en_GB.UTF-8', LC_MESSAGES: 'zh_TW' }, 'zh'],
    [undefined, { LANG: 'fr_FR.UTF-8' }, 'en'],
    [undefined, {}, 'en'],
  ])('of --language %s in %j is %s', (asked, env, language) => {
    expect(parseLanguage(asked, env)).toBe(language);
  });

  it('is one of ours', () => {
    expect(() => parseLanguage('fr', {})).toThrow(
      '--language is "fr": expected zh or en.',
    );
  });
});
