const NUMBER = new Intl.NumberFormat('en-US');

/** A number of things, as people say it. @param one their name where there is one, which takes an s where there are more */
export function countText(count: number, one: string): string {
  return `${NUMBER.format(count)} ${one}${count === 1 ? '' : 's'}`;
}
