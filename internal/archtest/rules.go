// Package archtest checks the layout of the module: which package may import which, where programs and
// generated code are, and how long a file may be. moduleRules are the rules, check parses the sources and
// returns the violations. It does not run the go command, so no cached result can hide a violation.
// checkWords checks identifiers and comments against privateWords.
package archtest

import "slices"

// ruleSet are the rules that check enforces. All paths are slash-separated and relative to the root of the
// module. A pattern "a/b" matches that package only, "a/b/..." also all packages below it.
type ruleSet struct {
	Module      string        // the module path
	Packages    []packageRule // every package; it may import only packages listed before it
	TestImports []string      // other modules that any _test.go file may import
	TestOnly    []string      // standard packages that only _test.go files may import
	Commands    string        // the one folder whose direct children are package main
	Generated   []string      // the folders for generated files
	Sizes       sizes         // of files that are not generated
	Linked      []string      // packages that users link
	NeverLinked []string      // packages that no Linked package may import, directly or through others
}

// packageRule is one row of the table. Every package may import the standard library. Tests may import any package
// of the module.
type packageRule struct {
	Path    string
	Imports []string // packages of this module by their path below its root, others by their full path
	Never   []string // packages of this module that not even the tests may import
}

// moduleRules returns the rules of this module. To allow a new import, open an issue first.
func moduleRules() ruleSet {
	return ruleSet{
		Module:   "github.com/atlasint/atlasint",
		Packages: packages(),
		TestImports: []string{
			"github.com/getkin/kin-openapi/...", "github.com/santhosh-tekuri/jsonschema/v5/...",
			"github.com/santhosh-tekuri/jsonschema/v6/...", "go.yaml.in/yaml/v3", "github.com/google/go-cmp/...",
			"github.com/rogpeppe/go-internal/testscript/...", "github.com/owenrumney/go-sarif/v3/...", "pgregory.net/rapid/...", "github.com/alicebob/miniredis/v2",
		},
		// They register flags. fakeatlas has a small interface instead, so that no binary links them.
		TestOnly: []string{"testing/...", "net/http/httptest"},
		// pre-commit runs `go install ./...`, which would build every other program on each user's machine.
		Commands:  "cmd",
		Generated: []string{"gen", "internal/gen"},
		Sizes:     sizes{File: 400, TestFile: 600, Function: 60, Package: 3000, Median: 10, P90: 35},
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

func packages() []packageRule {
	return slices.Concat(
		shared(), validator(), libraries(), stores(), fakeParts(), fake(), generators(), commandLibraries(), commands(),
		wholeCommand(), testHelpers(),
	)
}

// shared are the API documents, the code generated from them, and the packages that several others need.
func shared() []packageRule {
	return []packageRule{
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
		{Path: "internal/syserr"},
		{Path: "internal/netcause", Imports: []string{"internal/syserr"}},
		{Path: "internal/suggest"},
		{Path: "internal/words", Imports: []string{"internal/jsonpos", "internal/suggest"}},
		{Path: "internal/access"},
		{Path: "internal/controlapi"},
		{Path: "internal/buildinfo"},
		{Path: "internal/ordered"},
		{Path: "internal/yamltree", Imports: []string{"internal/ordered", "go.yaml.in/yaml/v3"}},
		{Path: "internal/readfile"},
		{Path: "internal/pattern"},
		{Path: "internal/schema", Imports: []string{
			"internal/jsonpos", "internal/pattern", "github.com/santhosh-tekuri/jsonschema/v5",
		}},
		{Path: "internal/atlas", Imports: []string{"gen/schemas", "internal/pattern", "internal/redact"}},
		{Path: "internal/logtext", Imports: []string{"gen/companions", "gen/schemas", "internal/atlas"}},
		{Path: "internal/model", Imports: []string{"gen/atlasv1", "gen/atlasv2", "gen/schemas"}},
		{Path: "internal/expand", Imports: []string{"internal/readfile", "internal/redact"}},
		{Path: "internal/snippet", Imports: []string{
			"gen/schemas", "internal/atlas", "internal/expand", "internal/jsonpos", "internal/redact",
		}},
	}
}

// validator are package validate and the packages that only it needs.
func validator() []packageRule {
	return []packageRule{
		{Path: "validate/internal/freemarker"},
		{Path: "validate/internal/otherformat", Imports: []string{"internal/jsonpos"}},
		{Path: "validate/internal/records", Imports: []string{"internal/atlas"}},
		{Path: "validate/internal/rename", Imports: []string{
			"internal/atlas", "internal/jsonpos", "internal/suggest", "internal/words",
		}},
		{Path: "validate/internal/correction", Imports: []string{
			"internal/atlas", "internal/jsonpos", "internal/suggest", "validate/internal/rename",
		}},
		{Path: "validate/internal/types", Imports: []string{
			"gen/schemas", "internal/atlas", "internal/expand", "internal/jsonpos", "internal/redact", "internal/schema",
			"internal/suggest", "validate/internal/rename", "internal/words",
		}},
		{Path: "validate/internal/surplus", Imports: []string{
			"internal/atlas", "internal/jsonpos", "validate/internal/otherformat", "validate/internal/rename",
			"validate/internal/types", "internal/words",
		}},
		{Path: "validate/internal/failure", Imports: []string{
			"internal/atlas", "internal/jsonpos", "internal/redact", "internal/schema", "internal/words",
		}},
		{Path: "validate/internal/policy", Imports: []string{
			"internal/atlas", "internal/jsonpos", "internal/redact", "internal/schema", "validate/internal/failure",
			"internal/words",
		}},
		{Path: "validate/internal/placeholder", Imports: []string{"internal/atlas"}},
		{Path: "validate/internal/sent", Imports: []string{"internal/jsonpos"}},
		{Path: "validate/internal/content", Imports: []string{"internal/atlas", "internal/pattern"}},
		{Path: "validate", Imports: []string{
			"validate/internal/...", "gen/schemas", "internal/atlas", "internal/expand", "internal/jsonpos",
			"internal/readfile", "internal/redact", "internal/schema", "internal/snippet", "internal/syserr", "internal/words",
			"internal/yamlpos",
		}},
	}
}

// libraries are the client and its example.
func libraries() []packageRule {
	return []packageRule{
		{Path: "client", Imports: []string{
			"gen/atlasv1", "gen/atlasv2", "gen/schemas", "internal/atlas", "internal/model", "internal/netcause", "internal/redact",
			"github.com/icholy/digest", "golang.org/x/oauth2/...",
		}},
		{Path: "examples/client", Imports: []string{"client"}},
		{Path: "examples/validate", Imports: []string{"validate"}},
	}
}

// stores are the stores of the fake server, and what they need.
func stores() []packageRule {
	return []packageRule{
		{Path: "fakeatlas/internal/digest", Imports: []string{"github.com/icholy/digest"}},
		{Path: "fakeatlas/store", Imports: []string{"internal/atlas"}},
		{Path: "fakeatlas/store/internal/record", Imports: []string{"fakeatlas/store"}},
		{Path: "fakeatlas/internal/tokenbucket", Imports: []string{"fakeatlas/store"}},
		{Path: "fakeatlas/store/storetest", Imports: []string{
			"fakeatlas/store", "fakeatlas/internal/tokenbucket",
		}},
		{Path: "fakeatlas/store/filestore", Imports: []string{
			"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "internal/syserr",
			"go.etcd.io/bbolt/...",
		}},
		{Path: "fakeatlas/store/redisstore", Imports: []string{
			"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "internal/syserr",
			"github.com/redis/go-redis/v9/...",
		}},
	}
}

// fakeParts are the packages below the fake server.
func fakeParts() []packageRule {
	return []packageRule{
		{Path: "fakeatlas/internal/wire", Imports: []string{
			"gen/schemas", "internal/atlas", "github.com/go-json-experiment/json/jsontext",
		}},
		{Path: "fakeatlas/internal/clock"},
		{Path: "fakeatlas/internal/inprocess", Imports: []string{"gen/schemas", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/metrics", Imports: []string{"fakeatlas/store", "fakeatlas/internal/wire"}},
		{Path: "fakeatlas/internal/ratelimit", Imports: []string{
			"gen/schemas", "fakeatlas/store", "fakeatlas/internal/tokenbucket", "fakeatlas/internal/wire",
		}},
		{Path: "fakeatlas/internal/journal", Imports: []string{
			"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/wire", "internal/atlas",
			"internal/jsonpos", "internal/logtext", "internal/redact", "internal/snippet",
		}},
		{Path: "fakeatlas/internal/recording", Imports: []string{
			"gen/companions", "gen/schemas", "fakeatlas/internal/journal", "fakeatlas/internal/wire",
			"internal/logtext", "internal/redact",
		}},
		{Path: "fakeatlas/internal/auth", Imports: []string{
			"fakeatlas/store", "fakeatlas/internal/digest", "fakeatlas/internal/wire", "internal/access",
			"internal/atlas",
		}},
		{Path: "fakeatlas/internal/companions", Imports: []string{
			"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/wire", "internal/atlas",
			"internal/redact",
		}},
		{Path: "fakeatlas/internal/payload", Imports: []string{
			"gen/schemas", "fakeatlas/internal/wire", "fakeatlas/store", "internal/atlas", "internal/jsonpos", "internal/redact",
			"validate",
		}},
		{Path: "fakeatlas/internal/stubs", Imports: []string{
			"fakeatlas/internal/wire", "internal/jsonpos", "internal/logtext", "internal/redact", "internal/suggest",
		}},
		{Path: "fakeatlas/internal/faults", Imports: []string{
			"gen/schemas", "fakeatlas/internal/auth", "fakeatlas/internal/ratelimit", "fakeatlas/internal/wire", "internal/suggest",
		}},
		{Path: "fakeatlas/internal/fallback", Imports: []string{"fakeatlas/internal/wire", "internal/netcause", "internal/syserr"}},
		{Path: "fakeatlas/internal/nearmiss", Imports: []string{
			"internal/atlas", "internal/logtext", "internal/suggest",
		}},
		{Path: "fakeatlas/internal/events", Imports: []string{"fakeatlas/internal/journal", "fakeatlas/internal/wire"}},
	}
}

// fake are the fake server, its control API and its console.
func fake() []packageRule {
	return []packageRule{
		{Path: "fakeatlas/internal/control", Imports: []string{
			"gen/companions", "gen/schemas", "fakeatlas/store", "fakeatlas/internal/clock", "fakeatlas/internal/events",
			"fakeatlas/internal/journal", "fakeatlas/internal/metrics", "fakeatlas/internal/stubs",
			"fakeatlas/internal/wire", "internal/atlas", "internal/buildinfo", "internal/controlapi", "internal/logtext",
			"internal/suggest", "validate",
			"github.com/go-json-experiment/json/jsontext",
		}},
		{Path: "fakeatlas", Imports: []string{
			"fakeatlas/internal/auth", "fakeatlas/internal/clock", "fakeatlas/internal/companions",
			"fakeatlas/internal/control", "fakeatlas/internal/digest", "fakeatlas/internal/events",
			"fakeatlas/internal/fallback", "fakeatlas/internal/faults", "fakeatlas/internal/inprocess",
			"fakeatlas/internal/journal", "fakeatlas/internal/metrics", "fakeatlas/internal/nearmiss",
			"fakeatlas/internal/payload", "fakeatlas/internal/ratelimit", "fakeatlas/internal/recording", "fakeatlas/internal/stubs",
			"fakeatlas/internal/wire", "fakeatlas/store", "gen/atlasv1", "gen/atlasv2", "gen/companions", "gen/schemas",
			"internal/atlas", "internal/controlapi", "internal/logtext", "internal/model", "internal/redact", "internal/suggest",
			"validate",
		}},
		{Path: "fakeatlas/console", Imports: []string{
			"internal/gen/reference", "fakeatlas", "fakeatlas/internal/control", "fakeatlas/internal/tokenbucket",
			"fakeatlas/internal/wire", "fakeatlas/store",
		}},
	}
}

// generators are the packages that generate code, schemas and the API reference.
func generators() []packageRule {
	return []packageRule{
		{Path: "internal/clientgen", Imports: []string{"gen/schemas"}},
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
	}
}

// testHelpers are the packages that only tests use.
func testHelpers() []packageRule {
	return []packageRule{
		{Path: "internal/cirunner"},
		{Path: "internal/corpus"},
		{Path: "internal/redistest"},
		{Path: "internal/install"}, // tests of install.sh
		{Path: "internal/payloadtest", Imports: []string{"gen/schemas", "internal/jsonpos"}},
		{Path: "internal/archtest"},
		{Path: "cmd/atlasint/internal/clitest", Imports: []string{"internal/gen/generator", "github.com/google/go-cmp/cmp"}},
		{Path: "cmd/atlasint/internal/doctest", Imports: []string{"github.com/spf13/cobra"}}, // tests of docs/
	}
}
