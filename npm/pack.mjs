// Packs the packages for npm from the release in dist/ into dist/npm/: one with the binary for each platform, and
// @atlasint/cli, which depends on them. Needs npm and tar.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const systems = { linux: 'linux', darwin: 'darwin', windows: 'win32' };
const processors = { amd64: ['x64', 'v1'], arm64: ['arm64', 'v8.0'] };
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const out = join(dist, 'npm');
const work = join(out, 'work');
const manifest = JSON.parse(readFileSync(join(root, 'npm/cli/package.json'), 'utf8'));

const archive = readdirSync(dist).find((name) => name.endsWith('_linux_amd64.tar.gz'));
if (!archive) throw new Error('dist/ contains no release: run make dist');
rmSync(out, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
execFileSync('tar', ['-xzf', join(dist, archive), '-C', work, '--strip-components=1']);
manifest.version = archive.slice('atlasint_'.length, -'_linux_amd64.tar.gz'.length);
manifest.optionalDependencies = {};

function pack(folder, content) {
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
  for (const name of ['LICENSE', 'THIRD-PARTY-LICENSES']) copyFileSync(join(work, name), join(folder, name));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

for (const [goos, os] of Object.entries(systems)) {
  for (const [goarch, [cpu, level]] of Object.entries(processors)) {
    const name = `@atlasint/cli-${os}-${cpu}`;
    const binary = os === 'win32' ? 'atlasint.exe' : 'atlasint';
    const folder = join(work, `${os}-${cpu}`);
    mkdirSync(folder);
    copyFileSync(join(dist, `atlasint_${goos}_${goarch}_${level}`, binary), join(folder, binary));
    manifest.optionalDependencies[name] = manifest.version;
    pack(folder, {
      name, version: manifest.version, description: `The command of @atlasint/cli for ${os}-${cpu}`,
      homepage: manifest.homepage, repository: manifest.repository, license: manifest.license,
      os: [os], cpu: [cpu], files: [binary, 'THIRD-PARTY-LICENSES'], preferUnplugged: true,
    });
  }
}
cpSync(join(root, 'npm/cli'), join(work, 'cli'), { recursive: true });
copyFileSync(join(root, 'docs/npm.md'), join(work, 'cli/README.md'));
pack(join(work, 'cli'), { ...manifest, files: [...manifest.files, 'THIRD-PARTY-LICENSES'] });
rmSync(work, { recursive: true });
