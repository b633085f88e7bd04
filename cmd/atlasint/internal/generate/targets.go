package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/suggest"
)

// target is a part that a generated file can have.
type target struct {
	name   string // of --targets
	text   string // for the help
	option string // the name of oapi-codegen
	router bool   // a server for one HTTP library: a file has one at most
}

// targets are those that .ci/downstream builds, each router with and without the strict server.
var targets = []target{
	{"types", "the Go types; all other targets include them", "models", false},
	{"client", "a client for net/http", "client", false},
	{"server", "a server interface and its routes, for net/http", "std-http-server", true},
	{"chi", "the same for github.com/go-chi/chi/v5", "chi-server", true},
	{"echo", "the same for github.com/labstack/echo/v4", "echo-server", true},
	{"fiber", "the same for github.com/gofiber/fiber/v2", "fiber-server", true},
	{"gin", "the same for github.com/gin-gonic/gin", "gin-server", true},
	{"gorilla", "the same for github.com/gorilla/mux", "gorilla-server", true},
	{"strict-server", "a server interface with typed requests and responses, on top of one of the servers", "strict-server", false},
}

// TargetTable returns the targets and their descriptions, one on each line.
func TargetTable() string {
	var rows strings.Builder
	for _, t := range targets {
		fmt.Fprintf(&rows, "  %-15s%s\n", t.name, t.text)
	}
	return rows.String()
}

// TargetNames returns the names of all targets, or of the routers only.
func TargetNames(routers bool) (names []string) {
	for _, t := range targets {
		if t.router || !routers {
			names = append(names, t.name)
		}
	}
	return names
}

// sortTargets returns the names in the order of [targets], so that the same set makes the same file. It adds types,
// which all other targets need. It returns an error for an unknown name, and for a set that no file can have.
func sortTargets(names []string) ([]string, error) {
	known := TargetNames(false)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return nil, unknownTarget(name, known)
		}
	}
	if len(names) == 0 {
		return nil, problem.Inputf("--targets is empty; use some of %s", strings.Join(known, ", "))
	}
	sorted := slices.DeleteFunc(slices.Clone(known),
		func(name string) bool { return name != targets[0].name && !slices.Contains(names, name) })
	return sorted, checkTargets(sorted)
}

// checkTargets returns an error unless a file can have the targets.
func checkTargets(names []string) error {
	var routers []string
	for _, name := range TargetNames(true) {
		if slices.Contains(names, name) {
			routers = append(routers, name)
		}
	}
	switch {
	case len(routers) > 1:
		return problem.Inputf("%s are servers of different libraries; leave out all but one", strings.Join(routers, " and "))
	case slices.Contains(names, "strict-server") && len(routers) == 0:
		return problem.Inputf("strict-server needs a server; add one of %s to --targets", strings.Join(TargetNames(true), ", "))
	}
	return nil
}

func unknownTarget(name string, known []string) error {
	if near := suggest.Nearest(name, known); near != "" {
		return problem.Inputf("unknown target %s; %s", redact.Value(name), suggest.DidYouMean(strconv.Quote(near)))
	}
	return problem.Inputf("unknown target %s; use one of %s", redact.Value(name), strings.Join(known, ", "))
}

// options returns the names of targets in the configuration of oapi-codegen.
func options(names []string) (list []string) {
	for _, t := range targets {
		if slices.Contains(names, t.name) {
			list = append(list, t.option)
		}
	}
	return list
}
