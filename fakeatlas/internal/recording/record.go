// Package recording writes each exchange, a request and its response, to a file of its own.
package recording

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/atlasint/atlasint/internal/redact"
)

// maxFiles is the number of exchanges that are written. It bounds the disk space of a server that runs for a long time.
const maxFiles = 10_000

// Recorder writes exchanges to a folder. It is safe for concurrent use.
type Recorder struct {
	dir     string
	logger  *slog.Logger
	begun   atomic.Int64
	stopped atomic.Bool
	stop    sync.Once
}

// ErrNotEmpty rejects a folder with files: those of two servers would be mixed.
var ErrNotEmpty = errors.New("the folder has files")

// errFull ends the recording at maxFiles exchanges.
var errFull = fmt.Errorf("%d exchanges are recorded, which is the limit", maxFiles)

// Open returns a recorder for a folder, nil for "". It creates the folder if it does not exist. The error wraps
// [ErrNotEmpty] if the folder has files. Other users of the machine can't read the folder. The recorder logs the reason
// if it stops, unless the logger is nil.
func Open(dir string, logger *slog.Logger) (*Recorder, error) {
	if dir == "" {
		return nil, nil
	}
	if err := prepare(dir); err != nil {
		return nil, fmt.Errorf("can't record in %s: %w", redact.Path(dir), err)
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Recorder{dir: dir, logger: logger}, nil
}

func prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		return ErrNotEmpty
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return err
	}
	return tryWrite(dir)
}

// tryWrite writes a file to a folder and removes it again.
func tryWrite(dir string) error {
	file, err := os.CreateTemp(dir, ".*")
	if err != nil {
		return err
	}
	_, err = file.WriteString("\n")
	return errors.Join(err, file.Close(), os.Remove(file.Name()))
}

// Write writes an exchange to the file SEQ-OPERATION.json. After the first failure, and after maxFiles exchanges, it
// writes no more: a recording with gaps could be taken for a complete one.
func (r *Recorder) Write(x *Exchange) {
	if r.stopped.Load() {
		return
	}
	if r.begun.Add(1) > maxFiles {
		r.fail(errFull)
		return
	}
	data, err := x.encode()
	if err == nil {
		err = create(filepath.Join(r.dir, x.name()), data)
	}
	if err != nil {
		r.fail(err)
	}
}

// fail stops the recording. The first call logs the reason.
func (r *Recorder) fail(err error) {
	r.stopped.Store(true)
	r.stop.Do(func() { r.logger.Error("recording stopped", slog.String("reason", reasonOf(err))) })
}

// create writes a new file, and removes it if the write fails. It overwrites no file.
func create(name string, data []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, os.Remove(name))
	}
	return nil
}

// reasonOf returns the cause of an error of the file system, without the path.
func reasonOf(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}
