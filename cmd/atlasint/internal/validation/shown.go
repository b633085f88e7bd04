package validation

import (
	"cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/validate"
)

// ShownConfig is what validate --print-config prints: the settings of each file.
type ShownConfig struct {
	Config string                       `json:"config,omitempty"` // path of the configuration file
	Rules  map[string]validate.Severity `json:"rules,omitempty"`
	Files  []ShownFile                  `json:"files"`
}

// ShownFile has the settings of a file.
type ShownFile struct {
	Path     string `json:"path"`
	Excluded bool   `json:"excluded,omitempty"`
	API      string `json:"api,omitempty"`
	// Rules are those of the configuration with those of the overrides, if an override with rules matches the file.
	Rules   map[string]validate.Severity `json:"rules,omitempty"`
	Schemas []ShownSchema                `json:"schemas,omitempty"`
}

// ShownSchema is a schema that a file must meet.
type ShownSchema struct {
	File     string            `json:"file"`
	Types    []string          `json:"types"`
	Severity validate.Severity `json:"severity"` // off if the rule policy is off
}

// Shown returns the settings of the selected files. It also reads the schemas, so that a broken one is found.
func (f *Settings) Shown(s *Selection) (*ShownConfig, error) {
	if policy := f.PolicySeverity(s.Config, workspace.Stdin); policy != "" {
		if _, err := validate.New(validate.Options{Severities: map[string]validate.Severity{"policy": policy}}); err != nil {
			return nil, OptionError(err)
		}
	}
	if _, err := f.ReadSchemas(s.Config); err != nil {
		return nil, err
	}
	shown := &ShownConfig{Config: s.Config.File, Rules: s.Config.Rules, Files: []ShownFile{}}
	for _, file := range s.Files {
		named := f.Named(file)
		one := ShownFile{Path: named, API: f.APIVersionOf(s.Config, file)}
		if overrides := s.Config.RuleOverrides(named); len(overrides) > 0 {
			one.Rules = s.Config.RulesWith(overrides)
		}
		policy := f.PolicySeverity(s.Config, named)
		for _, e := range append(s.Config.SchemasOf(named), f.schemaEntries()...) {
			one.Schemas = append(one.Schemas, ShownSchema{e.File, e.Types, cmp.Or(policy, e.Severity)})
		}
		shown.Files = append(shown.Files, one)
	}
	for _, file := range s.Excluded {
		shown.Files = append(shown.Files, ShownFile{Path: f.Named(file), Excluded: true})
	}
	return shown, nil
}

// schemaEntries returns the schemas of --schema as entries of a configuration.
func (f *Settings) schemaEntries() []workspace.SchemaEntry {
	var entries []workspace.SchemaEntry
	for _, file := range f.Schemas {
		entries = append(entries, workspace.SchemaEntry{Types: []string{"*"}, File: file, Severity: validate.Error})
	}
	return entries
}
