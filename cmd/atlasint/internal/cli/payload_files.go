package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/editor"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/redact"
)

// payloadFiles are payloads for standard output, one file or a folder.
type payloadFiles struct {
	output     string // "" for standard output
	one, force bool   // output is a file and not a folder; overwrite files
	files      []string
	payloads   [][]byte
}

func (p *payloadFiles) add(t *schemas.Type, payload []byte) {
	file := p.output
	if !p.one {
		file = filepath.Join(p.output, editor.FileName(t))
	}
	p.files, p.payloads = append(p.files, file), append(p.payloads, payload)
}

func (p *payloadFiles) write(cmd *cobra.Command) error {
	if p.output == "" {
		return p.print(cmd)
	}
	return p.save()
}

// print prints several payloads on one line each.
func (p *payloadFiles) print(cmd *cobra.Command) error {
	var out bytes.Buffer
	for _, payload := range p.payloads {
		if p.one {
			out.Write(payload)
		} else if err := json.Compact(&out, payload); err == nil {
			out.WriteByte('\n')
		}
	}
	return write(cmd, "", out.Bytes())
}

// save writes all files, or none if one of them exists.
func (p *payloadFiles) save() error {
	for _, file := range p.files {
		if _, err := os.Lstat(file); err == nil && !p.force {
			return exit.Usagef("%s exists; --force overwrites it", redact.Path(file))
		}
	}
	if p.one {
		if err := os.MkdirAll(filepath.Dir(p.output), 0o755); err != nil {
			return exit.Failuref("can't create the folder of %s: %v", redact.Path(p.output), exit.Cause(err))
		}
		return workspace.SaveFile(p.output, p.payloads[0], p.force)
	}
	folder, err := workspace.OpenFolder(p.output)
	if err != nil {
		return err
	}
	defer folder.Close()
	for i, file := range p.files {
		if err := workspace.SaveIn(folder, filepath.Base(file), p.payloads[i], p.force); err != nil {
			return workspace.SaveError(file, err)
		}
	}
	return nil
}
