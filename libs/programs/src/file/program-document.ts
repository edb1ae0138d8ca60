import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
  type Document,
  type Node,
} from 'yaml';

/** The way from a document's top to a field, e.g. `['goals', 0, 'metric']`. */
export type FieldPath = readonly PropertyKey[];

/** One mistake in a program file. */
export interface FileMistake {
  fileName: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** E.g. `goals[0].metric`. */
  field: string;
  expected: string;
}

/** A program file that cannot be used, with all of its mistakes, a line each. */
export class ProgramFileError extends Error {
  constructor(readonly mistakes: readonly FileMistake[]) {
    super(
      mistakes
        .map(
          ({ fileName, line, column, field, expected }) =>
            `${fileName}:${line}:${column}: ${field}: ${expected}`,
        )
        .join('\n'),
    );
    this.name = 'ProgramFileError';
  }
}

/** A YAML document as plain JSON that knows where each of its fields stands. */
export class ProgramDocument {
  readonly content: unknown;
  readonly #lines = new LineCounter();
  readonly #document: Document.Parsed;

  /** @throws ProgramFileError where the text is not YAML */
  constructor(
    text: string,
    private readonly fileName: string,
  ) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      stringKeys: true,
    });
    const { errors, warnings } = this.#document;
    if (errors.length + warnings.length > 0)
      throw new ProgramFileError(
        [...errors, ...warnings].map(({ pos, message }) =>
          this.#mistake(pos[0], 'yaml', message),
        ),
      );
    try {
      this.content = this.#document.toJS();
    } catch (error) {
      // An alias of nothing, or so many of them that they are meant to fill the memory.
      throw new ProgramFileError([
        this.#mistake(this.#aliasOfNothing(), 'yaml', (error as Error).message),
      ]);
    }
  }

  /** @param path of a field that is wrong, too many or missing: then it stands where its parent does */
  mistake(path: FieldPath, expected: string): FileMistake {
    const { offset, found } = this.#find(path);
    return this.#mistake(
      offset,
      fieldName(path),
      found ? expected : `${expected}; it is missing`,
    );
  }

  #mistake(offset: number, field: string, expected: string): FileMistake {
    const { line, col } = this.#lines.linePos(offset);
    // Offset 0 of an empty text has no line yet.
    return {
      fileName: this.fileName,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      field,
      expected,
    };
  }

  /** Where the first alias of nothing stands; the top where there is none. */
  #aliasOfNothing(): number {
    let offset = 0;
    visit(this.#document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.#document)) return undefined;
        offset = alias.range?.[0] ?? 0;
        return visit.BREAK;
      },
    });
    return offset;
  }

  #find(path: FieldPath): { offset: number; found: boolean } {
    let node: Node | null = this.#document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const step of path) {
      if (isAlias(node)) node = node.resolve(this.#document) ?? null;
      let next: Node | null;
      let start: Node | null;
      if (isMap<Node, Node | null>(node)) {
        const pair = node.items.find(
          ({ key }) => isScalar(key) && String(key.value) === String(step),
        );
        if (!pair) return { offset, found: false };
        [start, next] = [pair.key, pair.value];
      } else if (isSeq<Node>(node)) {
        start = next = node.items[Number(step)] ?? null;
      } else {
        return { offset, found: false };
      }
      offset = start?.range?.[0] ?? offset;
      node = next;
    }
    return { offset, found: true };
  }
}

function fieldName(path: FieldPath): string {
  const name = path
    .map((step) =>
      typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
    )
    .join('');
  return name.replace(/^\./, '') || 'file';
}
