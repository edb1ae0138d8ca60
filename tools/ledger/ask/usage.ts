/** The options of whatever is asked as of a moment. */
export const MOMENT_OPTIONS = {
  at: { type: 'string' },
  position: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

export const MOMENT_USAGE = `  --at <time>          as it was recorded by then, such as 2024-11-11T20:00:00+08:00; without an offset, and for a
                       date, Asia/Shanghai is meant
  --position <number>  as it was with this position of the log, from 0 on: of a checkpoint, its size less one
  --json               JSON, its integers exact
  -h, --help           this help
`;
