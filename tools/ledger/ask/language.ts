import { LANGUAGES, type Language } from '@app/ledger';
import { UsageError } from '../../support/cli.js';

/** The option of whatever explains entries. */
export const LANGUAGE_OPTION = { language: { type: 'string' } } as const;

export const LANGUAGE_USAGE = `  --language <zh|en>  of the explanations; by default that of LANG, or English
`;

/**
 * The language of explanations: as asked for, or else as the locale has it.
 *
 * @throws UsageError where it is none of ours
 */
export function parseLanguage(
  asked: string | undefined,
  { LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv = process.env,
): Language {
  if (asked === undefined)
    return (LC_ALL || LC_MESSAGES || LANG)?.startsWith('zh') ? 'zh' : 'en';
  const language = LANGUAGES.find((known) => known === asked);
  if (!language)
    throw new UsageError(`--language is "${asked}": expected zh or en.`);
  return language;
}
