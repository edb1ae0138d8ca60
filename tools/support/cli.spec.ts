import { parsePort, runCommand, UserError } from './cli.js';

const COMMAND = {
  usage: 'Usage: do it\n',
  options: { loud: { type: 'boolean' } },
} as const;

describe('runCommand', () => {
  const written = { out: '', err: '' };

  beforeEach(() => {
    written.out = written.err = '';
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.out += text as string;
      return true;
    });
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.err += text as string;
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    process.exitCode = undefined;
  });

  it('hands over the values of the options', async () => {
    const main = vi.fn().mockResolvedValue(undefined);
    await runCommand(COMMAND, main, ['--loud']);
    expect(main.mock.calls[0]![0]).toMatchObject({ loud: true });
    expect(process.exitCode).toBe(0);
  });

  it('prints the help and does nothing else', async () => {
    const main = vi.fn();
    await runCommand(COMMAND, main, ['--help']);
    expect(written.out).toBe('Usage: do it\n');
    expect(main).not.toHaveBeenCalled();
  });

  it('ends with status 2 and a sentence where an option is unknown', async () => {
    await runCommand(COMMAND, vi.fn(), ['--quiet']);
    expect(process.exitCode).toBe(2);
    expect(written.err).toMatch(
      /^Unknown option '--quiet'.*--help says more\.\n$/,
    );
  });

  it('shows what the user can put right without a stack', async () => {
    const main = () => Promise.reject(new UserError('Plug it in.'));
    await runCommand(COMMAND, main, []);
    expect(process.exitCode).toBe(1);
    expect(written.err).toBe('Plug it in.\n');
  });

  it('shows where any other error came from', async () => {
    const main = () => Promise.reject(new Error('a mistake of ours'));
    await runCommand(COMMAND, main, []);
    expect(process.exitCode).toBe(1);
    expect(written.err).toContain('cli.spec.ts');
  });
});

describe('parsePort', () => {
  it('reads a port', () => {
    expect(parsePort('api-port', '3000')).toBe(3000);
  });

  it.each(['0', '65536', '3000x', '-1', '1e3', ''])(
    'refuses "%s" and names the option',
    (text) => {
      expect(() => parsePort('api-port', text)).toThrow(
        `--api-port is "${text}": expected a port from 1 to 65535.`,
      );
    },
  );
});
