package archtest

// commandLibraries are the packages that several commands need.
func commandLibraries() []packageRule {
	return []packageRule{
		{Path: "cmd/atlasint/internal/glob", Imports: []string{"github.com/bmatcuk/doublestar/v4"}},
		{Path: "cmd/atlasint/internal/problem", Imports: []string{"internal/readfile", "internal/redact", "internal/syserr"}},
		{Path: "cmd/atlasint/internal/stopsignal"},
		{Path: "cmd/atlasint/internal/savefile", Imports: []string{
			"internal/readfile", "internal/redact", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/stopsignal",
		}},
		{Path: "cmd/atlasint/internal/terminal", Imports: []string{"github.com/mattn/go-isatty"}},
		{Path: "cmd/atlasint/internal/usage", Imports: []string{
			"internal/redact", "internal/suggest", "cmd/atlasint/internal/problem", "github.com/spf13/cobra",
			"github.com/spf13/pflag",
		}},
		{Path: "cmd/atlasint/internal/report", Imports: []string{"internal/redact", "internal/words", "validate"}},
		{Path: "cmd/atlasint/internal/yamlform", Imports: []string{
			"internal/jsonpos", "internal/redact", "internal/suggest", "internal/words", "internal/yamlpos",
			"internal/yamltree", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/workspace", Imports: []string{
			"validate", "internal/atlas", "internal/readfile", "internal/redact", "internal/suggest", "internal/yamlpos",
			"internal/yamltree", "cmd/atlasint/internal/savefile", "cmd/atlasint/internal/problem",
			"cmd/atlasint/internal/glob", "cmd/atlasint/internal/yamlform", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/progress", Imports: []string{"cmd/atlasint/internal/terminal"}},
		{Path: "cmd/atlasint/internal/baseline", Imports: []string{
			"internal/readfile", "internal/redact", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/workspace", "cmd/atlasint/internal/savefile",
		}},
		{Path: "cmd/atlasint/internal/cliprofile", Imports: []string{
			"internal/atlas", "internal/readfile", "internal/redact", "internal/suggest", "cmd/atlasint/internal/problem",
			"github.com/pelletier/go-toml/v2",
		}},
		{Path: "cmd/atlasint/internal/connection", Imports: []string{
			"client", "internal/atlas", "internal/netcause", "internal/redact", "cmd/atlasint/internal/cliprofile",
			"cmd/atlasint/internal/problem", "cmd/atlasint/internal/stopsignal", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/fix", Imports: []string{
			"validate", "internal/atlas", "internal/expand", "internal/jsonpos", "internal/readfile", "internal/redact",
			"internal/snippet", "cmd/atlasint/internal/savefile", "cmd/atlasint/internal/stopsignal",
			"cmd/atlasint/internal/problem",
		}},
		{Path: "cmd/atlasint/internal/validation", Imports: []string{
			"gen/schemas", "validate", "internal/atlas", "internal/expand", "internal/readfile", "internal/redact",
			"internal/words", "internal/yamlpos", "cmd/atlasint/internal/baseline", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/fix",
			"cmd/atlasint/internal/report", "cmd/atlasint/internal/savefile", "cmd/atlasint/internal/workspace",
		}},
	}
}

// commands are the packages that implement one command or a few.
func commands() []packageRule {
	return []packageRule{
		{Path: "cmd/atlasint/internal/specview", Imports: []string{
			"openapi", "gen/schemas", "internal/ordered", "internal/redact", "internal/yamltree",
			"cmd/atlasint/internal/problem", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/generate", Imports: []string{
			"openapi", "internal/gen/generator", "gen/schemas", "internal/readfile", "internal/redact", "internal/suggest",
			"internal/clientgen", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/savefile",
			"cmd/atlasint/internal/stopsignal", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/editor", Imports: []string{
			"gen/schemas", "validate", "client", "internal/atlas", "internal/expand", "internal/ordered",
			"internal/redact", "internal/words", "internal/yamlpos", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/workspace",
			"cmd/atlasint/internal/savefile", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/publish", Imports: []string{
			"internal/gen/reference", "internal/redact", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/savefile",
		}},
		{Path: "cmd/atlasint/internal/scaffold", Imports: []string{
			"internal/readfile", "gen/schemas", "cmd/atlasint/internal/editor",
			"cmd/atlasint/internal/problem", "cmd/atlasint/internal/workspace", "cmd/atlasint/internal/savefile",
		}},
		{Path: "cmd/atlasint/internal/apply", Imports: []string{
			"gen/schemas", "validate", "client", "internal/atlas", "internal/jsonpos", "internal/redact", "internal/snippet",
			"internal/words", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/validation", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/planfile", Imports: []string{
			"internal/atlas", "internal/readfile", "internal/redact", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/apply", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/savefile",
			"cmd/atlasint/internal/validation", "github.com/spf13/pflag",
		}},
		{Path: "cmd/atlasint/internal/listing", Imports: []string{
			"gen/schemas", "client", "internal/atlas", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/validation",
		}},
		{Path: "cmd/atlasint/internal/drift", Imports: []string{
			"openapi", "internal/jsonpos", "internal/readfile", "internal/redact", "internal/words", "internal/yamlpos",
			"internal/yamltree", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/workspace", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/explain", Imports: []string{
			"gen/schemas", "validate", "internal/atlas", "internal/redact", "internal/suggest", "internal/words",
			"cmd/atlasint/internal/problem", "cmd/atlasint/internal/validation",
		}},
		{Path: "cmd/atlasint/internal/serving", Imports: []string{
			"gen/schemas", "validate", "fakeatlas", "fakeatlas/console", "fakeatlas/store", "fakeatlas/store/filestore",
			"fakeatlas/store/redisstore", "internal/access", "internal/atlas", "internal/controlapi", "internal/expand", "internal/jsonpos",
			"internal/logtext", "internal/readfile", "internal/redact", "internal/syserr", "internal/words", "internal/yamlpos", "internal/yamltree",
			"cmd/atlasint/internal/problem", "cmd/atlasint/internal/report", "cmd/atlasint/internal/savefile",
			"cmd/atlasint/internal/stopsignal", "cmd/atlasint/internal/validation", "cmd/atlasint/internal/yamlform",
			"go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/fakectl", Imports: []string{
			"internal/atlas", "internal/controlapi", "internal/jsonpos", "internal/logtext", "internal/netcause", "internal/readfile",
			"internal/redact", "internal/suggest", "internal/words", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/savefile", "cmd/atlasint/internal/usage", "github.com/spf13/cobra",
		}},
	}
}

// wholeCommand are the packages that put the commands together.
func wholeCommand() []packageRule {
	return []packageRule{
		{Path: "cmd/atlasint/internal/exit"}, // below the packages that must not choose exit codes
		{Path: "cmd/atlasint/internal/cli", Imports: []string{
			"gen/schemas", "validate", "client", "fakeatlas", "internal/buildinfo", "internal/atlas", "internal/redact",
			"internal/words", "cmd/atlasint/internal/apply", "cmd/atlasint/internal/connection",
			"cmd/atlasint/internal/drift", "cmd/atlasint/internal/editor", "cmd/atlasint/internal/exit",
			"cmd/atlasint/internal/fakectl", "cmd/atlasint/internal/explain", "cmd/atlasint/internal/generate",
			"cmd/atlasint/internal/listing", "cmd/atlasint/internal/progress", "cmd/atlasint/internal/serving",
			"cmd/atlasint/internal/usage", "cmd/atlasint/internal/validation", "cmd/atlasint/internal/workspace",
			"cmd/atlasint/internal/publish", "cmd/atlasint/internal/cliprofile", "cmd/atlasint/internal/scaffold",
			"cmd/atlasint/internal/planfile", "cmd/atlasint/internal/problem", "cmd/atlasint/internal/stopsignal", "cmd/atlasint/internal/report",
			"cmd/atlasint/internal/specview", "cmd/atlasint/internal/terminal", "cmd/atlasint/internal/savefile",
			"github.com/spf13/cobra", "github.com/spf13/pflag",
		}},
		{Path: "cmd/atlasint/internal/clidoc", Imports: []string{
			"cmd/atlasint/internal/cli", // its generator
			"github.com/spf13/cobra", "github.com/spf13/pflag",
		}},
		{Path: "cmd/atlasint", Imports: []string{"cmd/atlasint/internal/cli"}},
	}
}
