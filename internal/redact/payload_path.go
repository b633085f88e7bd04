package redact

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// PayloadPath returns a path that a payload contains in a form that is safe to show: as [Path] does, or its length if
// it may be a secret in the place of a path.
func PayloadPath(s string) string {
	if !ShownPath(s) {
		return fmt.Sprintf("of %d characters", utf8.RuneCountInString(s))
	}
	return Path(s)
}

// ShownPath reports whether [PayloadPath] shows the path itself. The text has no character that is usual in URLs or
// base64 but not in paths, and one of these is true:
//   - It is as short as a value that is shown.
//   - It ends with a known extension of files. The name of the file may have any length, the folders none of a secret.
//   - It starts at a folder such as / or .., and no name in it is as long as a secret, or mixes capitals, small letters
//     and digits.
//   - It has several names that are shorter than a secret, in small letters, digits, hyphens and underscores.
func ShownPath(s string) bool {
	if strings.ContainsAny(s, "@?=") || strings.Contains(s, "//") || strings.LastIndexByte(s, ':') > 1 { // not that of C:
		return false
	}
	if Readable(s) {
		return true
	}
	segments := strings.FieldsFunc(s, isSeparator)
	switch last := len(segments) - 1; {
	case last < 0:
		return false
	case hasExtension(segments[last]):
		segments = segments[:last]
	case isRooted(s):
		if slices.ContainsFunc(segments, mixes) {
			return false
		}
	case last == 0 || strings.Trim(strings.TrimPrefix(s, "."), smallPath) != "":
		return false
	}
	return !slices.ContainsFunc(segments, func(segment string) bool { return !nameLimit.allows(segment) })
}

func isSeparator(r rune) bool { return r == '/' || r == '\\' }

// isRooted reports whether a path starts at a folder that it names, such as /, .. or C:.
func isRooted(s string) bool {
	start, _, found := strings.Cut(strings.ReplaceAll(s, `\`, "/"), "/")
	return found && (start == "" || start == "." || start == ".." || start == "~" || len(start) == 2 && start[1] == ':')
}

// extensions are the extensions of files for secrets and settings.
var extensions = []string{
	"age", "asc", "b64", "cer", "cfg", "conf", "crt", "enc", "env", "gpg", "ini", "json", "key", "p12", "pass", "passwd",
	"password", "pem", "pfx", "properties", "secret", "secrets", "toml", "token", "txt", "url", "xml", "yaml", "yml",
}

func hasExtension(name string) bool {
	return slices.Contains(extensions, name[strings.LastIndexByte(name, '.')+1:]) && strings.Contains(name, ".")
}

const (
	smallLetters = "abcdefghijklmnopqrstuvwxyz"
	digits       = "0123456789"
	smallPath    = smallLetters + digits + `-_/\`
)

// mixes reports whether a name has capitals, small letters and digits, as base64 does.
func mixes(name string) bool {
	return strings.ContainsAny(name, digits) && strings.ContainsAny(name, smallLetters) && strings.ToLower(name) != name
}
