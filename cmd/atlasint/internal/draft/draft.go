// Package draft names the temporary files that commands write next to a file and then rename to it. A command that is
// killed leaves its draft behind. No command deletes the draft of another one: it could be a file of the user.
package draft

import (
	"crypto/rand"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

const prefix = ".atlasint-draft-"

// form is the form of the names, with the text of [rand.Text].
var form = regexp.MustCompile(`^` + regexp.QuoteMeta(prefix) + `[A-Z2-7]{26}$`)

// ModeBits are the bits of the mode that a file keeps when it is replaced.
const ModeBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// KeepAttributes gives a new file the mode of the file that it replaces, and its owner and group where the system
// allows it. A file that gets another owner or group does not keep the bits setuid and setgid.
func KeepAttributes(file *os.File, like fs.FileInfo) error {
	bits := ModeBits
	if KeepOwner(file, like) != nil {
		bits &^= fs.ModeSetuid | fs.ModeSetgid
	}
	return file.Chmod(like.Mode() & bits)
}

// Name returns the name of a new draft.
func Name() string { return prefix + rand.Text() }

// Is reports whether the name of a file has the form of a draft. Another file of the user may begin with the same text.
func Is(name string) bool { return form.MatchString(name) }

// Create creates a draft in a folder, which only its owner can read.
func Create(folder string) (*os.File, error) {
	return os.OpenFile(filepath.Join(folder, Name()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
}
