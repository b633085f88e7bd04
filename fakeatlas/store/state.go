package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
)

// State is everything in a store, by project. As JSON it is a snapshot, which carries its format:
//
//	{"format": 3, "projects": {"PROJECT-ID": {"integrations": [INTEGRATION, ...]}}}
type State map[string]Contents

// Contents is everything that a store has of a project.
type Contents struct {
	Project      *Project      `json:"project,omitempty"` // nil: there is no record
	Integrations []Integration `json:"integrations,omitempty"`
	Alerts       []Alert       `json:"alerts,omitempty"`
	Deleted      bool          `json:"deleted,omitempty"` // the project was deleted, and has nothing else
}

// snapshotFormat is the format of a [State] as JSON that this version reads and writes. Format 1 had the integrations
// of each project alone, format 2 no alert configurations.
const snapshotFormat = 3

// SnapshotError is the error for JSON that is not a snapshot of the format that this version reads, and for a snapshot
// with a part that no request could have made: the record of a project, or its alert configurations. Of the decoded
// JSON, its texts repeat only the format number and the ID of the project.
type SnapshotError struct {
	Project string // with the wrong part; empty if the form of the snapshot is wrong
	Reason  string // begins with the project, if there is one
	Hint    string // what to try next
	cause   error  // of encoding/json; its text may repeat a value
}

// Error returns the reason and the hint on one line.
func (e *SnapshotError) Error() string { return e.Reason + "; " + e.Hint }

// Unwrap returns the error of encoding/json, nil if there is none. Its text may repeat a part of the JSON.
func (e *SnapshotError) Unwrap() error { return e.cause }

type snapshot struct {
	Format   int                 `json:"format"`
	Projects map[string]Contents `json:"projects"`
}

// MarshalJSON returns the snapshot of a state.
func (s State) MarshalJSON() ([]byte, error) {
	if s == nil {
		s = State{}
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false) // the encoder of the whole value may escape it
	err := encoder.Encode(snapshot{snapshotFormat, s})
	return out.Bytes(), err
}

// UnmarshalJSON reads a snapshot. It returns a [*SnapshotError] for anything else.
func (s *State) UnmarshalJSON(data []byte) error {
	var about struct {
		Format json.RawMessage `json:"format"`
	}
	if err := json.Unmarshal(data, &about); err != nil {
		return snapshotFault(err)
	}
	if err := checkFormat(about.Format); err != nil {
		return err
	}
	if err := checkSize(data); err != nil {
		return err
	}
	var read snapshot
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return snapshotFault(err)
	}
	if read.Projects == nil {
		return &SnapshotError{
			Reason: "the snapshot has no member projects",
			Hint:   fmt.Sprintf(`send {"format": %d, "projects": {}} to remove everything`, snapshotFormat),
		}
	}
	*s = read.Projects
	return nil
}

// again is a hint for a snapshot that can't be read.
const again = "take the snapshot again with this version of atlasint"

// snapshotFault returns the error for one of encoding/json. It names the member by the names of the format alone.
func snapshotFault(err error) *SnapshotError {
	var (
		wrong  *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	switch {
	case errors.As(err, &wrong):
		subject := "the snapshot"
		if wrong.Field != "" {
			subject = "the member " + wrong.Field + " of the snapshot"
		}
		is, _, _ := strings.Cut(wrong.Value, " ") // the kind, without the value of a number
		return &SnapshotError{
			Reason: subject + " must be " + kindText(wrong.Type) + ", not " + cmp.Or(valueTexts[is], "another value"),
			Hint:   again,
			cause:  err,
		}
	case errors.As(err, &syntax), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &SnapshotError{Reason: "the snapshot is not valid JSON", Hint: again, cause: err}
	case strings.Contains(err.Error(), "unknown field"): // encoding/json has no type for this error
		return &SnapshotError{
			Reason: "the snapshot has an unknown member",
			Hint:   "remove the member, or " + again,
			cause:  err,
		}
	}
	return &SnapshotError{Reason: "the snapshot has a value of the wrong form", Hint: again, cause: err}
}

// valueTexts are the kinds of values in errors of encoding/json.
var valueTexts = map[string]string{
	"array": "an array", "object": "an object", "string": "a string", "number": "a number", "bool": "true or false",
}

// kindText returns the JSON that a type is decoded from.
func kindText(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Slice:
		return "an array"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int64:
		return "a whole number"
	}
	return "an object"
}

func checkFormat(format json.RawMessage) error {
	n, err := strconv.ParseUint(string(format), 10, 16)
	switch {
	case err == nil && n == snapshotFormat:
		return nil
	case err == nil:
		return &SnapshotError{
			Reason: fmt.Sprintf("the snapshot has format %d, and this version reads format %d", n, snapshotFormat),
			Hint:   again,
		}
	case format == nil:
		return &SnapshotError{
			Reason: fmt.Sprintf("the snapshot has no member format, and this version reads format %d", snapshotFormat),
			Hint:   again + fmt.Sprintf(`, or add "format": %d to one that you wrote yourself`, snapshotFormat),
		}
	default:
		return &SnapshotError{
			Reason: fmt.Sprintf("the snapshot has an unknown format, and this version reads format %d", snapshotFormat),
			Hint:   again,
		}
	}
}
