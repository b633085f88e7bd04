// Package expand replaces references in payload strings, ${env:NAME} and ${file:PATH}, by what they
// refer to, so that committed payloads need hold no secrets.
//
// No error holds a value that a reference stands for.
package expand

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"unicode/utf8"

	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// maxFile is how many bytes a referenced file may have. Atlas takes no longer value.
const maxFile = 64 << 10

const opening = `\$\{(env|file):`

// Pattern is a regular expression for texts that hold a reference which names something. Go, ECMAScript
// and Java read it alike.
const Pattern = opening + `[^{}]+\}`

// reference is compiled when it is first needed: most payloads hold none.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(opening + `([^{}]*)\}`) })

// Has tells whether s holds a reference().
func Has(s string) bool {
	return (strings.Contains(s, "${env:") || strings.Contains(s, "${file:")) && reference().MatchString(s)
}

// Place is where a text has a reference, in bytes. Its name begins at NameStart and ends before the brace at the
// end.
type Place struct{ Start, NameStart, End int }

// Locate returns the places of the references in a text, in order.
func Locate(text []byte) []Place {
	if !bytes.Contains(text, []byte("${")) {
		return nil
	}
	var places []Place
	for _, at := range reference().FindAllSubmatchIndex(text, -1) {
		places = append(places, Place{Start: at[0], NameStart: at[4], End: at[1]})
	}
	return places
}

// Lookup returns what a reference stands for. The kind is env or file.
type Lookup func(kind, name string) (string, error)

// maxText is how many bytes the references of one text may add to it: a text can name a large file many times.
const maxText = 1 << 20

// Text replaces all references in s. What a reference stands for is not searched for further ones. Its
// error names the first reference that leads nowhere, and what to do about it. No reference is looked up
// after the first that failed.
func Text(s string, lookup Lookup) (string, error) {
	var failed error
	added := 0
	text := reference().ReplaceAllStringFunc(s, func(ref string) string {
		if failed != nil {
			return ""
		}
		parts := reference().FindStringSubmatch(ref)
		value, err := lookup(parts[1], parts[2])
		if err == nil && !utf8.ValidString(value) { // JSON would change it
			err = fmt.Errorf("what ${%s:…} stands for is not UTF-8 text; encode it, or correct the reference", parts[1])
		}
		if added += len(value); err == nil && added > maxText {
			err = fmt.Errorf("its references expand to more than %d bytes; use fewer of them", maxText)
		}
		failed = err
		return value
	})
	if failed != nil {
		return "", failed
	}
	return text, nil
}

// Check refuses references that name nothing.
func Check(s string) error {
	_, err := Text(s, func(kind, name string) (string, error) { return "", named(kind, name) })
	return err
}

func named(kind, name string) error {
	if name == "" {
		return fmt.Errorf("${%s:} names nothing; write ${env:NAME} or ${file:PATH}", kind)
	}
	return nil
}

// Process looks references up in the environment of the process, and in files. A relative path starts
// at dir. One line end at the end of a file does not count, since editors put it there.
func Process(dir string) Lookup {
	return func(kind, name string) (string, error) {
		if err := named(kind, name); err != nil {
			return "", err
		}
		if kind == "env" {
			return variable(name)
		}
		return file(dir, name)
	}
}

func variable(name string) (string, error) {
	if value, ok := os.LookupEnv(name); ok {
		return value, nil
	}
	return "", fmt.Errorf("the environment variable %s is not set; set it, or correct the name", redact.Name(name))
}

func file(dir, name string) (string, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	data, err := read(path)
	if err == nil && strings.HasPrefix(data, "\ufeff") {
		err = errors.New("it starts with a byte order mark (BOM), which would become part of the value; save it as UTF-8 without BOM")
	}
	if err != nil {
		return "", fmt.Errorf("can't read the referenced file %s: %w", redact.Path(name), err)
	}
	return strings.TrimSuffix(strings.TrimSuffix(data, "\n"), "\r"), nil
}

func read(path string) (string, error) {
	data, err := readfile.Regular(path, maxFile)
	var tooLarge *readfile.LimitError
	switch {
	case err == nil:
		return string(data), nil
	case errors.Is(err, fs.ErrNotExist):
		return "", errors.New("it does not exist; its path starts at the folder of the payload")
	case errors.Is(err, fs.ErrPermission):
		return "", errors.New("it can't be opened; check its permissions")
	case errors.Is(err, readfile.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return "", readfile.ErrNotRegular
	case errors.As(err, &tooLarge):
		return "", tooLarge
	}
	return "", errors.New("reading it failed")
}
