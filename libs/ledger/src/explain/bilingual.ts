/** The same in the two languages that people read the ledger in. */
export interface Bilingual {
  zh: string;
  en: string;
}

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What is written the same way in both: names, ids. */
export function asIs(text: string): Bilingual {
  return { zh: text, en: text };
}

/** Sentences one behind the other; what is null is left out. */
export function paragraph(
  ...sentences: readonly (Bilingual | null)[]
): Bilingual {
  const said = sentences.filter((sentence) => sentence !== null);
  return {
    zh: said.map(({ zh }) => zh).join(''),
    en: said.map(({ en }) => en).join(' '),
  };
}

/** "a", "a and b", "a, b and c". */
export function enumerated(items: readonly Bilingual[]): Bilingual {
  const english = items.map(({ en }) => en);
  const last = english.at(-1) ?? '';
  const others = english.slice(0, -1).join(', ');
  return {
    zh: items.map(({ zh }) => zh).join('、'),
    en: others === '' ? last : `${others} and ${last}`,
  };
}
