import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Returns the path of the command: the file that ATLASINT_BINARY names, else that of the package for this platform. It
 * throws an error with the missing file or package.
 */
export function binary() {
  const named = process.env.ATLASINT_BINARY;
  if (named) {
    if (statSync(named, { throwIfNoEntry: false })?.isFile()) return resolve(named); // a name alone would be found on PATH
    throw new Error(`run atlasint: ${named} is not a file\nhint: set ATLASINT_BINARY to the path of the command, or unset it`);
  }
  const { optionalDependencies } = require('./package.json');
  const platform = `${process.platform}-${process.arch}`;
  const name = `@atlasint/cli-${platform}`;
  if (!optionalDependencies) {
    throw new Error('run atlasint: a checkout contains no binary\n' +
      'hint: run make build in the checkout, and set ATLASINT_BINARY to the path of bin/atlasint');
  }
  if (!(name in optionalDependencies)) {
    throw new Error(`run atlasint: no package for ${platform}\n` +
      'hint: install it another way, and set ATLASINT_BINARY to its path: https://github.com/atlasint/atlasint/blob/main/docs/install.md');
  }
  try {
    return require.resolve(`${name}/atlasint${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new Error(`run atlasint: package ${name} is not installed\n` +
      'hint: install again on this platform, without --omit=optional or --no-optional');
  }
}
