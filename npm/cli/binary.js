import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Returns the path of the command in the package for this platform, or throws an error that names the package. */
export function binary() {
  const { optionalDependencies } = require('./package.json');
  const name = `@atlasint/cli-${process.platform}-${process.arch}`;
  if (!(name in (optionalDependencies ?? {}))) {
    throw new Error(`run atlasint: no package for ${process.platform}-${process.arch}\n` +
      'hint: install it another way: https://github.com/atlasint/atlasint/blob/main/docs/install.md');
  }
  try {
    return require.resolve(`${name}/atlasint${process.platform === 'win32' ? '.exe' : ''}`);
  } catch {
    throw new Error(`run atlasint: package ${name} is not installed\n` +
      'hint: install again on this platform, without --omit=optional or --no-optional');
  }
}
