// Package savefile writes files: readers see the old file or the whole new one. It writes a draft next to the file and
// then renames it.
//
// A command that is killed leaves its draft behind. No command deletes the draft of another one: it could be a file of
// the user.
package savefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
)

const prefix = ".atlasint-draft-"

// form is the form of the names, with the text of [rand.Text].
var form = regexp.MustCompile(`^` + regexp.QuoteMeta(prefix) + `[A-Z2-7]{26}$`)

// ModeBits are the bits of the mode that a file keeps when it is replaced.
const ModeBits = fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky

// keepAttributes gives a new file the mode of the file that it replaces, and its owner and group where the system
// allows it. A file that gets another owner or group does not keep the bits setuid and setgid.
func keepAttributes(file *os.File, like fs.FileInfo) error {
	bits := ModeBits
	if KeepOwner(file, like) != nil {
		bits &^= fs.ModeSetuid | fs.ModeSetgid
	}
	return file.Chmod(like.Mode() & bits)
}

// DraftName returns the name of a new draft.
func DraftName() string { return prefix + rand.Text() }

// IsDraft reports whether the name of a file has the form of a draft. Another file of the user may begin with the same
// text.
func IsDraft(name string) bool { return form.MatchString(name) }

// Draft is a new file with another name next to the file that it becomes. Call [Draft.Publish] or [Draft.Discard].
type Draft struct {
	path    string
	file    *os.File
	release func() // of signals; nil after Publish or Discard
}

// NewDraft creates the draft of a file. Only its owner can read it. Signals that stop the command wait until the draft
// has become the file or no longer exists.
func NewDraft(path string) (*Draft, error) {
	if err := CheckName(path); err != nil {
		return nil, err
	}
	if IsStream(path) { // the draft would replace it
		return nil, Error(path, errNotFile)
	}
	release := stopsignal.Delay()
	file, err := os.OpenFile(filepath.Join(filepath.Dir(path), DraftName()), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		release()
		return nil, Error(path, err)
	}
	return &Draft{path, file, release}, nil
}

// Publish writes the contents, sets the mode and replaces the file by the draft. If that fails, it discards the draft.
func (d *Draft) Publish(data []byte, mode fs.FileMode) error {
	return d.publish(data, func() error { return d.file.Chmod(mode) })
}

func (d *Draft) publish(data []byte, setAttributes func() error) error {
	defer d.end()
	_, err := d.file.Write(data)
	err = errors.Join(err, setAttributes(), d.file.Close())
	if err == nil {
		err = os.Rename(d.file.Name(), d.path)
	}
	if err != nil {
		_ = os.Remove(d.file.Name())
	}
	return Error(d.path, err)
}

// Discard removes the draft. It has no effect after Publish or another Discard.
func (d *Draft) Discard() {
	if d.release == nil {
		return
	}
	defer d.end()
	_ = d.file.Close()
	_ = os.Remove(d.file.Name())
}

// end lets signals arrive again. Releasing them twice could raise a signal twice.
func (d *Draft) end() {
	release := d.release
	d.release = nil
	release()
}
