// Package planfile writes and reads the plans of atlasint diff --out, which atlasint apply applies as reviewed. A
// [File] has the steps of a plan, and digests of the integrations and payloads that they were computed from.
//
// A plan has no secret. Its digests are keyed (HMAC-SHA-256): a plain or salted digest of a payload would allow to
// guess a short secret in it. The key is derived from the secret of the credentials, or from ATLASINT_PLAN_KEY, and
// never written. A signature with the same key covers the whole plan.
package planfile

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/apply"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/report"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// formatName and formatVersion identify the files that this package reads.
const (
	formatName    = "atlasint-plan"
	formatVersion = 1
)

// maxFile and headSize are sizes in bytes: of the largest plan, and of the part that has the name of the format.
const (
	maxFile  = 16 << 20
	headSize = 64
)

// File is a plan. Its JSON form is described in docs/plans.md.
type File struct {
	Header
	BaseURL   string         `json:"baseUrl"` // for [File.Encode] the whole one; in the file as [atlas.ShownURL] shows it
	Server    string         `json:"server"`  // digest of the whole base URL
	Paths     []string       `json:"paths"`   // of the payloads, relative to the working directory
	Flags     []Flag         `json:"flags"`   // of the command that wrote it
	Plan      apply.Document `json:"plan"`
	Digests   []Digests      `json:"digests"` // of the steps, in their order
	Salt      string         `json:"salt"`
	KeyID     string         `json:"keyId"`
	Signature string         `json:"signature"`

	path string
}

// Header identifies a plan.
type Header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
}

// Flag is a flag with its values.
type Flag struct {
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// Digests are the digests of one step.
type Digests struct {
	APIVersion  string `json:"apiVersion"`
	Integration string `json:"integration"` // as Atlas returned it
	Payload     string `json:"payload"`     // with the values of references
}

// KeyFunc returns the key of the plans with a salt.
type KeyFunc func(salt string) ([]byte, error)

// Encode completes a plan with its steps, its digests and its signature, and returns it as JSON.
func (f File) Encode(plan *apply.Plan, keyOf KeyFunc) ([]byte, error) {
	f.Header = Header{formatName, formatVersion}
	f.Salt = rand.Text()
	key, err := keyOf(f.Salt)
	if err != nil {
		return nil, err
	}
	f.Plan = document(plan)
	f.Digests = digests(plan, key)
	f.Server, f.BaseURL = digest(key, "server", []byte(f.BaseURL)), atlas.ShownURL(f.BaseURL)
	f.KeyID = keyID(key)
	f.Signature = f.sign(key)
	data, err := json.MarshalIndent(f, "", "  ")
	return append(data, '\n'), err
}

// document returns the plan as a document. It has no findings, which are not applied, and not the base URL, which the
// file has.
func document(plan *apply.Plan) apply.Document {
	d := plan.Document()
	d.Findings, d.BaseURL = d.Findings[:0], ""
	return d
}

func digests(plan *apply.Plan, key []byte) []Digests {
	list := []Digests{}
	for _, s := range plan.Steps {
		list = append(list, Digests{s.APIVersion, digest(key, "integration", s.State()), digest(key, "payload", s.Body())})
	}
	return list
}

func digest(key []byte, label string, data []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(label + "\x00"))
	mac.Write(data)
	return hex.EncodeToString(mac.Sum(nil))
}

// keyID identifies a key without revealing it.
func keyID(key []byte) string { return digest(key, "key", nil)[:16] }

func (f File) sign(key []byte) string {
	f.Signature = ""
	data, _ := json.Marshal(f) // it has only texts and numbers, and JSON that was read
	return digest(key, "plan", data)
}

// isPlan reports whether the beginning of a file is that of a plan, of any version.
func isPlan(head []byte) bool { return bytes.Contains(head, []byte(`"`+formatName+`"`)) }

// CheckOutput returns an error if a file with contents exists that is not a plan, so that a plan never replaces another
// file. It accepts pipes and devices.
func CheckOutput(file string) error {
	info, err := os.Stat(file)
	if savefile.NamesFolder(file) || err == nil && info.IsDir() {
		return problem.Inputf("%s is a folder; name a file in it", redact.Path(file))
	}
	if _, folderErr := os.Stat(filepath.Dir(file)); folderErr != nil {
		return problem.Failuref("can't write %s: its folder: %w", redact.Path(file), problem.Cause(folderErr))
	}
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return nil //nolint:nilerr // writing the plan reports the error
	}
	if head, err := readfile.Head(file, headSize); err == nil && isPlan(head) {
		return nil
	}
	return problem.Inputf("can't replace %s: it is not a plan; name another file, or delete it", redact.Path(file))
}

// readFile reads a plan. It returns nil if the path is not that of a plan, such as a payload or a folder.
func readFile(path string) (*File, error) {
	if path == readfile.Stdin { // it has no plan
		return nil, nil
	}
	head, err := readfile.Head(path, headSize)
	if err != nil || !isPlan(head) {
		return nil, nil //nolint:nilerr // reading it as a payload reports the error
	}
	data, err := readfile.Regular(path, maxFile)
	if err != nil {
		return nil, problem.Failuref("can't read the plan %s: %w", redact.Path(path), problem.Cause(err))
	}
	var header Header
	if json.Unmarshal(data, &header) == nil && header.Version != formatVersion {
		return nil, problem.Inputf(
			"can't read the plan %s: its format version is %d, and this atlasint reads version %d; write a new plan with atlasint diff --out",
			redact.Path(path), header.Version, formatVersion)
	}
	f := &File{path: path}
	if json.Unmarshal(data, f) != nil || !f.isWhole(data) || f.Format != formatName || len(f.Digests) != len(f.Plan.Steps) {
		return nil, f.damaged()
	}
	return f, nil
}

// isWhole reports whether data is only the plan, in any indentation. A member that occurs twice, or in another
// case, could show a reviewer other changes than those that are signed.
func (f *File) isWhole(data []byte) bool {
	var text bytes.Buffer
	plan, err := json.Marshal(f)
	return err == nil && json.Compact(&text, data) == nil && bytes.Equal(text.Bytes(), plan)
}

func (f *File) damaged() error {
	return problem.Inputf("the plan %s is incomplete or was changed after it was written; write a new plan with atlasint diff --out",
		redact.Path(f.path))
}

// project returns the project of the plan for a message. The text is not verified yet.
func (f *File) project() string {
	if atlas.IsID(f.Plan.Project) {
		return "the project " + f.Plan.Project
	}
	return "another project"
}

// CheckPaths returns an error if a file or a folder that the plan names does not exist. The paths are relative to the
// working directory of the command that wrote the plan.
func (f *File) CheckPaths() error {
	names := slices.Clone(f.Paths)
	for _, flag := range f.Flags {
		if flag.Name == "config" || flag.Name == "schema" {
			names = append(names, flag.Values...)
		}
	}
	for _, name := range names {
		if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "*?[{") {
			missing := problem.Worded("it does not exist", err)
			return problem.Failuref("can't read %s: %w; the plan %s names it: run apply in the working directory of atlasint diff",
				redact.Path(name), missing, redact.Path(f.path))
		}
	}
	return nil
}

// Check returns an error unless the plan was written with this key, for this project and server, and is unchanged.
func (f *File) Check(project, baseURL string, keyOf KeyFunc) error {
	key, err := keyOf(f.Salt)
	name := redact.Path(f.path)
	switch {
	case err != nil:
		return err
	case f.Plan.Project != project:
		return problem.Inputf("the plan %s is for %s, not for the project %s; select the project of the plan, or write a new plan",
			name, f.project(), project)
	case f.BaseURL != atlas.ShownURL(baseURL):
		return problem.Inputf("the plan %s is for the base URL %s, not for %s; select the server of the plan, or write a new plan",
			name, atlas.ShownURL(f.BaseURL), atlas.ShownURL(baseURL))
	case f.KeyID != keyID(key):
		return problem.Inputf(
			"the plan %s was written with other credentials; use the same ones, or set ATLASINT_PLAN_KEY to the same key for both commands", name)
	case f.Server != digest(key, "server", []byte(baseURL)):
		return problem.Inputf("the plan %s is for another path of the base URL %s; select the server of the plan, or write a new plan",
			name, atlas.ShownURL(baseURL))
	case !hmac.Equal([]byte(f.Signature), []byte(f.sign(key))):
		return f.damaged()
	}
	return nil
}

// Compare returns an error unless a plan is the reviewed one, from the same integrations and payloads. Check the file
// first.
func (f *File) Compare(plan *apply.Plan, keyOf KeyFunc) error {
	key, err := keyOf(f.Salt)
	if err != nil {
		return err
	}
	now, current := document(plan), digests(plan, key)
	if err := f.compareTypes(now); err != nil {
		return err
	}
	if err := f.compareBlocked(now, plan.Findings); err != nil {
		return err
	}
	for i, d := range f.Digests {
		was, is := f.Plan.Steps[i], now.Steps[i]
		switch {
		case was.Type != is.Type:
			return f.outdated("the changes to make")
		case d.APIVersion != current[i].APIVersion:
			return f.outdated(was.Type + ": the API version")
		case d.Integration != current[i].Integration:
			return f.outdatedIntegration(was, is)
		case d.Payload != current[i].Payload:
			return f.outdated(was.Type + ": the payload, or the value of a reference in it,")
		}
	}
	before, _ := json.Marshal(f.Plan) // as in sign
	after, _ := json.Marshal(now)
	if !bytes.Equal(before, after) {
		return f.outdated("the files of the payloads, or the integrations in Atlas,")
	}
	return nil
}

// compareTypes returns an error that names the types that only one of the plans has. A run in another working directory
// is a likely cause, because the paths of payloads are relative to it.
func (f *File) compareTypes(now apply.Document) error {
	was, is := typesOf(f.Plan), typesOf(now)
	var differences []string
	for _, t := range is {
		if !slices.Contains(was, t) {
			differences = append(differences, t+" is new")
		}
	}
	allDeleted := len(differences) == 0
	for i, t := range was {
		if !slices.Contains(is, t) {
			differences = append(differences, t+" is missing")
			allDeleted = allDeleted && f.Plan.Steps[i].Action == apply.Delete
		}
	}
	switch {
	case len(differences) == 0:
		return nil
	case allDeleted:
		return problem.Findingf("the plan %s is out of date: %s; nothing was sent; perhaps the plan was applied already",
			redact.Path(f.path), strings.Join(differences, ", "))
	}
	return problem.Findingf(
		"the plan %s is out of date: %s; nothing was sent; run both commands in the same working directory, or write and review a new plan",
		redact.Path(f.path), strings.Join(differences, ", "))
}

func typesOf(d apply.Document) (types []string) {
	for _, s := range d.Steps {
		types = append(types, s.Type)
	}
	return types
}

// compareBlocked returns an error that names a reference without a value if the payload had one in the plan.
func (f *File) compareBlocked(now apply.Document, findings []report.Finding) error {
	for _, s := range now.Steps {
		was := func(w apply.DocumentStep) bool { return w.Type == s.Type && w.Action == apply.Blocked }
		if s.Action != apply.Blocked || slices.ContainsFunc(f.Plan.Steps, was) {
			continue
		}
		for _, finding := range findings {
			if finding.Type == s.Type && finding.Rule == validation.UnresolvedRule {
				return problem.Findingf("the plan %s can't be applied: %s; nothing was sent; %s", redact.Path(f.path), finding.Message, finding.Hint)
			}
		}
	}
	return nil
}

// outdatedIntegration returns the error for an integration that changed. If nothing is left to change, the plan itself
// is a likely cause.
func (f *File) outdatedIntegration(was, is apply.DocumentStep) error {
	if was.Action.Changes() && !is.Action.Changes() {
		return problem.Findingf(
			"the plan %s is out of date: %s: the integration in Atlas changed after it was written and now matches; nothing was sent; perhaps the plan was applied already",
			redact.Path(f.path), was.Type)
	}
	return f.outdated(was.Type + ": the integration in Atlas")
}

func (f *File) outdated(what string) error {
	return problem.Findingf("the plan %s is out of date: %s changed after it was written; nothing was sent; write and review a new plan",
		redact.Path(f.path), what)
}
