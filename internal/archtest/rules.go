// Package archtest checks the layout of the module: which package may import which, where programs and
// generated code are, and how long a file may be. [ModuleRules] are the rules, [Check] parses the sources and
// returns the violations. It does not run the go command, so no cached result can hide a violation.
// [CheckWords] checks identifiers and comments against [PrivateWords].
package archtest

import "slices"

// Rules are the rules that [Check] enforces. All paths are slash-separated and relative to the root of the
// module. A pattern "a/b" matches that package only, "a/b/..." also all packages below it.
type Rules struct {
	Module      string    // the module path
	Packages    []Package // every package; it may import only packages listed before it
	TestImports []string  // other modules that any _test.go file may import
	TestOnly    []string  // standard packages that only _test.go files may import
	Commands    string    // the one folder whose direct children are package main
	Generated   string    // the one folder for generated files
	Sizes       Sizes     // of files that are not generated
	Linked      []string  // packages that users link
	NeverLinked []string  // packages that no Linked package may import, directly or through others
}

// Package is one row of the table. Every package may import the standard library. Tests may import any package
// of the module.
type Package struct {
	Path    string
	Imports []string // packages of this module by their path below its root, others by their full path
	Never   []string // packages of this module that not even the tests may import
}

// ModuleRules returns the rules of this module. To allow a new import, open an issue first.
func ModuleRules() Rules {
	return Rules{
		Module:   "github.com/atlasint/atlasint",
		Packages: packages(),
		TestImports: []string{
			"github.com/getkin/kin-openapi/...", "github.com/santhosh-tekuri/jsonschema/v5/...", "github.com/santhosh-tekuri/jsonschema/v6/...",
			"go.yaml.in/yaml/v3", "github.com/google/go-cmp/...", "github.com/rogpeppe/go-internal/testscript/...",
			"github.com/owenrumney/go-sarif/v3/...", "pgregory.net/rapid/...", "github.com/alicebob/miniredis/v2",
		},
		// They register flags. fakeatlas has a small interface instead, so that no binary links them.
		TestOnly: []string{"testing/...", "net/http/httptest"},
		// pre-commit runs `go install ./...`, which would build every other program on each user's machine.
		Commands:  "cmd",
		Generated: "gen",
		Sizes:     Sizes{File: 400, TestFile: 600, Function: 60, Package: 3000, Median: 10, P90: 35},
		Linked:    []string{"validate", "client", "fakeatlas", "fakeatlas/console", "cmd/atlasint/internal/cli", "cmd/atlasint"},
		NeverLinked: []string{
			"github.com/getkin/kin-openapi/...",
			"github.com/oapi-codegen/oapi-codegen/v2/...",
			"github.com/santhosh-tekuri/jsonschema/v6/...", // the second oracle of tests
			"gopkg.in/...",
			"html/template", "text/template", // they switch off the removal of unused methods
		},
	}
}

func packages() []Package {
	return slices.Concat(shared(), validator(), libraries(), fake(), programs(), commands(), makers())
}

// shared are the packages that several others need.
func shared() []Package {
	return []Package{
		{Path: "openapi"},
		{Path: "gen/atlasv1", Imports: []string{"github.com/oapi-codegen/runtime/..."}},
		{Path: "gen/atlasv2", Imports: []string{"github.com/oapi-codegen/runtime/..."}},
		{Path: "gen/schemas"},
		{Path: "gen/companions", Imports: []string{"gen/schemas", "github.com/oapi-codegen/runtime/..."}},
		{Path: "internal/gen/generator"},
		{Path: "internal/gen/reference"},
		{Path: "internal/jsonpos", Imports: []string{"github.com/go-json-experiment/json/jsontext"}},
		{Path: "internal/yamlpos", Imports: []string{"internal/jsonpos", "go.yaml.in/yaml/v3"}},
		{Path: "internal/redact"},
		{Path: "internal/cirunner"},
		{Path: "internal/hintkind"},
		{Path: "internal/suggest"},
		{Path: "internal/access"},
		{Path: "internal/buildinfo"},
		{Path: "internal/storelimit"},
		{Path: "internal/ordered"},
		{Path: "internal/yamltree", Imports: []string{"internal/ordered", "go.yaml.in/yaml/v3"}},
		{Path: "internal/readfile"},
		{Path: "internal/pattern"},
		{Path: "internal/schema", Imports: []string{"internal/jsonpos", "internal/pattern", "github.com/santhosh-tekuri/jsonschema/v5"}},
		{Path: "internal/atlas", Imports: []string{"gen/schemas", "internal/pattern", "internal/redact"}},
		{Path: "internal/logtext", Imports: []string{"gen/companions", "gen/schemas", "internal/atlas"}},
		{Path: "cmd/atlasint/internal/glob", Imports: []string{"github.com/bmatcuk/doublestar/v4"}},
		{Path: "internal/expand", Imports: []string{"internal/readfile", "internal/redact"}},
		{Path: "internal/snippet", Imports: []string{"internal/atlas", "internal/expand", "internal/jsonpos", "internal/redact"}},
		{Path: "validate/internal/freemarker"},
		{Path: "validate/internal/otherformat", Imports: []string{"internal/jsonpos"}},
		{Path: "fakeatlas/internal/digest", Imports: []string{"github.com/icholy/digest"}},
	}
}

// validator are the packages of the validator.
func validator() []Package {
	return []Package{
		{Path: "internal/words", Imports: []string{"internal/jsonpos", "internal/suggest"}},
		{Path: "validate/internal/records", Imports: []string{"internal/atlas"}},
		{Path: "validate/internal/rename", Imports: []string{"internal/atlas", "internal/jsonpos", "internal/suggest", "internal/words"}},
		{Path: "validate/internal/correction", Imports: []string{"internal/atlas", "internal/jsonpos", "internal/suggest", "validate/internal/rename"}},
		{Path: "validate/internal/types", Imports: []string{"gen/schemas", "internal/atlas", "internal/redact", "internal/schema", "internal/suggest", "validate/internal/rename", "internal/words"}},
		{Path: "validate/internal/failure", Imports: []string{"internal/atlas", "internal/jsonpos", "internal/redact", "internal/schema", "internal/words"}},
		{Path: "validate/internal/policy", Imports: []string{"internal/atlas", "internal/jsonpos", "internal/redact", "internal/schema", "validate/internal/failure", "internal/words"}},
		{Path: "validate/internal/placeholder", Imports: []string{"internal/atlas"}},
		{Path: "validate/internal/publichost"},
		{Path: "validate/internal/rendered"},
		{Path: "validate/internal/expanded", Imports: []string{"internal/jsonpos"}},
		{Path: "validate", Imports: []string{
			"validate/internal/...", "gen/schemas", "internal/atlas", "internal/expand", "validate/internal/freemarker", "internal/hintkind", "internal/jsonpos", "validate/internal/otherformat", "internal/pattern", "internal/readfile", "internal/redact", "internal/schema", "internal/snippet", "internal/suggest", "internal/words", "internal/yamlpos",
		}},
	}
}

// libraries are the client.
func libraries() []Package {
	return []Package{
		{Path: "client", Imports: []string{
			"gen/...", "internal/atlas", "internal/hintkind", "internal/redact",
			"github.com/icholy/digest", "golang.org/x/oauth2/...",
		}},
		{Path: "examples/client", Imports: []string{"client"}},
	}
}

// fake are the packages of the fake server.
func fake() []Package {
	return []Package{
		{Path: "fakeatlas/store", Imports: []string{"internal/atlas", "internal/storelimit"}},
		{Path: "fakeatlas/store/internal/record", Imports: []string{"fakeatlas/store"}},
		{Path: "fakeatlas/internal/tokenbucket", Imports: []string{"fakeatlas/store"}},
		{Path: "fakeatlas/store/storetest", Imports: []string{"fakeatlas/store", "fakeatlas/internal/tokenbucket", "internal/storelimit"}},
		{Path: "fakeatlas/store/filestore", Imports: []string{"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "internal/storelimit", "go.etcd.io/bbolt/..."}},
		{Path: "fakeatlas/store/redisstore", Imports: []string{"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "internal/storelimit", "github.com/redis/go-redis/v9/..."}},
		{Path: "fakeatlas/internal/wire", Imports: []string{"gen/schemas", "internal/atlas"}},
		{Path: "fakeatlas/internal/clock"},
		{Path: "fakeatlas/internal/inprocess", Imports: []string{"gen/schemas", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/metrics", Imports: []string{"fakeatlas/store", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/ratelimit", Imports: []string{"gen/schemas", "fakeatlas/store", "fakeatlas/internal/tokenbucket", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/journal", Imports: []string{"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/wire", "internal/atlas", "internal/logtext"}},
		{Path: "fakeatlas/internal/recording", Imports: []string{"gen/companions", "gen/schemas", "fakeatlas/internal/journal", "fakeatlas/internal/wire", "internal/logtext", "internal/redact"}},
		{Path: "fakeatlas/internal/auth", Imports: []string{"fakeatlas/store", "fakeatlas/internal/digest", "fakeatlas/internal/wire", "internal/access", "internal/atlas"}},
		{Path: "fakeatlas/internal/companions", Imports: []string{"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/wire", "internal/atlas", "internal/redact"}},
		{Path: "fakeatlas/internal/stubs", Imports: []string{"fakeatlas/internal/wire", "internal/jsonpos", "internal/logtext", "internal/redact", "internal/suggest"}},
		{Path: "fakeatlas/internal/faultanswer", Imports: []string{"gen/schemas", "fakeatlas/internal/auth", "fakeatlas/internal/ratelimit", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/faults"},
		{Path: "fakeatlas/internal/fallback", Imports: []string{"fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/nearmiss", Imports: []string{"internal/atlas", "internal/logtext", "internal/suggest"}},
		{Path: "fakeatlas/internal/events", Imports: []string{"fakeatlas/internal/journal", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/control", Imports: []string{"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/clock", "fakeatlas/internal/events", "fakeatlas/internal/journal", "fakeatlas/internal/metrics", "fakeatlas/internal/stubs", "fakeatlas/internal/wire", "internal/atlas", "internal/buildinfo", "internal/suggest", "validate"}},
		{Path: "fakeatlas", Imports: []string{
			"fakeatlas/internal/auth", "fakeatlas/internal/clock", "fakeatlas/internal/companions", "fakeatlas/internal/control",
			"fakeatlas/internal/digest", "fakeatlas/internal/events", "fakeatlas/internal/fallback", "fakeatlas/internal/faultanswer", "fakeatlas/internal/faults", "fakeatlas/internal/inprocess",
			"fakeatlas/internal/journal", "fakeatlas/internal/metrics", "fakeatlas/internal/nearmiss", "fakeatlas/internal/ratelimit",
			"fakeatlas/internal/recording", "fakeatlas/internal/stubs", "fakeatlas/internal/wire", "fakeatlas/store", "gen/...", "internal/atlas",
			"internal/logtext", "internal/redact", "internal/storelimit", "validate",
		}},
		{Path: "fakeatlas/console", Imports: []string{"internal/gen/reference", "fakeatlas", "fakeatlas/internal/control", "fakeatlas/internal/tokenbucket", "fakeatlas/internal/wire", "fakeatlas/store"}},
	}
}

// programs are the packages that only the command and the tests need.
func programs() []Package {
	return []Package{
		{Path: "cmd/atlasint/internal/specview", Imports: []string{"openapi", "gen/schemas", "internal/yamltree", "go.yaml.in/yaml/v3"}},
		{Path: "internal/clientgen", Imports: []string{"gen/schemas"}},
		{Path: "cmd/atlasint/internal/report", Imports: []string{"internal/redact", "validate"}},
		{Path: "cmd/atlasint/internal/exit", Imports: []string{"internal/redact"}},
		{Path: "cmd/atlasint/internal/usage", Imports: []string{"internal/redact", "internal/suggest", "cmd/atlasint/internal/exit", "github.com/spf13/cobra", "github.com/spf13/pflag"}},
		{Path: "cmd/atlasint/internal/generate", Imports: []string{
			"openapi", "internal/gen/generator", "gen/schemas", "internal/readfile", "internal/redact", "internal/suggest", "cmd/atlasint/internal/exit", "go.yaml.in/yaml/v3", "internal/clientgen",
		}},
		{Path: "cmd/atlasint/internal/workspace", Imports: []string{
			"validate", "internal/atlas", "internal/readfile", "internal/redact", "internal/suggest", "internal/yamlpos",
			"cmd/atlasint/internal/exit", "cmd/atlasint/internal/glob", "go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/progress", Imports: []string{"github.com/mattn/go-isatty"}},
		{Path: "cmd/atlasint/internal/baseline", Imports: []string{
			"internal/readfile", "internal/redact", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/report", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/editor", Imports: []string{
			"gen/schemas", "validate", "client", "internal/atlas", "internal/expand", "internal/ordered", "internal/redact",
			"cmd/atlasint/internal/exit", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/publish", Imports: []string{"internal/gen/reference", "internal/redact", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/workspace"}},
		{Path: "cmd/atlasint/internal/scaffold", Imports: []string{
			"gen/schemas", "internal/redact", "cmd/atlasint/internal/editor", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/apply", Imports: []string{
			"gen/schemas", "validate", "client", "internal/atlas", "internal/redact", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/report", "cmd/atlasint/internal/workspace",
			"github.com/mattn/go-isatty",
		}},
		{Path: "cmd/atlasint/internal/planfile", Imports: []string{"internal/readfile", "internal/redact", "cmd/atlasint/internal/apply", "cmd/atlasint/internal/exit"}},
		{Path: "cmd/atlasint/internal/listing", Imports: []string{
			"gen/schemas", "client", "internal/atlas", "cmd/atlasint/internal/apply",
		}},
		{Path: "internal/redistest"},
		{Path: "internal/payloadtest", Imports: []string{"gen/schemas", "internal/jsonpos"}},
	}
}

// commands are the packages that only the command needs, and the generators.
func commands() []Package {
	return []Package{
		{Path: "cmd/atlasint/internal/drift", Imports: []string{
			"openapi", "internal/jsonpos", "internal/readfile", "internal/redact", "internal/yamltree", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/report", "cmd/atlasint/internal/workspace",
			"go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/cliprofile", Imports: []string{
			"internal/readfile", "internal/redact", "internal/suggest", "cmd/atlasint/internal/exit", "github.com/pelletier/go-toml/v2/unstable",
		}},
		{Path: "cmd/atlasint/internal/connection", Imports: []string{
			"client", "internal/atlas", "internal/hintkind", "internal/redact", "cmd/atlasint/internal/cliprofile", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/fix", Imports: []string{
			"validate", "internal/atlas", "internal/jsonpos", "internal/readfile", "internal/redact", "internal/snippet", "cmd/atlasint/internal/exit",
		}},
		{Path: "cmd/atlasint/internal/validation", Imports: []string{
			"validate", "internal/atlas", "internal/hintkind", "internal/redact", "cmd/atlasint/internal/connection", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/fix",
			"cmd/atlasint/internal/report", "cmd/atlasint/internal/workspace",
		}},
		{Path: "cmd/atlasint/internal/explain", Imports: []string{
			"gen/schemas", "validate", "internal/atlas", "internal/redact", "cmd/atlasint/internal/validation",
		}},
		{Path: "cmd/atlasint/internal/serving", Imports: []string{
			"gen/schemas", "validate", "fakeatlas", "fakeatlas/store", "fakeatlas/store/filestore", "fakeatlas/store/redisstore",
			"internal/access", "internal/atlas", "internal/logtext", "internal/readfile", "internal/redact", "internal/suggest", "internal/yamlpos", "internal/yamltree", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/report", "cmd/atlasint/internal/validation",
			"go.yaml.in/yaml/v3",
		}},
		{Path: "cmd/atlasint/internal/fakectl", Imports: []string{"gen/schemas", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/report", "cmd/atlasint/internal/usage", "internal/atlas", "internal/readfile", "internal/redact", "internal/suggest", "github.com/spf13/cobra"}},
		{Path: "cmd/atlasint/internal/cli", Imports: []string{
			"gen/...", "validate", "client", "fakeatlas", "internal/buildinfo", "fakeatlas/console",
			"cmd/atlasint/internal/apply", "cmd/atlasint/internal/baseline", "cmd/atlasint/internal/connection", "cmd/atlasint/internal/drift", "cmd/atlasint/internal/editor", "cmd/atlasint/internal/exit", "cmd/atlasint/internal/fakectl", "cmd/atlasint/internal/explain", "cmd/atlasint/internal/generate", "cmd/atlasint/internal/listing", "cmd/atlasint/internal/progress", "cmd/atlasint/internal/serving", "cmd/atlasint/internal/usage", "cmd/atlasint/internal/validation", "cmd/atlasint/internal/workspace", "cmd/atlasint/internal/fix", "cmd/atlasint/internal/publish", "cmd/atlasint/internal/cliprofile", "cmd/atlasint/internal/scaffold", "cmd/atlasint/internal/planfile",
			"internal/atlas", "internal/redact", "internal/storelimit", "internal/suggest", "cmd/atlasint/internal/report", "cmd/atlasint/internal/specview", "internal/yamlpos",
			"github.com/spf13/cobra", "github.com/spf13/pflag",
			"github.com/mattn/go-isatty",
		}},
		{Path: "cmd/atlasint/internal/clidoc", Imports: []string{
			"cmd/atlasint/internal/cli", // its generator
			"github.com/spf13/cobra", "github.com/spf13/pflag",
		}},
		{Path: "cmd/atlasint", Imports: []string{"cmd/atlasint/internal/cli"}},
	}
}

// makers are the generator and the rules of this package.
func makers() []Package {
	return []Package{
		// The generator and its tests must also run while gen/ does not exist.
		{
			Path: "internal/specgen",
			Imports: []string{
				"openapi", "internal/ordered", "internal/schema", "internal/yamltree",
				"github.com/santhosh-tekuri/jsonschema/v5", "go.yaml.in/yaml/v3",
			},
			Never: []string{"gen/..."},
		},
		{
			Path:    "internal/specgen/reference",
			Imports: []string{"openapi", "validate", "internal/ordered", "internal/yamltree", "go.yaml.in/yaml/v3"},
		},
		{Path: "internal/archtest"},
	}
}
