// Package filestore stores the state of a fake Atlas in a file, a bbolt database. Acknowledged writes survive the end
// of the process, including a crash. They survive a failure of the machine if the disk has written the data that it has
// confirmed. One process at a time can open the file.
//
// The file contains masks in place of secrets, see [store.Store], and hashes of access tokens. Each record has a
// checksum, and reading a damaged record is an error. Writes fail after the file was deleted or replaced.
package filestore

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/fakeatlas/store/internal/record"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/syserr"
)

// lockTimeout is how long Open waits for another process to close the file.
const lockTimeout = time.Second

// The buckets of a file: about itself; integrations by project, a zero byte and type; alert configurations by project;
// records of projects by ID; IDs by name, a zero byte and organization; deleted projects by ID, and their IDs by
// number; texts by kind, a zero byte and name.
var (
	aboutBucket        = []byte("atlasint")
	integrationsBucket = []byte("integrations")
	alertsBucket       = []byte("alerts")
	projectsBucket     = []byte("projects")
	namesBucket        = []byte("names")
	deletedBucket      = []byte("deleted")
	deletionsBucket    = []byte("deletions")
	textsBucket        = []byte("notes")

	formatKey = []byte("format")
	checkKey  = []byte("checked")
)

// stateBuckets are the buckets that [Store.Restore] replaces.
var stateBuckets = [][]byte{integrationsBucket, alertsBucket, projectsBucket, namesBucket, deletedBucket, deletionsBucket}

// Store is a file with the state of a fake Atlas. It is safe for concurrent use. Create it with [Open].
type Store struct {
	path string
	db   *bbolt.DB
	file *os.File // the open file
	now  func() time.Time

	commits sync.Mutex // locked during a commit
	last    int        // the transaction of the last commit, 0 if that is not known
	queued  sync.Mutex
	queue   []*write
	size    atomic.Int64 // a lower bound of the size of the file; it never shrinks
	damaged atomic.Bool  // the file was found to be no sound database
	closed  atomic.Bool  // Windows has no error of its own for a closed file
}

var (
	_ store.Store     = (*Store)(nil)
	_ store.TextStore = (*Store)(nil)
)

// Open opens a file, or creates it, readable for its owner alone. It returns a [*store.Failure] within two seconds if
// another process has opened the file, or if the file is not one of this package. It does not change such a file. The
// caller closes the store.
func Open(path string) (*Store, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return nil, &store.Failure{Text: redact.Path(path) + " is not a regular file; name a regular or a new file"}
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, openFailure(path, err)
	}
	if err == nil && info.Size() > 0 {
		if err := checkFile(path); err != nil {
			return nil, openFailure(path, err)
		}
	}
	s := &Store{path: path, now: time.Now}
	if err := catchDamage(s.open); err != nil {
		return nil, openFailure(path, err)
	}
	return s, nil
}

// checkFile returns an error unless a file is one of this package and undamaged, before anything writes to it. bbolt
// reads only the meta pages before the structure is checked.
func checkFile(path string) error {
	return openDatabase(path, bbolt.Options{ReadOnly: true}, func(db *bbolt.DB, file *os.File) error {
		info, err := file.Stat()
		if err == nil {
			err = checkStructure(file, info.Size(), int64(db.Info().PageSize))
		}
		if err == nil {
			err = db.View(isOurs)
		}
		return errors.Join(err, db.Close())
	})
}

func (s *Store) open() error {
	options := bbolt.Options{FreelistType: bbolt.FreelistMapType, NoStatistics: true}
	err := openDatabase(s.path, options, func(db *bbolt.DB, file *os.File) error {
		s.db, s.file = db, file
		if err := db.Update(func(tx *bbolt.Tx) error { s.last = tx.ID(); return createBuckets(tx) }); err != nil {
			return errors.Join(err, db.Close())
		}
		return nil
	})
	if err == nil {
		syncFolder(filepath.Dir(s.path))
	}
	return err
}

// openDatabase opens a database and passes it to use. If bbolt panics on a damaged file, it may never release its
// locks. Closing the database could then block, so openDatabase releases the file instead.
func openDatabase(path string, opts bbolt.Options, use func(*bbolt.DB, *os.File) error) error {
	var file *os.File
	opts.Timeout = lockTimeout
	opts.OpenFile = func(name string, flag int, mode os.FileMode) (_ *os.File, err error) {
		file, err = os.OpenFile(name, flag, mode)
		return file, err
	}
	err := catchDamage(func() error {
		db, err := bbolt.Open(path, 0o600, &opts)
		if err != nil {
			return err
		}
		return use(db, file)
	})
	if errors.Is(err, errDamaged) {
		release(file)
	}
	return err
}

// syncFolder writes the name of a new file to the disk, if the file system can.
func syncFolder(path string) {
	if dir, err := os.Open(path); err == nil {
		_ = dir.Sync()
		_ = dir.Close()
	}
}

// The errors for a file that bbolt can read.
var (
	errForeign  = errors.New("foreign")
	errDamaged  = errors.New("damaged")
	errDeleted  = errors.New("deleted")
	errReplaced = errors.New("replaced")
)

// formatError is the error for a file of another format, which is its value.
type formatError string

func (e formatError) Error() string { return record.Mismatch(string(e)) }

// isOurs returns an error unless the file is one of this package or an empty database.
func isOurs(tx *bbolt.Tx) error {
	about := tx.Bucket(aboutBucket)
	first, _ := tx.Cursor().First()
	switch {
	case about == nil && first != nil:
		return errForeign
	case about == nil:
		return nil
	case string(about.Get(formatKey)) != record.Format:
		return formatError(about.Get(formatKey))
	case tx.Bucket(integrationsBucket) == nil || tx.Bucket(textsBucket) == nil:
		return errDamaged // createBuckets creates all buckets at once
	}
	return nil
}

// createBuckets creates the missing buckets and values of an empty database.
func createBuckets(tx *bbolt.Tx) error {
	for _, name := range slices.Concat([][]byte{aboutBucket, textsBucket}, stateBuckets) {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return tx.Bucket(aboutBucket).Put(formatKey, []byte(record.Format))
}

// catchDamage turns the effects of an unsound database on bbolt, a panic or a fault of its memory map, into an error.
func catchDamage(work func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() != nil {
			err = errDamaged
		}
	}()
	return work()
}

func openFailure(path string, err error) error {
	shown := redact.Path(path)
	text := "can't open " + shown + ": " + reason(err)
	var other formatError
	switch {
	case errors.As(err, &other):
		text = shown + " " + other.Error() + "; use the version that wrote it, or name another file"
	case errors.Is(err, berrors.ErrTimeout):
		text = shown + " is in use by another process; stop the process, or name another file"
	case errors.Is(err, errForeign), errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrVersionMismatch),
		strings.Contains(err.Error(), "file size too small"): // bbolt has no value for it
		text = shown + " is not a store of atlasint; name another file"
	case errors.Is(err, errDamaged), errors.Is(err, berrors.ErrChecksum):
		text = shown + " is damaged; restore a copy, or name another file"
	case errors.Is(err, fs.ErrNotExist):
		text += "; create its folder, or name another file"
	case errors.Is(err, fs.ErrPermission):
		text += "; check its permissions, or name another file"
	}
	return &store.Failure{Text: text, Cause: err}
}

// failure returns the error for a failure of the file while it is in use.
func (s *Store) failure(doing string, err error) error {
	text := "can't " + doing + " " + redact.Path(s.path) + ": " + reason(err)
	switch {
	case errors.Is(err, errDamaged):
		s.damaged.Store(true)
		text = redact.Path(s.path) + " is damaged; restore a copy"
	case errors.Is(err, errDeleted):
		text = redact.Path(s.path) + " was deleted while the server was running; restart the server, or writes are lost"
	case errors.Is(err, errReplaced):
		text = redact.Path(s.path) + " was replaced while the server was running; restart the server, or writes are lost"
	case errors.Is(err, berrors.ErrDatabaseNotOpen):
		text = redact.Path(s.path) + " is closed"
	}
	return &store.Failure{Text: text, Cause: err}
}

// reason returns the text of an error without the names of calls and files, which some texts of bbolt contain.
func reason(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return syserr.Text(number)
	}
	parts := strings.Split(err.Error(), ": ")
	return parts[len(parts)-1]
}

// Kind returns "file".
func (s *Store) Kind() string { return "file" }

// KeepsSecrets returns false: the file contains masks.
func (s *Store) KeepsSecrets() bool { return false }

// Close waits for writes that have begun, and releases the file.
func (s *Store) Close() error {
	defer s.closed.Store(true)
	if s.damaged.Load() { // after a panic, bbolt may never release its locks
		release(s.file)
		return nil
	}
	if err := s.db.Close(); err != nil {
		return s.failure("close", err)
	}
	return nil
}
