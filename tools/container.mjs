// What the image runs, by its first argument: an app, `setup`, or `health`. Plain JavaScript in the one
// process that the engine sends its signals to; tools/run.mjs would install what the image leaves out.
import { readdirSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const apps = readdirSync(new URL('dist/apps/', root));
const [command] = process.argv.splice(2, 1);

if (command === 'setup')
  await import(new URL('dist/setup/migrate.js', root).href);
else if (command === 'health') process.exitCode = (await isReady()) ? 0 : 1;
else if (apps.includes(command))
  await import(new URL(`dist/apps/${command}/main.js`, root).href);
else {
  process.stderr.write(
    `say what to run: ${[...apps, 'setup', 'health'].join(', ')}.\n`,
  );
  process.exitCode = 2;
}

/** Whether the app of this container can do its work; the api serves its health where it serves the rest. */
async function isReady() {
  const port = process.env.API_PORT || process.env.HEALTH_PORT;
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`);
    if (!response.ok) process.stdout.write(await response.text());
    return response.ok;
  } catch (error) {
    process.stdout.write(`${error.message}: ${error.cause?.message}\n`);
    return false;
  }
}
