// Package archtest holds the tree to its plan: which package may import which, where programs and
// generated code live, and how long a file may grow. [House] is the plan, [Check] reads the sources
// themselves and says where they leave it, so that no stale answer can come from a build or a cache.
package archtest

// Law is what [Check] holds a tree to. All paths are slash-separated and relative to the module's root.
// Patterns are read as the go command reads them: "a/b" is that one package, "a/b/..." also all below it.
type Law struct {
	Module    string   // the module's own path, to tell its rooms from strangers
	Rooms     []Room   // from the ground up: a room's doors lead only to rooms above it in this list
	Tests     []string // what any _test.go file may import besides its room's doors and the rest of the module
	TestOnly  []string // standard library that only _test.go files may import
	Programs  string   // the one folder whose direct children are package main
	Generated string   // the one folder for generated files
	Lines     int      // what a hand-written file may hold
	Light     []string // rooms that users link, and which must stay free of Heavy
	Heavy     []string // what no Light room may reach, not even through other rooms
}

// Room is one row of the import law. The standard library is open to every room.
type Room struct {
	Package string
	May     []string // packages of this module by their path below its root, others by their full path
	Never   []string // packages of this module that even the room's tests may not import
}

// House is the law of this module. If an edge is missing, talk about the room before adding the door.
func House() Law {
	return Law{
		Module: "github.com/atlasint/atlasint",
		Rooms:  rooms(),
		Tests: []string{
			"github.com/getkin/kin-openapi/...",
			"github.com/oapi-codegen/oapi-codegen/v2/...",
			"github.com/santhosh-tekuri/jsonschema/v5/...",
			"github.com/santhosh-tekuri/jsonschema/v6/...",
			"go.yaml.in/yaml/v3",
			"github.com/google/go-cmp/...",
			"github.com/rogpeppe/go-internal/testscript/...",
			"github.com/owenrumney/go-sarif/v3/...",
			"pgregory.net/rapid/...",
			"github.com/alicebob/miniredis/v2",
		},
		// They register flags and belong to no binary: what fakeatlas offers to tests takes a small interface.
		TestOnly: []string{"testing/...", "net/http/httptest"},
		// pre-commit runs `go install ./...`: every other program would be built on each user's machine.
		Programs:  "cmd",
		Generated: "gen",
		Lines:     600,
		Light:     []string{"validate", "client", "fakeatlas", "cmd/atlasint/internal/cli", "cmd/atlasint"},
		Heavy: []string{
			"github.com/getkin/kin-openapi/...",
			"github.com/oapi-codegen/oapi-codegen/v2/...",
			"github.com/santhosh-tekuri/jsonschema/v6/...", // the second oracle of tests
			"gopkg.in/...",
		},
	}
}

func rooms() []Room {
	return []Room{
		{Package: "openapi"},
		{Package: "gen/atlasv1", May: []string{"github.com/oapi-codegen/runtime/..."}},
		{Package: "gen/atlasv2", May: []string{"github.com/oapi-codegen/runtime/..."}},
		{Package: "gen/schemas"},
		{Package: "gen/generator"},
		{Package: "internal/jsonpos", May: []string{"github.com/go-json-experiment/json/jsontext"}},
		{Package: "internal/redact"},
		{Package: "internal/cirunner"},
		{Package: "internal/ordered"},
		{Package: "internal/readfile"},
		{Package: "internal/pattern"},
		{Package: "internal/schema", May: []string{"internal/jsonpos", "internal/pattern", "github.com/santhosh-tekuri/jsonschema/v5"}},
		{Package: "internal/atlas", May: []string{"gen/schemas", "internal/pattern", "internal/redact"}},
		{Package: "internal/logtext", May: []string{"gen/schemas", "internal/atlas"}},
		{Package: "cmd/atlasint/internal/glob", May: []string{"github.com/bmatcuk/doublestar/v4"}},
		{Package: "internal/expand", May: []string{"internal/readfile", "internal/redact"}},
		{Package: "internal/freemarker"},
		{Package: "fakeatlas/internal/digest", May: []string{"github.com/icholy/digest"}},
		{Package: "validate", May: []string{
			"gen/schemas", "internal/atlas", "internal/expand", "internal/freemarker", "internal/jsonpos", "internal/pattern", "internal/readfile", "internal/redact", "internal/schema",
		}},
		{Package: "client", May: []string{
			"gen/...", "internal/atlas", "internal/redact",
			"github.com/icholy/digest", "golang.org/x/oauth2/...",
		}},
		{Package: "fakeatlas/store"},
		{Package: "fakeatlas/store/internal/record", May: []string{"fakeatlas/store"}},
		{Package: "fakeatlas/store/storetest", May: []string{"fakeatlas/store"}},
		{Package: "fakeatlas/store/filestore", May: []string{"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "go.etcd.io/bbolt/..."}},
		{Package: "fakeatlas/store/redisstore", May: []string{"fakeatlas/store", "fakeatlas/store/internal/record", "internal/redact", "github.com/redis/go-redis/v9/..."}},
		{Package: "fakeatlas", May: []string{
			"gen/...", "validate", "fakeatlas/store", "internal/atlas", "fakeatlas/internal/digest", "internal/logtext", "internal/redact",
			"github.com/VictoriaMetrics/metrics",
		}},
		{Package: "cmd/atlasint/internal/editor", May: []string{"gen/schemas", "internal/expand", "internal/ordered"}},
		{Package: "cmd/atlasint/internal/specview", May: []string{"go.yaml.in/yaml/v3"}},
		{Package: "cmd/atlasint/internal/generate", May: []string{"gen/generator", "internal/redact", "go.yaml.in/yaml/v3"}},
		{Package: "cmd/atlasint/internal/apply", May: []string{
			"gen/schemas", "validate", "client", "internal/atlas", "internal/redact",
			"github.com/mattn/go-isatty",
		}},
		{Package: "internal/redistest"},
		{Package: "internal/payloadtest", May: []string{"gen/schemas"}},
		{Package: "cmd/atlasint/internal/report", May: []string{"internal/redact", "validate"}},
		{Package: "cmd/atlasint/internal/drift", May: []string{"openapi", "internal/jsonpos", "internal/redact", "go.yaml.in/yaml/v3"}},
		{Package: "cmd/atlasint/internal/cli", May: []string{
			"openapi", "gen/...", "validate", "client",
			"fakeatlas", "fakeatlas/store", "fakeatlas/store/filestore", "fakeatlas/store/redisstore",
			"cmd/atlasint/internal/apply", "cmd/atlasint/internal/drift", "cmd/atlasint/internal/editor", "cmd/atlasint/internal/generate", "cmd/atlasint/internal/glob", "internal/jsonpos", "internal/logtext",
			"internal/atlas", "internal/readfile", "internal/redact", "cmd/atlasint/internal/report", "cmd/atlasint/internal/specview",
			"github.com/spf13/cobra", "github.com/spf13/pflag",
			"go.yaml.in/yaml/v3", "github.com/mattn/go-isatty",
		}},
		{Package: "cmd/atlasint/internal/clidoc", May: []string{"github.com/spf13/cobra", "github.com/spf13/pflag"}},
		{Package: "cmd/atlasint/internal/dist", May: []string{"cmd/atlasint/internal/cli", "cmd/atlasint/internal/clidoc", "go.yaml.in/yaml/v3"}},
		{Package: "cmd/atlasint", May: []string{"cmd/atlasint/internal/cli"}},
		// The generator must run while gen/ does not exist, and so must the tests that mend it.
		{
			Package: "internal/specgen",
			May: []string{
				"openapi", "internal/ordered", "internal/schema",
				"github.com/getkin/kin-openapi/...", "github.com/santhosh-tekuri/jsonschema/v5", "go.yaml.in/yaml/v3",
			},
			Never: []string{"gen/..."},
		},
		{Package: "internal/archtest"},
	}
}
