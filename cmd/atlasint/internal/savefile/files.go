package savefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/stopsignal"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// A symbolic link is replaced and never followed, since an untrusted repository may contain it, except by Replace. A
// replaced file keeps its mode, and its owner and group where the system allows it; other hard links keep the old
// contents, and extended attributes and access control lists are lost.

// ErrExists is the error for an existing file that must not be overwritten.
var ErrExists = errors.New("it exists")

// Save writes a file that the user names. Its folder may be a link. It writes to devices and streams of the
// process, such as /dev/stdout, directly.
func Save(file string, data []byte, overwrite bool) error {
	if err := CheckName(file); err != nil {
		return err
	}
	if IsStream(file) {
		return Error(file, appendTo(file, data))
	}
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return Error(file, err)
	}
	defer folder.Close()
	return Error(file, saveIn(folder, filepath.Base(file), data, overwrite))
}

// Error returns the error of writing a file; nil if err is nil. It is a failure, unless the file is one that must not
// be replaced, such as a pipe: then the user has named the wrong file.
func Error(file string, err error) error { return fileError("can't write", file, err) }

// ReadError is like [Error] for reading a file before it is replaced, as with [ReadIn].
func ReadError(file string, err error) error { return fileError("can't read", file, err) }

func fileError(fault, file string, err error) error {
	if err == nil {
		return nil
	}
	failed := fmt.Errorf("%s %s: %w", fault, redact.Path(file), problem.Cause(err))
	if errors.Is(err, readfile.ErrNotRegular) || errors.Is(err, ErrExists) {
		return problem.Of(problem.Input, failed)
	}
	return problem.Of(problem.Failure, failed)
}

// NamesFolder reports whether the name of a file to write ends with a separator, so that it can only be a folder. The
// functions of path/filepath remove the separator.
func NamesFolder(file string) bool {
	return file != "" && os.IsPathSeparator(file[len(file)-1])
}

// CheckName returns an error if the name of a file to write is that of a folder by [NamesFolder].
func CheckName(file string) error {
	if NamesFolder(file) {
		return problem.Inputf("%s is a folder; name a file in it", redact.Path(file))
	}
	return nil
}

// IsStream reports whether a file is a device or a stream of this process. It has no contents to replace, and programs
// may need its name.
func IsStream(file string) bool {
	switch filepath.ToSlash(filepath.Dir(file)) {
	case "/dev", "/dev/fd", "/proc/self/fd":
		return true
	}
	return false
}

// appendTo writes to a stream. If the shell has redirected it to a file, the text comes after that of other programs.
func appendTo(stream string, data []byte) error {
	out, err := os.OpenFile(stream, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = out.Write(data)
	return errors.Join(err, out.Close())
}

// OpenFolder opens a folder to write files into, and creates it if necessary. Links in the folder can't point outside
// it. The caller must close it.
func OpenFolder(name string) (*os.Root, error) {
	err := os.MkdirAll(name, 0o755)
	if err != nil {
		return nil, problem.Failuref("can't create the folder %s: %w", redact.Path(name), problem.Cause(err))
	}
	folder, err := os.OpenRoot(name)
	if err != nil {
		return nil, problem.Failuref("can't write into %s: %w", redact.Path(name), problem.Cause(err))
	}
	return folder, nil
}

// maxRead is an upper limit for the size in bytes of files that a command has written.
const maxRead = 16 << 20

// ReadIn reads a regular file below a folder, up to 16 MiB. It opens neither links nor FIFOs, which could block.
func ReadIn(folder *os.Root, path string) ([]byte, error) {
	info, err := folder.Lstat(path)
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%w; move the file, or choose another folder", readfile.ErrNotRegular)
	}
	if err != nil {
		return nil, err
	}
	in, err := folder.Open(path)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	return io.ReadAll(io.LimitReader(in, maxRead))
}

// saveIn writes a file below a folder. Its parent folder must exist. Signals that stop the command wait until the file
// is complete, or its draft no longer exists.
func saveIn(folder *os.Root, name string, data []byte, overwrite bool) error {
	defer stopsignal.Delay()()
	if !overwrite {
		return create(folder, name, data, nil)
	}
	draft, err := createDraft(folder, name, data)
	if err != nil {
		return err
	}
	if err := folder.Rename(draft, name); err != nil {
		return errors.Join(err, folder.Remove(draft))
	}
	return nil
}

// createDraft writes the draft of a file below a folder, and returns its path. It returns an error if the file is one
// that must not be replaced.
func createDraft(folder *os.Root, name string, data []byte) (draft string, err error) {
	old, err := replaceable(folder, name)
	if err != nil {
		return "", err
	}
	draft = filepath.Join(filepath.Dir(name), DraftName())
	return draft, create(folder, draft, data, old)
}

// errNotFile is the error for a folder, a device or a pipe, which must not be replaced.
var errNotFile = fmt.Errorf("%w; choose another name", readfile.ErrNotRegular)

// replaceable returns the attributes of the file to overwrite, nil if there is none or if it is a link. It returns an
// error for anything else, such as a folder.
func replaceable(folder *os.Root, name string) (fs.FileInfo, error) {
	info, err := folder.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case info.Mode().IsRegular():
		return info, nil
	case info.Mode().Type() == fs.ModeSymlink:
		return nil, nil
	}
	return nil, errNotFile
}

// create writes a new file, and removes it if that fails. It keeps the attributes of the file that it replaces, unless
// old is nil.
func create(folder *os.Root, name string, data []byte, old fs.FileInfo) error {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return ErrExists
	}
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if old != nil {
		err = errors.Join(err, keepAttributes(file, old))
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, folder.Remove(name))
	}
	return nil
}

// Replace replaces a file: readers see the old file or the new one, and nothing is lost if the disk is full. It
// follows a link.
func Replace(file string, data []byte) error {
	if err := CheckName(file); err != nil {
		return err
	}
	if followed, err := filepath.EvalSymlinks(file); err == nil {
		file = followed
	}
	old, err := os.Stat(file)
	if err == nil && !old.Mode().IsRegular() {
		return Error(file, errNotFile)
	}
	draft, err := NewDraft(file)
	switch {
	case err != nil:
		return err
	case old == nil:
		return draft.Publish(data, 0o644)
	}
	return draft.publish(data, func() error { return keepAttributes(draft.file, old) })
}
