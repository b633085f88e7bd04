# The scripts of .ci source this. They run in the root of the module and have a temporary folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD
tmp=$(mktemp -d)
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT

# fail MESSAGE ends the script. It prints the output of the last command, if that is in $tmp/out.
fail() {
	printf 'FAIL: %s\n' "$1" >&2
	[ ! -f "$tmp/out" ] || sed 's/^/    /' "$tmp/out" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# have PROGRAM-OR-FILE PACKAGE... installs the packages if the program or file is missing.
have() {
	if command -v "$1" >/dev/null || [[ $1 == /* && -r $1 ]]; then return; fi
	command -v apt-get >/dev/null || fail "$1 is missing, and so is apt-get: install it and run this again"
	echo "$1 is missing: installing ${*:2} with apt-get"
	as_root apt-get update -qq
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${@:2}" >/dev/null
}
