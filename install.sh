#!/usr/bin/env sh
# Installs atlasint from this checkout into a folder. The text below explains it; --help prints it.
set -eu

version=v0.1.0 # the released version of this checkout, if it is one
module=github.com/atlasint/atlasint
base=${ATLASINT_RELEASE_URL:-https://$module/releases/download}
unset CDPATH TAR_OPTIONS # cd would print a folder that it finds in the first; the second changes what tar writes
synopsis='usage: install.sh [--release | --source] DIR [VERSION]'
root='' tmp='' running=''

help() {
	printf '%s\n' "$synopsis" '       install.sh --run ARG...' '
Installs atlasint into the folder DIR. If a released version is checked out, it
downloads the binary of that release and compares its SHA-256 with SHA256SUMS of
the release. Otherwise it builds the checkout with Go. VERSION, such as
'"$version"', selects another version.

  --release  do not build; exit with 4 if there is no suitable released binary
  --source   do not download a binary
  --run      install into bin/hook of this checkout, once, and run the command
             with ARGs (.pre-commit-hooks.yaml)
  --help     print this text

A download needs awk, curl, tar (on Windows unzip), and sha256sum or shasum.
curl does not read .curlrc. ATLASINT_RELEASE_URL is an https URL to download
from instead of '"https://$module/releases/download."'

Exit codes: 2 usage, 3 failure, 4 see --release.'
}

say() { printf 'install.sh: %s\n' "$@" >&2; }

# usage REASON ends the script. A hook has its own usage errors, with the same exit code.
usage() {
	say "$1" "$synopsis"
	exit "${misused-2}"
}

fail() {
	say "$@"
	exit 3
}

# unsuitable REASON returns 4. It never returns for a wrong checksum, which could be an attack.
unsuitable() {
	say "no released binary: $1"
	return 4
}

# missing PROGRAM... prints the programs that are not on the PATH.
missing() {
	for program; do command -v "$program" > /dev/null || printf ' %s' "$program"; done
}

# await PROGRAM ARG... runs a program that a signal to the shell alone ends, too: a shell handles a signal during wait,
# but not before a program in the foreground ends.
await() {
	running=yes status=0
	"$@" &
	wait "$!" || status=$?
	running=
	return "$status"
}

# stop CODE ends the script after a signal.
stop() {
	set +u # without a program yet, there is no $!
	[ -z "$running" ] || { kill "$!" && wait "$!"; } 2> /dev/null || true
	exit "$1"
}

# locate sets root to the checkout of this script. It stays empty if a shell reads the script from a pipe.
locate() {
	[ -f "$0" ] || return 0
	case $0 in
	*/install.sh) root=$(cd -- "${0%/*}/" && pwd) || fail 'cannot enter the folder of the script' ;;
	install.sh) root=$(pwd) ;;
	esac
}

# enter DIR changes to a new folder in DIR: there, a move into DIR replaces a file in one step.
enter() {
	mkdir -p -- "$1" || fail "$1: cannot create the folder"
	trap 'cd / && rm -rf -- "$tmp"' EXIT
	trap 'stop 129' HUP
	trap 'stop 130' INT
	trap 'stop 143' TERM
	cd -- "$1" || fail "$1: cannot enter the folder"
	tmp=$(mktemp -d "$(pwd)/.install.XXXXXX") || fail "$1: cannot write to the folder"
	cd -- "$tmp" || fail "$1: cannot enter the folder"
}

# platform sets the names that releases use for this system. Git for Windows has a uname, too.
platform() {
	exe='' format=tar.gz unpacker=tar
	case $(uname -s) in
	Linux) os=linux ;;
	Darwin) os=darwin ;;
	MINGW* | MSYS* | CYGWIN*) os=windows exe=.exe format=zip unpacker=unzip ;;
	*) os=$(uname -s) ;;
	esac
	case $(uname -m) in
	x86_64 | amd64) arch=amd64 ;;
	aarch64 | arm64) arch=arm64 ;;
	*) arch=$(uname -m) ;;
	esac
}

# identify sets commit to that of this checkout, as pre-commit and GitHub Actions name it. It stays empty for an action
# at the tag of the version. A branch isn't a release.
identify() {
	commit='' git=$root/.git
	if [ -f "$git" ]; then # in a worktree, it names the folder
		IFS= read -r git < "$git" || true
		git=${git#gitdir: }
		case $git in
		/* | [A-Za-z]:*) ;;
		*) git=$root/$git ;;
		esac
	fi
	if [ -f "$git/HEAD" ]; then
		IFS= read -r commit < "$git/HEAD" || true # "ref: refs/heads/main" for a branch
	else
		case $root in
		*/_actions/*/*/*) commit=${root#*/_actions/*/*/} ;; # _actions/OWNER/REPOSITORY/REF
		esac
		[ "$commit" != "$version" ] || { commit='' && return; }
	fi
	case ${#commit}:$commit in
	40:*[!0-9a-f]*) ;;
	40:*) return ;;
	esac
	unsuitable 'this checkout is at a branch, or its commit is not known'
}

# fetch FILE downloads a file of the release.
fetch() {
	await curl -q --proto '=https' --tlsv1.2 --globoff --fail --location --silent --show-error --retry 2 \
		--connect-timeout 10 --max-time 300 --output "$1" "${base%/}/$version/$1" ||
		unsuitable "curl could not download $1 of $version"
}

sha256() {
	if command -v sha256sum > /dev/null; then sum=$(sha256sum < "$1"); else sum=$(shasum -a 256 < "$1"); fi &&
		printf '%s' "${sum%% *}"
}

download() {
	case $base in
	*[!0-9A-Za-z._~:/%-]*) usage 'ATLASINT_RELEASE_URL: the URL has other characters than letters, digits and ._~:/%-' ;;
	https://*) ;;
	*) usage 'ATLASINT_RELEASE_URL: the URL must begin with https://' ;;
	esac
	lacks=$(missing awk curl "$unpacker")
	[ "$(missing sha256sum shasum)" != ' sha256sum shasum' ] || lacks="$lacks sha256sum"
	[ -z "$lacks" ] || unsuitable "not on the PATH:$lacks" || return
	name=atlasint_${version#v}_${os}_$arch
	fetch SHA256SUMS || return
	want=$(awk -v file="$name.$format" '{ sub(/\r$/, ""); sub(/^\*/, "", $2) } $2 == file { print tolower($1) }' SHA256SUMS) ||
		fail 'awk could not read SHA256SUMS'
	case ${#want}:$want in
	0:) unsuitable "$version has none for $os/$arch" || return ;;
	64:*[!0-9a-f]*) fail "SHA256SUMS of $version has no SHA-256 of $name.$format" ;;
	64:*) ;;
	*) fail "SHA256SUMS of $version must have one line with the SHA-256 of $name.$format" ;;
	esac
	fetch "$name.$format" || return
	got=$(sha256 "$name.$format") || fail "cannot compute the SHA-256 of $name.$format"
	[ "$got" = "$want" ] || fail "$name.$format: wrong checksum: SHA-256 is $got, SHA256SUMS has $want" \
		'hint: try again; if the checksum stays wrong, report it as in SECURITY.md'
}

# unpack writes the content of the command to a new file, and so follows no link and sets no mode or owner.
unpack() {
	if [ "$format" = zip ]; then
		unzip -p "$name.zip" "$name/atlasint.exe" > atlasint.exe || unsuitable "unzip could not extract $name.zip" || return
	else
		tar -xzOf "$name.tar.gz" "$name/atlasint" > atlasint || unsuitable "tar could not extract $name.tar.gz" || return
	fi
	[ -s "atlasint$exe" ] || fail "$name.$format: $name/atlasint$exe is not a file with content"
	chmod +x "atlasint$exe" || fail "cannot make atlasint$exe executable"
}

# release installs a released binary. It returns 4 if there is none that is suitable.
release() {
	case $requested in
	'') identify || return ;; # sets commit
	v[0-9]*) commit='' version=$requested ;;
	*) unsuitable "$requested is not a version such as $version" || return ;;
	esac
	platform
	download || return
	unpack || return
	output=$("./atlasint$exe" version) || unsuitable 'it does not run on this system' || return
	case $output in
	"atlasint $version $commit"*) ;;
	"atlasint $version "*) unsuitable "this checkout is not the commit of $version" || return ;;
	*) fail "the binary of $version is another version: $output" ;;
	esac
	mv -f -- "atlasint$exe" .. || fail "cannot replace atlasint$exe in the folder"
}

# build ignores settings for other programs: of cross-compilation, and of the repository for which git runs a hook.
build() {
	hint='hint: install Go, or see https://github.com/atlasint/atlasint/blob/main/docs/install.md'
	command -v go > /dev/null || fail 'cannot build atlasint: go is not on the PATH' "$hint"
	for name in $(git rev-parse --local-env-vars 2> /dev/null); do unset "$name"; done
	# Git shows no commit of a checkout that belongs to another user.
	vcs=auto
	git -C "${root:-.}" rev-parse HEAD > /dev/null 2>&1 || vcs=false
	GOOS=$(go env GOHOSTOS) && GOARCH=$(go env GOHOSTARCH) || fail 'go env failed'
	export GOBIN="$tmp/bin" GOFLAGS="-mod=readonly -buildvcs=$vcs" GOWORK=off GO111MODULE=on GOOS GOARCH
	if [ -n "$requested" ]; then
		await go install "$module/cmd/atlasint@$requested" || fail "go install failed for version $requested"
	else
		cd -- "$root" || fail "cannot enter the checkout"
		await go install ./cmd/atlasint || fail 'go install failed'
		cd -- "$tmp"
	fi
	mv -f -- bin/atlasint* .. || fail 'cannot replace atlasint in the folder'
}

# install DIR installs atlasint into a folder.
install() {
	lacks=$(missing chmod mkdir mktemp mv rm uname)
	[ -z "$lacks" ] || fail "cannot install atlasint: not on the PATH:$lacks"
	[ -n "$root$requested" ] || usage 'name a version: the script was not read from a checkout'
	enter "$1"
	if [ "$mode" != --source ]; then
		code=0
		release || code=$?
		[ "$code" -ne 0 ] || return 0
		[ "$code" -eq 4 ] || fail 'cannot install the released binary'
		[ "$mode" != --release ] || exit 4
		say 'building atlasint with Go'
	fi
	build
}

# run ARG... runs the installed command.
run() {
	misused=3
	[ -n "$root" ] || usage 'the script was not read from a checkout'
	command=$root/bin/hook/atlasint
	if [ ! -x "$command" ] && [ ! -x "$command.exe" ]; then
		here=$(pwd)
		install "$root/bin/hook"
		cd -- "$here" || fail 'cannot return to the folder'
		rm -rf -- "$tmp"
	fi
	[ ! -x "$command.exe" ] || command=$command.exe
	exec "$command" "$@"
}

main() {
	mode='' requested=''
	locate
	case ${1-} in
	-h | --help) help && exit ;;
	--run)
		shift
		run "$@"
		;;
	--release | --source)
		mode=$1
		shift
		;;
	esac
	case $#:${1-} in
	1:[!-]* | 2:[!-]*) requested=${2-} ;;
	*) usage 'name one folder, and at most one version' ;;
	esac
	case $requested in
	*[!0-9A-Za-z._+-]* | -*) usage 'the version has other characters than letters, digits and ._+-' ;;
	esac
	install "$1"
}

main "$@"
