package fix

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/validate"
)

// maxFile is the size in bytes of the largest file that is corrected, since it is in memory as a whole.
const maxFile = 64 << 20

// Fixer corrects files. It is safe for concurrent use.
type Fixer struct {
	DryRun     bool                     // write nothing
	APIVersion func(file string) string // of the payloads in a file, for the masks of diffs

	mu sync.Mutex // a file may be named twice
}

// Outcome is the result for one input. Data is set only for standard input.
type Outcome struct {
	Correction
	Diff string // with DryRun
	Note string // why a file with corrections was left unchanged; "" otherwise
}

// keepReason is the reason to leave a file unchanged. It is not a failure.
type keepReason string

func (r keepReason) Error() string { return string(r) }

// File corrects a file with these results. A file that must not be changed keeps its results, and Note has the reason.
// The error is the failure to read or to write the file, which is then unchanged.
func (f *Fixer) File(path string, l validate.Layout, result validate.Result, check Check) (Outcome, error) {
	unchanged := Outcome{Correction: Correction{Result: result}}
	if !slices.ContainsFunc(result.Findings, proposesEdits) && result.Omitted() == 0 {
		return unchanged, nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	before, err := read(path)
	var c *Correction
	if err == nil {
		c, err = correct(before, check)
	}
	if err == nil && c.Fixes > 0 {
		err = f.write(path, before, c.Data)
	}
	var kept keepReason
	switch {
	case errors.As(err, &kept):
		unchanged.Note = "can't fix " + redact.Path(path) + ": " + string(kept)
		return unchanged, nil
	case err != nil:
		return unchanged, problem.Failuref("can't fix %s: %w", redact.Path(path), problem.Cause(err))
	}
	o := f.outcome(path, l, before, c)
	o.Data = nil
	return o, nil
}

func proposesEdits(f validate.Finding) bool { return len(f.Edits) > 0 }

// Reader corrects a text, such as standard input.
func (f *Fixer) Reader(name string, in io.Reader, l validate.Layout, check Check) (Outcome, error) {
	before, err := readfile.All(in, maxFile)
	if err != nil {
		return Outcome{}, err
	}
	c, err := correct(before, check)
	if err != nil {
		return Outcome{}, err
	}
	return f.outcome(name, l, before, c), nil
}

func (f *Fixer) outcome(name string, l validate.Layout, before []byte, c *Correction) Outcome {
	o := Outcome{Correction: *c}
	if f.DryRun && c.Fixes > 0 {
		o.Diff = layout{l.Of(name), f.APIVersion(name)}.diff(name, before, c.Data)
	}
	return o
}

// read returns the contents of a file that may be corrected.
func read(path string) ([]byte, error) {
	folder, name, err := open(path)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	if _, err := fixable(folder, name); err != nil {
		return nil, err
	}
	data, err := readIn(folder, name)
	var limit *readfile.LimitError
	if errors.As(err, &limit) {
		return nil, keepReason(fmt.Sprintf("it is larger than %d MiB; split it", maxFile>>20))
	}
	return data, err
}

// open opens the folder of a file, which may be a link.
func open(path string) (*os.Root, string, error) {
	folder, err := os.OpenRoot(filepath.Dir(path))
	return folder, filepath.Base(path), err
}

func readIn(folder *os.Root, name string) ([]byte, error) {
	in, err := folder.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return readfile.All(in, maxFile)
}

// fixable returns the attributes of a file, or a [keepReason] if it must not be changed.
func fixable(folder *os.Root, name string) (fs.FileInfo, error) {
	info, err := folder.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case info.Mode().Type() == fs.ModeSymlink:
		return nil, keepReason("it is a symbolic link; name the file that it points to")
	case !info.Mode().IsRegular():
		return nil, keepReason("it is not a regular file")
	case info.Mode().Perm()&0o222 == 0:
		return nil, keepReason("it is read-only; change its permissions first")
	case hardLinks(info) > 1:
		return nil, keepReason("it has another hard link, which would keep the old text; correct it by hand")
	}
	return info, nil
}

// errChanged is the error for a file that another program has changed.
var errChanged = errors.New("it changed meanwhile; run the command again")

// write replaces a file unless it has other contents than before. Readers see the old file or the new one. A dry run
// only returns the error that is known without writing.
func (f *Fixer) write(path string, before, after []byte) error {
	folder, name, err := open(path)
	if err != nil {
		return err
	}
	defer folder.Close()
	info, err := fixable(folder, name)
	if err == nil {
		err = writable(folder, name)
	}
	if err != nil || f.DryRun {
		return err
	}
	defer stopsignal.Delay()() // a second signal would end the command at once, and leave the draft
	temporary := savefile.DraftName()
	err = create(folder, temporary, after, info)
	if err == nil {
		err = swap(folder, temporary, name, info, before, readIn)
	}
	if err != nil {
		return errors.Join(err, remove(folder, temporary))
	}
	syncFolder(folder)
	return nil
}

// writable returns the error of opening a file for writing. Replacing it needs permissions for its folder only.
func writable(folder *os.Root, name string) error {
	out, err := folder.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return out.Close()
}

// create writes a new file with the permissions and the owner of another one to the disk.
func create(folder *os.Root, name string, data []byte, like fs.FileInfo) error {
	out, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	err = errors.Join(err, savefile.KeepOwner(out, like), out.Chmod(like.Mode()&savefile.ModeBits), out.Sync())
	return errors.Join(err, out.Close())
}

// swap renames a draft to a file that is still the same. It compares the attributes after the contents, directly before
// the rename: a change after that is lost.
func swap(folder *os.Root, draft, name string, info fs.FileInfo, before []byte, read func(*os.Root, string) ([]byte, error)) error {
	data, err := read(folder, name)
	if err != nil {
		return err
	}
	now, err := fixable(folder, name)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(data, before) || !os.SameFile(info, now) || info.Mode() != now.Mode() || info.Size() != now.Size() ||
		!info.ModTime().Equal(now.ModTime()):
		return errChanged
	}
	return folder.Rename(draft, name)
}

func remove(folder *os.Root, name string) error {
	if err := folder.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder writes the new name of a file to the disk. Some file systems can't, and the file is complete without it.
func syncFolder(folder *os.Root) {
	if dir, err := folder.Open("."); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}
