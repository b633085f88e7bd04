package companions

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/fakeatlas/store"
	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/internal/atlas"
)

// The limits of alert configurations.
const (
	maxNotifications = 25
	maxAlerts        = 500 // of a project; that of Atlas is not known
)

// alertFields returns the fields of the alert configuration that a body describes, without read-only ones and with
// defaults. It checks all that does not depend on the project.
func alertFields(body []byte) (map[string]any, error) {
	var typed companions.AlertConfigRequest
	if _, err := decode(body, &typed); err != nil {
		return nil, err
	}
	sent := plainObject(body)
	if sent["eventTypeName"] == nil {
		return nil, wire.NewError("MISSING_ATTRIBUTE", "eventTypeName")
	}
	if err := checkValues(typed); err != nil {
		return nil, err
	}
	fields := map[string]any{"enabled": sent["enabled"] == true, "eventTypeName": sent["eventTypeName"], "matchers": []any{}}
	for _, name := range []string{"matchers", "severityOverride", "threshold", "metricThreshold"} {
		if value, ok := sent[name]; ok {
			fields[name] = value
		}
	}
	if err := setMetric(fields); err != nil {
		return nil, err
	}
	list, _ := sent["notifications"].([]any)
	var err error
	fields["notifications"], err = notifications(list)
	return fields, err
}

// plainObject decodes an object without members that are null or empty texts, which count as not sent.
func plainObject(body []byte) map[string]any {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var object map[string]any
	_ = decoder.Decode(&object) // it was decoded before
	clean(object)
	return object
}

func clean(value any) {
	switch value := value.(type) {
	case map[string]any:
		maps.DeleteFunc(value, func(_ string, member any) bool { return atlas.IsEmpty(member) })
		for _, member := range value {
			clean(member)
		}
	case []any:
		for _, element := range value {
			clean(element)
		}
	}
}

// checkValues rejects values that are in none of the lists of the document.
func checkValues(sent companions.AlertConfigRequest) error {
	if !sent.EventTypeName.Valid() {
		return wire.NewError("INVALID_EVENT_TYPE_FOR_ALERT", shown(string(sent.EventTypeName)))
	}
	bad := invalid(sent.SeverityOverride)
	for _, t := range []*companions.Threshold{sent.Threshold, sent.MetricThreshold} {
		if t != nil {
			bad = append(bad, append(invalid(t.Mode), invalid(t.Operator)...)...)
		}
	}
	for _, m := range sent.Matchers {
		if m.FieldName == "" {
			return wire.NewError("MISSING_ATTRIBUTE", "fieldName")
		}
		if m.Operator == "" {
			return wire.NewError("MISSING_ATTRIBUTE", "operator")
		}
		bad = append(bad, invalid(&m.Operator)...)
		if !slices.Contains(fieldNames, any(m.FieldName)) && !hasOtherFields(sent.EventTypeName) {
			bad = append(bad, m.FieldName)
		}
	}
	for _, n := range sent.Notifications {
		bad = append(bad, slices.Concat(invalid(n.Region), invalid(n.DatadogRegion), invalid(n.OpsGenieRegion))...)
	}
	if len(bad) > 0 {
		return wire.NewError("INVALID_ENUM_VALUE", shown(bad[0]))
	}
	return nil
}

// hasOtherFields reports whether matchers for an event can name fields that are not known. The list of Atlas has none
// of stream processors.
func hasOtherFields(event companions.EventType) bool {
	return strings.Contains(string(event), "STREAM_PROCESSOR")
}

// invalid returns the value of an enum unless it is valid or missing.
func invalid[T interface {
	~string
	Valid() bool
}](value *T) []string {
	if value == nil || (*value).Valid() {
		return nil
	}
	return []string{string(*value)}
}

// setMetric checks the threshold of a metric, and writes it as a float, as Atlas does.
func setMetric(fields map[string]any) error {
	metric, sent := fields["metricThreshold"].(map[string]any)
	if !sent {
		return nil
	}
	if metric["metricName"] == nil {
		return wire.NewError("MISSING_ATTRIBUTE", "metricName")
	}
	if n, ok := metric["threshold"].(json.Number); ok && !strings.ContainsAny(string(n), ".eE") {
		metric["threshold"] = n + ".0"
	}
	return nil
}

// notifications returns the fields of each notification.
func notifications(sent []any) ([]any, error) {
	switch {
	case len(sent) == 0:
		return nil, wire.NewError("MISSING_NOTIFICATIONS")
	case len(sent) > maxNotifications:
		return nil, wire.NewError("MAX_NOTIFICATIONS_PER_ALERT_EXCEEDED", strconv.Itoa(maxNotifications))
	}
	list, groups, ids := make([]any, len(sent)), 0, map[any]bool{}
	for i, item := range sent {
		object, _ := item.(map[string]any)
		n, err := ownFields(object)
		if err != nil {
			return nil, err
		}
		if list[i] = n; n["typeName"] == "GROUP" {
			groups++
		}
		id := n["notifierId"]
		if id != nil && ids[id] {
			return nil, wire.NewError("INVALID_ATTRIBUTE", "notifierId")
		}
		ids[id] = true
	}
	if groups > 1 {
		return nil, wire.NewError("TOO_MANY_GROUP_NOTIFICATIONS")
	}
	return list, nil
}

// relations are the dependencies of notifications.
type relations struct {
	*API
	old          []any // the stored notifications of the alert configuration
	integrations []store.Integration
	restored     bool // they come with a snapshot
}

// complete returns fields for the store: with the credentials that an update kept, and the IDs of new notifications. It
// rejects fields that the project does not allow.
func (r relations) complete(fields map[string]any) (map[string]any, error) {
	fields = maps.Clone(fields)
	list := slices.Clone(fields["notifications"].([]any))
	owners := r.owners(list)
	for i, item := range list {
		n := maps.Clone(item.(map[string]any))
		typ := notificationTypes[n["typeName"].(string)]
		for _, field := range typ.secrets() {
			if err := r.keep(n, owners[i], field); err != nil {
				return nil, err
			}
		}
		if err := r.checkKey(n, typ); err != nil {
			return nil, err
		}
		for _, field := range regions {
			if slices.Contains(typ.fields, field) && n[field] == nil && n[typ.key] != nil {
				n[field] = defaultRegion
			}
		}
		if n["notifierId"] == nil {
			n["notifierId"] = r.NewID()
		}
		if !r.Plain {
			n = masked(n)
		}
		list[i] = n
	}
	fields["notifications"] = list
	return fields, nil
}

// keep sets a secret that was not sent, or sent as its mask, to that of its owner, see [relations.owners], else of any
// stored notification with the mask. Only a notification with the ID of its owner may omit a secret.
func (r relations) keep(n, owner map[string]any, field string) error {
	sent, isSent := n[field].(string)
	switch {
	case isSent && !isMask(field, sent), r.restored && !r.Plain:
		return nil
	case !isSent:
		if owner[field] != nil && owner["notifierId"] == n["notifierId"] && n["integrationId"] == nil {
			n[field] = owner[field]
		}
		return nil
	}
	for _, item := range append([]any{owner}, r.old...) {
		stored, _ := item.(map[string]any)
		if stored["typeName"] != n["typeName"] || !r.has(stored, n, field, sent) {
			continue
		}
		if n[field] = stored[field]; n[field] == nil {
			delete(n, field)
		}
		return nil
	}
	if r.inherits(n, field, sent) {
		delete(n, field)
		return nil
	}
	return wire.NewError("INVALID_ATTRIBUTE", field) // a mask is not a secret
}

// inherits reports whether a mask is that of the WEBHOOK integration, which responses show for a notification without a
// value of its own.
func (r relations) inherits(n map[string]any, field, sent string) bool {
	return slices.ContainsFunc(r.integrations, func(in store.Integration) bool {
		value, _ := in.Fields[inherited[field]].(string)
		return in.Type == webhook && n["typeName"] == webhook && value != "" && mask(field, value) == sent
	})
}

// checkKey checks that a notification has credentials or an address, of its own or of an integration of the project.
// Only those of a WEBHOOK must still exist if the notification comes with a snapshot.
func (r relations) checkKey(n map[string]any, typ notificationType) error {
	name := n["typeName"].(string)
	if id := n["integrationId"]; id != nil {
		known := slices.ContainsFunc(r.integrations, func(in store.Integration) bool { return in.Type == name && in.ID == id })
		if known || r.restored && name != webhook {
			return nil
		}
		return wire.NewError("INVALID_ATTRIBUTE", "integrationId")
	}
	switch {
	case typ.key == "" || n[typ.key] != nil:
		return nil
	case name != webhook:
		return wire.NewError("MISSING_ATTRIBUTE", typ.key)
	case !slices.ContainsFunc(r.integrations, func(in store.Integration) bool { return in.Type == webhook }):
		return wire.NewError("WEBHOOK_URL_NOT_SET")
	}
	return nil
}
