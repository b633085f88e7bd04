// Package expand replaces references in payload strings, ${env:NAME} and ${file:PATH}, by their
// values, so that committed payloads need no secrets.
//
// No error contains the value of a reference, or a name or path that may be a secret.
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

// maxFile is how many bytes a referenced file may have. Atlas accepts no longer value.
const maxFile = 64 << 10

const opening = `\$\{(env|file):`

// Pattern is a regular expression for texts that contain a reference with a name. It means the same in Go, ECMAScript
// and Java.
const Pattern = opening + `[^{}]+\}`

// reference is compiled when it is first needed: most payloads have none.
var reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(opening + `([^{}]*)\}`) })

// HasReference reports whether s contains a reference.
func HasReference(s string) bool {
	return (strings.Contains(s, "${env:") || strings.Contains(s, "${file:")) && reference().MatchString(s)
}

// Place is the place of a reference in a text, as byte offsets. The name begins at NameStart and ends before the brace
// at the end.
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

// Around returns a text without its references, and reports whether they refer to variables and to files.
func Around(text []byte) (rest string, variables, files bool) {
	from := 0
	for _, at := range Locate(text) {
		isFile := string(text[at.Start:at.NameStart]) == "${file:"
		variables, files = variables || !isFile, files || isFile
		rest += string(text[from:at.Start])
		from = at.End
	}
	return rest + string(text[from:]), variables, files
}

// Error is why a reference has no value. No text of it contains a value.
type Error struct {
	Reason string
	Hint   string // what to try next; may be empty
}

// Error returns the reason and the hint on one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Reason
	}
	return e.Reason + "; " + e.Hint
}

// Lookup returns the value of a reference. The kind is env or file. The error is nil if there is a value.
type Lookup func(kind, name string) (string, *Error)

// maxText is the limit in bytes for the values of all references in one text: a text can name a large file many times.
const maxText = 1 << 20

// Text replaces all references in s once: references in their values stay. The error is that of the first reference
// that has no value, and explains how to fix it. Text looks up no reference after the first that failed.
func Text(s string, lookup Lookup) (string, *Error) {
	var failed *Error
	added := 0
	text := reference().ReplaceAllStringFunc(s, func(ref string) string {
		if failed != nil {
			return ""
		}
		parts := reference().FindStringSubmatch(ref)
		value, err := lookup(parts[1], parts[2])
		if err == nil && !utf8.ValidString(value) { // JSON would change it
			err = &Error{"the value of ${" + parts[1] + ":…} is not UTF-8 text", "encode it, or correct the reference"}
		}
		if added += len(value); err == nil && added > maxText {
			err = &Error{fmt.Sprintf("its references expand to more than %d bytes", maxText), "use fewer references"}
		}
		failed = err
		return value
	})
	if failed != nil {
		return "", failed
	}
	return text, nil
}

// Check returns an error for the first reference without a name.
func Check(s string) *Error {
	_, err := Text(s, func(kind, name string) (string, *Error) { return "", checkName(kind, name) })
	return err
}

func checkName(kind, name string) *Error {
	if name == "" {
		return &Error{"${" + kind + ":} has no name", "write ${env:NAME} or ${file:PATH}"}
	}
	return nil
}

// Empty returns the error for a text whose references all have empty values. It names the first one.
func Empty(s string) *Error {
	parts := reference().FindStringSubmatch(s)
	switch {
	case parts == nil:
		return &Error{Reason: "it is empty"}
	case parts[1] == "env":
		return &Error{"the environment variable " + variableName(parts[2]) + " is empty", "set it"}
	}
	return &Error{"the referenced file " + redact.PayloadPath(parts[2]) + " is empty", "write the value into it"}
}

// Process returns a [Lookup] in the environment of the process and in files. A relative path starts
// at dir. One line end at the end of a file is removed, since editors add it.
func Process(dir string) Lookup {
	return func(kind, name string) (string, *Error) {
		if err := checkName(kind, name); err != nil {
			return "", err
		}
		if kind == "env" {
			return variable(name)
		}
		return file(dir, name)
	}
}

func variable(name string) (string, *Error) {
	if value, ok := os.LookupEnv(name); ok {
		return value, nil
	}
	if fault := nameFault(name); fault != nil && fault != noShell {
		return "", fault
	}
	return "", &Error{"the environment variable " + variableName(name) + " is not set", "set it, or correct the name"}
}

func file(dir, name string) (string, *Error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	data, err := read(path)
	if err == missingFile {
		err = missing(name)
	}
	if err == nil && strings.HasPrefix(data, "\ufeff") {
		err = &Error{"it starts with a byte order mark (BOM), which would become part of the value", "save it as UTF-8 without BOM"}
	}
	if err != nil {
		return "", &Error{"can't read the referenced file " + redact.PayloadPath(name) + ": " + err.Reason, err.Hint}
	}
	return strings.TrimSuffix(strings.TrimSuffix(data, "\n"), "\r"), nil
}

var missingFile = &Error{"it does not exist", "write its path relative to the folder of the payload"}

// missing returns the error for the name of a file that does not exist: a shell would expand some names.
func missing(name string) *Error {
	const hint = "write its absolute path, or the path relative to the folder of the payload"
	switch {
	case strings.HasPrefix(name, "~"):
		return &Error{"it does not exist, and ~ is not expanded", hint}
	case shellVariable().MatchString(name):
		return &Error{"it does not exist, and variables in a path are not expanded", hint}
	}
	return missingFile
}

// shellVariable matches a variable of a shell or of Windows in a path.
var shellVariable = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\$[A-Za-z_]|%[A-Za-z_][A-Za-z0-9_]*%`)
})

func read(path string) (string, *Error) {
	data, err := readfile.Regular(path, maxFile)
	var tooLarge *readfile.LimitError
	switch {
	case err == nil:
		return string(data), nil
	case readfile.IsBrokenLink(err):
		return "", &Error{"it is a link to a missing file", "correct the link"}
	case errors.Is(err, fs.ErrNotExist):
		return "", missingFile
	case errors.Is(err, fs.ErrPermission):
		return "", &Error{"it can't be opened", "check its permissions"}
	case errors.Is(err, readfile.ErrNotRegular), errors.Is(err, syscall.EISDIR):
		return "", &Error{Reason: readfile.ErrNotRegular.Error()}
	case errors.As(err, &tooLarge):
		return "", &Error{Reason: tooLarge.Error()}
	}
	return "", &Error{Reason: "reading it failed"}
}
