package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
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
}

// Error returns the reason and the hint on one line.
func (e *SnapshotError) Error() string { return e.Reason + "; " + e.Hint }

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

// UnmarshalJSON reads a snapshot. It returns a [*SnapshotError] for another format, or without projects.
func (s *State) UnmarshalJSON(data []byte) error {
	var about struct {
		Format json.RawMessage `json:"format"`
	}
	if err := json.Unmarshal(data, &about); err != nil {
		return err
	}
	if err := checkFormat(about.Format); err != nil {
		return err
	}
	var read snapshot
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return err
	}
	if read.Projects == nil {
		return &SnapshotError{"", "the snapshot has no member projects",
			fmt.Sprintf(`send {"format": %d, "projects": {}} to remove everything`, snapshotFormat)}
	}
	*s = read.Projects
	return nil
}

func checkFormat(format json.RawMessage) error {
	const again = "take the snapshot again with this version of atlasint"
	n, err := strconv.ParseUint(string(format), 10, 16)
	switch {
	case err == nil && n == snapshotFormat:
		return nil
	case err == nil:
		return &SnapshotError{"", fmt.Sprintf("the snapshot has format %d, and this version reads format %d", n, snapshotFormat), again}
	case format == nil:
		return &SnapshotError{"", fmt.Sprintf("the snapshot has no member format, and this version reads format %d", snapshotFormat),
			again + fmt.Sprintf(`, or add "format": %d to one that you wrote yourself`, snapshotFormat)}
	default:
		return &SnapshotError{"", fmt.Sprintf("the snapshot has an unknown format, and this version reads format %d", snapshotFormat), again}
	}
}
