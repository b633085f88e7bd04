package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/schemas"
	facts "github.com/atlasint/atlasint/internal/atlas"
)

// drawPayload draws a valid payload of a type, with the required fields and some optional fields.
func drawPayload(t *rapid.T, typ schemas.Type) map[string]any {
	payload := map[string]any{"type": typ.Name}
	for _, f := range typ.Fields {
		optional := !f.Required && !rapid.Bool().Draw(t, f.Name+" is set")
		if f.Const != "" || f.ReadOnly || f.Name == "id" || f.TemplateBytes > 0 || optional {
			continue
		}
		payload[f.Name] = drawValue(t, f)
	}
	return payload
}

func drawValue(t *rapid.T, f schemas.Field) any {
	secret := rapid.StringMatching(`[0-9a-f]{32}`)
	switch {
	case f.Kind == "boolean":
		return rapid.Bool().Draw(t, f.Name)
	case f.Enum != nil:
		return rapid.SampledFrom(f.Enum).Draw(t, f.Name)
	case f.Nullable && rapid.Bool().Draw(t, f.Name+" is null"):
		return nil
	case f.Format == "uri":
		return "https://" + rapid.SampledFrom([]string{"a.example", "b.example"}).Draw(t, f.Name+" host") + "/" + secret.Draw(t, f.Name)
	case f.Pattern != "" && strings.Contains(f.Pattern, "0-9"): // of a key; other texts are names
		return rapid.StringMatching(f.Pattern).Draw(t, f.Name)
	case f.Secret != "":
		return secret.Draw(t, f.Name)
	}
	return rapid.SampledFrom([]string{"one", "two", "three"}).Draw(t, f.Name)
}

// drawProject draws payloads for some types of an API version, at most one for each type.
func drawProject(t *rapid.T, apiVersion string) (payloads []map[string]any) {
	for _, typ := range schemas.Types {
		if typ.APIVersion == apiVersion && rapid.Bool().Draw(t, typ.Name) {
			payloads = append(payloads, drawPayload(t, typ))
		}
	}
	return payloads
}

func ndjson(payloads []map[string]any) string {
	var lines strings.Builder
	for _, p := range payloads {
		line, _ := json.Marshal(p) // texts and booleans
		lines.Write(append(line, '\n'))
	}
	return lines.String()
}

// For any project and any payloads, diff reports whether apply sends changes. After apply, the project matches the
// payloads, diff finds no difference, and a second run sends no change.
func TestApplyIsIdempotent(t *testing.T) {
	atlas := startAtlas(t)
	rapid.Check(t, func(rt *rapid.T) {
		if err := atlas.Reset(); err != nil {
			rt.Fatal(err)
		}
		apiVersion := rapid.SampledFrom([]string{schemas.V1, schemas.V2}).Draw(rt, "API version")
		command := func(want int, args ...string) string {
			code, out, errOut := run(append(args, "--api", apiVersion, "--ndjson", "payloads.json")...)
			if code > 1 {
				rt.Fatalf("%v: exit code %d\n%s%s", args, code, out, errOut)
			}
			if want >= 0 && code != want {
				rt.Fatalf("%v: exit code %d, want %d\n%s%s", args, code, want, out, errOut)
			}
			return fmt.Sprint(code)
		}
		writeFile(t, "payloads.json", ndjson(drawProject(rt, apiVersion)))
		command(0, "apply", "--yes")
		payloads := drawProject(rt, apiVersion)
		if len(payloads) == 0 {
			return
		}
		writeFile(t, "payloads.json", ndjson(payloads))
		before := len(writes(atlas))
		differs := command(-1, "diff", "--prune-all")
		command(0, "apply", "--yes", "--prune-all")
		wrote := len(writes(atlas)) > before
		if wrote != (differs == "1") {
			rt.Fatalf("diff ends with %s, and apply wrote: %t", differs, wrote)
		}
		before = len(writes(atlas))
		command(0, "diff", "--prune-all")
		command(0, "apply", "--yes", "--prune-all")
		if len(writes(atlas)) != before {
			rt.Fatalf("the second run wrote %v", writes(atlas)[before:])
		}
		checkStored(rt, apiVersion, payloads, stored(atlas))
	})
}

// For payloads whose integrations exist, diff and apply report what validate --for update does, unless an error stops
// them before they read the project.
func TestApplyReportsUpdates(t *testing.T) {
	atlas := startAtlas(t)
	compared := 0
	rapid.Check(t, func(rt *rapid.T) {
		if err := atlas.Reset(); err != nil {
			rt.Fatal(err)
		}
		apiVersion := rapid.SampledFrom([]string{schemas.V1, schemas.V2}).Draw(rt, "API version")
		findings := func(args ...string) []any {
			_, out, errOut := run(append(args, "--api", apiVersion, "--ndjson", "payloads.json")...)
			var d struct{ Findings []any }
			if err := json.Unmarshal([]byte(out), &d); err != nil {
				rt.Fatalf("%v: %v\n%s%s", args, err, out, errOut)
			}
			return d.Findings
		}
		payloads := drawProject(rt, apiVersion)
		writeFile(t, "payloads.json", ndjson(payloads))
		if code, out, errOut := run("apply", "--yes", "--api", apiVersion, "--ndjson", "payloads.json"); code != 0 {
			rt.Fatalf("exit code %d\n%s%s", code, out, errOut)
		}
		for _, p := range payloads {
			for _, name := range slices.Sorted(maps.Keys(p)) {
				if name != "type" && rapid.IntRange(0, 3).Draw(rt, name+" is left out") == 0 {
					delete(p, name)
				}
			}
		}
		writeFile(t, "payloads.json", ndjson(payloads))
		want := findings("validate", "--for", "update", "--expand", "--one-project", "--format", "json")
		for _, args := range [][]string{{"diff", "--json"}, {"apply", "--dry-run", "--json"}} {
			if diff := cmp.Diff(want, findings(args...)); diff != "" {
				rt.Fatalf("%v (-validate +%s)\n%s", payloads, args[0], diff)
			}
		}
		compared += len(want)
	})
	least := 100
	if testing.Short() {
		least = 20 // rapid draws a fifth of the projects
	}
	if compared < least {
		t.Errorf("%d findings were compared", compared)
	}
}

// checkStored fails the test unless the project contains the integrations that the payloads describe. A password that
// Atlas never returns may be an older one, and so may a secret with the same mask, because apply compares masks.
func checkStored(rt *rapid.T, apiVersion string, payloads []map[string]any, project []store.Integration) {
	if len(project) != len(payloads) {
		rt.Fatalf("the project has %d integrations, want %d", len(project), len(payloads))
	}
	for _, p := range payloads {
		i := slices.IndexFunc(project, func(in store.Integration) bool { return in.Type == p["type"] })
		if i < 0 {
			rt.Fatalf("%s is missing", p["type"])
		}
		for name, want := range p {
			f := facts.Find(apiVersion, p["type"].(string)).Payload.Lookup(name)
			if name == "type" || name == "password" {
				continue
			}
			got := project[i].Fields[name]
			if f.MaskedValue(got) != f.MaskedValue(want) {
				rt.Fatalf("%s.%s is %v, want %v", p["type"], name, got, want)
			}
		}
	}
}
