import { parseJavaVersion } from './java.js';

describe('parseJavaVersion', () => {
  it.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_292"', 8],
    ['openjdk version "24-ea" 2025-03-18', 24],
  ])('of %s is %i', (text, version) => {
    expect(parseJavaVersion(text)).toBe(version);
  });

  it('is null where no Java answered', () => {
    expect(parseJavaVersion('The operation could not be completed')).toBeNull();
  });
});
