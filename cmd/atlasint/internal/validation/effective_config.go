package validation

import (
	"cmp"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/workspace"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/validate"
)

// EffectiveConfig is what validate --print-config prints: the settings of each file.
type EffectiveConfig struct {
	Config  string                       `json:"config,omitempty"`  // path of the configuration file
	Extends []string                     `json:"extends,omitempty"` // paths of the files that it extends, the nearest first
	Project string                       `json:"groupId,omitempty"` // of apply, diff, get and delete
	BaseURL string                       `json:"baseURL,omitempty"` // of the same commands, as [atlas.ShownURL] shows it
	YAML    bool                         `json:"yaml,omitempty"`    // YAML files below folders are payloads
	Rules   map[string]validate.Severity `json:"rules,omitempty"`
	Files   []FileSettings               `json:"files"`

	Unmatched []workspace.Unmatched `json:"unmatched,omitempty"` // patterns that match no file below the paths
}

// FileSettings has the settings of a file.
type FileSettings struct {
	Path     string `json:"path"`
	Excluded bool   `json:"excluded,omitempty"`
	API      string `json:"api,omitempty"`
	// Rules are those of the configuration, of the overrides and of the flags, if an override with rules matches the
	// file.
	Rules   map[string]validate.Severity `json:"rules,omitempty"`
	Schemas []SchemaSettings             `json:"schemas,omitempty"`
}

// SchemaSettings is a schema that a file must meet.
type SchemaSettings struct {
	File     string            `json:"file"`
	Types    []string          `json:"types"`
	Severity validate.Severity `json:"severity"` // off if the rule policy is off
}

// EffectiveConfig returns the settings of the selected files. It also reads the schemas, so that a broken one is found.
func (r *Run) EffectiveConfig() (*EffectiveConfig, error) {
	shown, err := r.Settings.effectiveConfig(r.selection)
	if err == nil {
		r.noteUnused()
	}
	return shown, err
}

func (s *Settings) effectiveConfig(sel *Selection) (*EffectiveConfig, error) {
	if policy := s.severityOfPolicy(sel.Config, workspace.Stdin); policy != "" {
		if _, err := validate.New(validate.Options{Severities: map[string]validate.Severity{policyRule: policy}}); err != nil {
			return nil, optionError(err)
		}
	}
	if _, err := s.readSchemas(sel.Config); err != nil {
		return nil, err
	}
	rules, err := s.severities(sel.Config.Rules)
	if err != nil {
		return nil, err
	}
	shown := &EffectiveConfig{Config: sel.Config.File, Extends: sel.Config.Extended, Project: sel.Config.GroupID,
		YAML: sel.Config.ReadsYAML(), Rules: rules, Files: []FileSettings{}}
	if sel.Config.BaseURL != "" {
		shown.BaseURL = atlas.ShownURL(sel.Config.BaseURL)
	}
	for _, file := range sel.Files {
		named := s.named(file)
		one := FileSettings{Path: named, API: s.APIVersionOf(sel.Config, file)}
		if overrides := sel.Config.RuleOverrides(named); len(overrides) > 0 {
			one.Rules, _ = s.severities(sel.Config.RulesWith(overrides)) // the flags were read before
		}
		policy := s.severityOfPolicy(sel.Config, named)
		for _, e := range append(sel.Config.SchemasOf(named), s.schemaEntries()...) {
			one.Schemas = append(one.Schemas, SchemaSettings{e.File, e.Types, cmp.Or(policy, e.Severity)})
		}
		shown.Files = append(shown.Files, one)
	}
	for _, file := range sel.Excluded {
		shown.Files = append(shown.Files, FileSettings{Path: s.named(file), Excluded: true})
	}
	shown.Unmatched = sel.Config.Unmatched(sel.Paths)
	return shown, nil
}

// schemaEntries returns the schemas of --schema as entries of a configuration.
func (s *Settings) schemaEntries() []workspace.SchemaEntry {
	var entries []workspace.SchemaEntry
	for _, file := range s.Schemas {
		entries = append(entries, workspace.SchemaEntry{Types: []string{"*"}, File: file, Severity: validate.Error})
	}
	return entries
}
