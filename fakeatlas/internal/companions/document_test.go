package companions

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/openapi"
)

// The tables of the code are those of the document.
func TestTablesOfAlerts(t *testing.T) {
	text, err := os.ReadFile("../../../openapi/companions.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Components struct {
			Schemas map[string]struct {
				Enum       []string
				Properties map[string]struct {
					Mask     string `yaml:"x-mask"`
					MaxItems int    `yaml:"maxItems"`
				}
			}
			Examples map[string]struct{ Value yaml.Node }
		}
	}
	if err := yaml.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	schemas := document.Components.Schemas
	wantMasks := map[string]string{}
	for name, field := range schemas["Notification"].Properties {
		if field.Mask != "" {
			wantMasks[name] = field.Mask
		}
	}
	if diff := cmp.Diff(wantMasks, masks); diff != "" {
		t.Errorf("masks (-document +code):\n%s", diff)
	}
	if diff := cmp.Diff(schemas["NotificationType"].Enum, slices.Sorted(maps.Keys(notificationTypes))); diff != "" {
		t.Errorf("types (-document +code):\n%s", diff)
	}
	known := map[string]bool{"delayMin": true, "intervalMin": true, "integrationId": true, "notifierId": true, "typeName": true, "": true}
	for _, typ := range notificationTypes {
		for _, field := range append([]string{typ.key}, typ.fields...) {
			known[field] = true
		}
	}
	delete(known, "")
	if diff := cmp.Diff(slices.Sorted(maps.Keys(schemas["Notification"].Properties)), slices.Sorted(maps.Keys(known))); diff != "" {
		t.Errorf("fields (-document +code):\n%s", diff)
	}
	if got := schemas["AlertConfigRequest"].Properties["notifications"].MaxItems; got != maxNotifications {
		t.Errorf("at most %d notifications, the document has %d", maxNotifications, got)
	}
	var names []any
	example := document.Components.Examples["FieldNames"].Value
	if err := example.Decode(&names); err != nil || !cmp.Equal(names, fieldNames) {
		t.Errorf("names of fields: %v, %v", names, err)
	}
}

// The generated table of bodies can be read, and has the operations of the document with their requests.
func TestOperationsAreThoseOfTheDocument(t *testing.T) {
	var document struct {
		Paths map[string]map[string]yaml.Node
	}
	if err := yaml.Unmarshal(openapi.Companions(), &document); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, path := range document.Paths {
		delete(path, "parameters")
		for method, node := range path {
			var op struct {
				OperationID string    `yaml:"operationId"`
				RequestBody yaml.Node `yaml:"requestBody"`
			}
			if err := node.Decode(&op); err != nil || op.OperationID == "" {
				t.Errorf("%s without an operationId: %v", method, err)
			}
			want[op.OperationID] = !op.RequestBody.IsZero()
		}
	}
	got := map[string]bool{}
	for id, b := range companions.Operations() {
		got[id] = b.Request != nil
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("operations with a request (-document +code):\n%s", diff)
	}
}
