package cli

import (
	"cmp"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/validation"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// shownConfig is what validate --print-config prints: the settings of each file.
type shownConfig struct {
	Config string                       `json:"config,omitempty"` // path of the configuration file
	Rules  map[string]validate.Severity `json:"rules,omitempty"`
	Files  []shownFile                  `json:"files"`
}

type shownFile struct {
	Path     string `json:"path"`
	Excluded bool   `json:"excluded,omitempty"`
	API      string `json:"api,omitempty"`
	// Rules are those of the configuration with those of the overrides, if an override with rules matches the file.
	Rules   map[string]validate.Severity `json:"rules,omitempty"`
	Schemas []shownSchema                `json:"schemas,omitempty"`
}

type shownSchema struct {
	File     string            `json:"file"`
	Types    []string          `json:"types"`
	Severity validate.Severity `json:"severity"` // off if the rule policy is off
}

// writeConfig prints the settings of the selected files as JSON. It also reads the schemas, so that a broken one is
// found.
func (f *validateFlags) writeConfig(cmd *cobra.Command, args []string) error {
	if err := checkAPI(f.API); err != nil {
		return err
	}
	s, err := f.selectFiles(cmd, args)
	if err != nil {
		return err
	}
	if policy := f.PolicySeverity(s.Config, workspace.Stdin); policy != "" {
		if _, err := validate.New(validate.Options{Severities: map[string]validate.Severity{"policy": policy}}); err != nil {
			return validation.OptionError(err)
		}
	}
	if _, err := f.ReadSchemas(s.Config); err != nil {
		return err
	}
	shown := shownConfig{Config: s.Config.File, Rules: s.Config.Rules, Files: []shownFile{}}
	for _, file := range s.Files {
		named := f.Named(file)
		one := shownFile{Path: named, API: f.APIVersionOf(s.Config, file)}
		if overrides := s.Config.RuleOverrides(named); len(overrides) > 0 {
			one.Rules = s.Config.RulesWith(overrides)
		}
		policy := f.PolicySeverity(s.Config, named)
		for _, e := range append(s.Config.SchemasOf(named), f.schemaEntries()...) {
			one.Schemas = append(one.Schemas, shownSchema{e.File, e.Types, cmp.Or(policy, e.Severity)})
		}
		shown.Files = append(shown.Files, one)
	}
	for _, file := range s.Excluded {
		shown.Files = append(shown.Files, shownFile{Path: f.Named(file), Excluded: true})
	}
	return printJSON(cmd, shown)
}

// schemaEntries returns the schemas of --schema as entries of a configuration.
func (f *validateFlags) schemaEntries() []workspace.SchemaEntry {
	var entries []workspace.SchemaEntry
	for _, file := range f.Schemas {
		entries = append(entries, workspace.SchemaEntry{Types: []string{"*"}, File: file, Severity: validate.Error})
	}
	return entries
}
