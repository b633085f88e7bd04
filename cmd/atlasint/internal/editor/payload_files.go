package editor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/atlasint/atlasint/client"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/expand"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/words"
)

// PayloadFiles are payloads for standard output, one file or a folder.
type PayloadFiles struct {
	Output string // the path of the file or the folder
	One    bool   // Output is a file, for one payload
	Force  bool   // overwrite files

	files    []string
	payloads [][]byte
}

// AddStarters adds a payload to start from for each type.
func (p *PayloadFiles) AddStarters(types []*schemas.Type) error {
	for _, t := range types {
		payload, err := Starter(t)
		if err != nil {
			return problem.Of(problem.Failure, err)
		}
		p.add(t, payload)
	}
	return nil
}

// AddIntegrations adds a payload for the first integration of each type, as an API version returns it. It passes each
// text about what is left out to warn, once.
func (p *PayloadFiles) AddIntegrations(api string, list []client.Integration, warn func(text string)) {
	passed := map[string]bool{}
	once := func(text string) {
		if !passed[text] {
			passed[text] = true
			warn(text)
		}
	}
	added := map[*schemas.Type]bool{}
	for _, in := range list {
		t := schemas.Find(api, in.Type)
		switch {
		case t == nil:
			once(redact.Line(redact.Plain(in.Type)) + " is left out: this version does not support the type")
			continue
		case added[t]: // Atlas has at most one
			once("a second integration of type " + t.Name + " is left out: is this the right server?")
			continue
		}
		added[t] = true
		payload, leftOut := payloadOf(t, in)
		for _, f := range leftOut {
			once(fmt.Sprintf("%s: the field %s is left out: %s", t.Name, redact.Name(f.name), f.reason))
		}
		p.add(t, payload)
	}
}

func (p *PayloadFiles) add(t *schemas.Type, payload []byte) {
	file := p.Output
	if !p.One {
		file = filepath.Join(p.Output, FileName(t))
	}
	p.files, p.payloads = append(p.files, file), append(p.payloads, payload)
}

// Bytes returns the payload of One, or several payloads on one line each.
func (p *PayloadFiles) Bytes() []byte {
	var out bytes.Buffer
	for _, payload := range p.payloads {
		if p.One {
			out.Write(payload)
		} else if err := json.Compact(&out, payload); err == nil {
			out.WriteByte('\n')
		}
	}
	return out.Bytes()
}

// CheckOutput returns an error if Output has the name of a file, but the payloads need a folder.
func (p *PayloadFiles) CheckOutput() error {
	if p.One || !isFileName(p.Output) {
		return nil
	}
	if info, err := os.Stat(p.Output); err == nil && info.IsDir() {
		return nil
	}
	return problem.Inputf("%s is the name of a file, and payloads of all types need a folder; name a folder, or a TYPE", redact.Path(p.Output))
}

// Summary describes the files that [PayloadFiles.Save] wrote, and what to set before they are applied.
func (p *PayloadFiles) Summary() string {
	text := "wrote " + redact.Path(p.Output)
	if !p.One {
		text = "wrote " + words.Quantity(len(p.files), "file") + " in " + redact.Path(p.Output)
	}
	var names []string
	for _, payload := range p.payloads {
		for _, name := range Variables(payload) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		return text
	}
	return text + "; before apply, set " + strings.Join(names, ", ")
}

// Variables returns the names of the environment variables in the references of a payload that this package made.
func Variables(payload []byte) (names []string) {
	for _, at := range expand.Locate(payload) {
		names = append(names, string(payload[at.NameStart:at.End-1]))
	}
	return names
}

// Save writes all files, or none if one can't be written. Without Force, it overwrites none: the error for a file that
// exists is [savefile.ErrExists]. The file of One is in the format of its name.
func (p *PayloadFiles) Save() error {
	if err := p.checkFiles(); err != nil {
		return err
	}
	if p.One {
		if err := os.MkdirAll(filepath.Dir(p.Output), 0o755); err != nil {
			return problem.Failuref("can't create the folder of %s: %w", redact.Path(p.Output), problem.Cause(err))
		}
		data, err := InFormat(p.Output, p.payloads[0])
		if err != nil {
			return problem.Failuref("can't convert the payload for %s: %w", redact.Path(p.Output), err)
		}
		return savefile.Save(p.Output, data, p.Force)
	}
	folder, err := savefile.OpenFolder(p.Output)
	if err != nil {
		return err
	}
	defer folder.Close()
	if p.Force {
		return savefile.ReplaceAll(folder, p.newFiles())
	}
	return savefile.CreateAll(folder, p.newFiles())
}

// checkFiles returns an error if a file is a folder, or if files exist that must not be overwritten.
func (p *PayloadFiles) checkFiles() error {
	var existing []string
	for _, file := range p.files {
		info, err := os.Lstat(file)
		if savefile.NamesFolder(file) || err == nil && info.IsDir() {
			return problem.Inputf("%s is a folder; name a file in it", redact.Path(file))
		}
		if p.One && workspace.IsConfig(file) {
			return problem.Inputf("%s is a configuration; name another file", redact.Path(file))
		}
		if err == nil && !savefile.IsStream(file) {
			existing = append(existing, redact.Path(file))
		}
	}
	if len(existing) == 0 || p.Force {
		return nil
	}
	verb := "exists"
	if len(existing) > 1 {
		verb = "exist"
	}
	return problem.Inputf("%s %w", words.List(existing, "and"), problem.Worded(verb, savefile.ErrExists))
}

// newFiles returns the files to write into the folder Output.
func (p *PayloadFiles) newFiles() []savefile.NewFile {
	files := make([]savefile.NewFile, len(p.files))
	for i, file := range p.files {
		files[i] = savefile.NewFile{Path: filepath.Base(file), Data: p.payloads[i]}
	}
	return files
}
