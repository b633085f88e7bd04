package workspace

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/redact"
)

// The files of commands replace what has their name, and readers see the old file or the whole new one. A link
// there, which a stranger's repository may contain, is replaced and never followed.

// errTaken is the error of a file that is there already and must not be overwritten.
var errTaken = errors.New("it exists; --force overwrites it")

// SaveFile writes a file that the user names. Its folder may be a link. Devices and the streams of the
// process, such as /dev/stdout, are written to as they are.
func SaveFile(file string, data []byte, overwrite bool) error {
	if isStream(file) {
		return SaveError(file, os.WriteFile(file, data, 0o644))
	}
	folder, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return SaveError(file, err)
	}
	defer folder.Close()
	return SaveError(file, SaveIn(folder, filepath.Base(file), data, overwrite))
}

// SaveError is err as the failure to write a file.
func SaveError(file string, err error) error {
	if err == nil {
		return nil
	}
	cause := exit.Cause(err)
	if strings.HasSuffix(cause, "path escapes from parent") { // os.Root has no error value for it
		cause = "a link leads out of the folder; remove the link"
	}
	return exit.Failuref("can't write %s: %s", redact.Path(file), cause)
}

// isStream reports whether a file is a device of the system, or a stream of this process.
func isStream(file string) bool {
	folder := filepath.ToSlash(filepath.Dir(file))
	return folder == "/dev" || folder == "/dev/fd"
}

// OpenFolder opens the folder that files are written into, and makes it where it is missing. No link in the
// folder leads out of it from then on.
func OpenFolder(name string) (*os.Root, error) {
	err := os.MkdirAll(name, 0o755)
	if err != nil {
		return nil, exit.Failuref("can't make the folder %s: %v", redact.Path(name), exit.Cause(err))
	}
	folder, err := os.OpenRoot(name)
	if err != nil {
		return nil, exit.Failuref("can't write into %s: %v", redact.Path(name), exit.Cause(err))
	}
	return folder, nil
}

// SaveIn writes a file below a folder; the folders on its way must be there.
func SaveIn(folder *os.Root, name string, data []byte, overwrite bool) error {
	if !overwrite {
		return create(folder, name, data, 0)
	}
	mode, err := replaceable(folder, name)
	if err != nil {
		return err
	}
	draft := filepath.Join(filepath.Dir(name), "."+rand.Text())
	if err := create(folder, draft, data, mode); err != nil {
		return err
	}
	if err := folder.Rename(draft, name); err != nil {
		return errors.Join(err, folder.Remove(draft))
	}
	return nil
}

// replaceable returns the mode of the file to overwrite, 0 if there is none or a link. It fails for what is
// neither a file nor a link.
func replaceable(folder *os.Root, name string) (fs.FileMode, error) {
	info, err := folder.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, nil
	case err != nil:
		return 0, err
	case info.Mode().IsRegular():
		return info.Mode().Perm(), nil
	case info.Mode().Type() == fs.ModeSymlink:
		return 0, nil
	}
	return 0, errors.New("it is no regular file; choose another name")
}

// create writes a file that is not there yet, and removes it if that fails. A mode of 0 is the usual one.
func create(folder *os.Root, name string, data []byte, mode fs.FileMode) error {
	file, err := folder.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return errTaken
	}
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if mode != 0 {
		err = errors.Join(err, file.Chmod(mode))
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, folder.Remove(name))
	}
	return nil
}

// ReplaceFile writes beside the file and then takes its place: who reads it meets the old or the new one,
// and nothing is lost where the disk is full. A link stays a link.
func ReplaceFile(file string, data []byte) error {
	if followed, err := filepath.EvalSymlinks(file); err == nil {
		file = followed
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(file); err == nil {
		mode = info.Mode().Perm()
	}
	draft, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if err != nil {
		return exit.Failuref("can't write %s: %v", redact.Path(file), exit.Cause(err))
	}
	_, err = draft.Write(data)
	err = errors.Join(err, draft.Chmod(mode), draft.Close())
	if err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		_ = os.Remove(draft.Name())
		return exit.Failuref("can't write %s: %v", redact.Path(file), exit.Cause(err))
	}
	return nil
}
