package dist

import (
	"debug/buildinfo"
	"encoding/json"
	"os"
	"runtime/debug"
	"strings"
	"time"
)

// bom is a CycloneDX document. https://cyclonedx.org/docs/1.6/json
type bom struct {
	Format       string       `json:"bomFormat"`
	Spec         string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     bomMetadata  `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type bomMetadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Ref     string `json:"bom-ref"`
	Type    string `json:"type"`
	Name    string `json:"name"`
	Version string `json:"version"`
	PURL    string `json:"purl"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// SBOM writes a CycloneDX document of the modules that the go command noted in a binary, and the standard
// library.
func (r *Release) SBOM(binary, file string) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return err
	}
	data, err := json.MarshalIndent(r.bom(info), "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(file, append(data, '\n'), 0o644)
}

func (r *Release) bom(info *debug.BuildInfo) bom {
	self := module("application", info.Main.Path, r.source.Tag)
	parts := []component{module("library", "std", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		parts = append(parts, module("library", m.Path, m.Version))
	}
	on := make([]string, len(parts))
	for i, p := range parts {
		on[i] = p.Ref
	}
	return bom{
		Format: "CycloneDX", Spec: "1.6", Version: 1,
		Metadata:   bomMetadata{Timestamp: r.source.Date.Format(time.RFC3339), Component: self},
		Components: parts, Dependencies: []dependency{{self.Ref, on}},
	}
}

func module(kind, path, version string) component {
	purl := "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
	return component{Ref: purl, Type: kind, Name: path, Version: version, PURL: purl}
}
