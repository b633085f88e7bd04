package companions

import (
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/fakeatlas/internal/wire"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// notificationType has the fields and rules of notifications of a type.
type notificationType struct {
	key          string   // the field with the credentials or the address, empty if there is none
	fields       []string // the other fields of its own
	integrations bool     // it can use an integration of the project
	noInterval   bool     // intervalMin is ignored
}

// people are the fields of notifications to people.
var people = []string{"emailEnabled", "smsEnabled"}

// notificationTypes are the types of notifications by name.
var notificationTypes = map[string]notificationType{
	"DATADOG":         {"datadogApiKey", []string{"datadogRegion"}, true, false},
	"EMAIL":           {"emailAddress", nil, false, false},
	"GROUP":           {"", append([]string{"roles"}, people...), false, false},
	"HIP_CHAT":        {"notificationToken", []string{"roomName"}, true, false},
	"MICROSOFT_TEAMS": {"microsoftTeamsWebhookUrl", nil, true, false},
	"OPS_GENIE":       {"opsGenieApiKey", []string{"opsGenieRegion"}, true, true},
	"ORG":             {"", append([]string{"roles"}, people...), false, false},
	"PAGER_DUTY":      {"serviceKey", []string{"region"}, true, true},
	"SLACK":           {"apiToken", []string{"channelName"}, true, false},
	"SMS":             {"mobileNumber", nil, false, false},
	"TEAM":            {"teamId", append([]string{"teamName"}, people...), false, false},
	"USER":            {"username", people, false, false},
	"VICTOR_OPS":      {"victorOpsApiKey", []string{"victorOpsRoutingKey"}, true, true},
	webhook:           {webhookURL, []string{webhookSecret, "webhookBodyTemplate", "webhookHeadersTemplate"}, true, false},
}

const (
	webhook       = "WEBHOOK"
	webhookURL    = "webhookUrl"
	webhookSecret = "webhookSecret"
)

// inherited maps the fields that a notification to a webhook takes from the integration to the names that they have
// there.
var inherited = map[string]string{webhookURL: "url", webhookSecret: "secret"}

// masks are the secret fields and how responses show them. A test compares them with the document.
var masks = map[string]string{
	"apiToken": maskLast4, "datadogApiKey": maskLast4, "notificationToken": maskLast4, "opsGenieApiKey": maskLast4, "serviceKey": maskLast4,
	"victorOpsApiKey": maskLast4, "webhookBodyTemplate": maskLast4, "webhookHeadersTemplate": maskLast4,
	"microsoftTeamsWebhookUrl": maskHost, webhookURL: maskHost, webhookSecret: maskAll,
}

// keyForms are the keys whose form Atlas checks: the field of an integration with the same form, and the code of the
// error.
var keyForms = map[string]struct{ typ, field, code string }{
	"datadogApiKey": {"DATADOG", "apiKey", "INVALID_DATADOG_API_KEY"},
	"serviceKey":    {"PAGER_DUTY", "serviceKey", "INVALID_PAGER_DUTY_SERVICE_KEY"},
}

// orgRoles are the roles of notifications of type ORG. Those of GROUP are not known.
var orgRoles = []any{
	"ORG_OWNER", "ORG_MEMBER", "ORG_GROUP_CREATOR", "ORG_BILLING_ADMIN", "ORG_BILLING_READ_ONLY", "ORG_READ_ONLY",
}

const (
	maskLast4 = "last4"
	maskHost  = "host"
	maskAll   = "all"
)

// mask returns a secret as responses show it. A masked text is returned unchanged.
func mask(field, secret string) string {
	switch masks[field] {
	case maskLast4:
		return atlas.Mask(schemas.MaskLast4, secret)
	case maskHost:
		host, _, found := strings.Cut(atlas.Mask(schemas.MaskOrigin, secret), "/****")
		if found {
			return host + "/****"
		}
	}
	return strings.Repeat("*", len([]rune(secret)))
}

func isMask(field, value string) bool {
	return strings.Contains(value, "*") && mask(field, value) == value
}

// secrets returns the secret fields that a notification of a type can have.
func (t notificationType) secrets() []string {
	return slices.DeleteFunc(append([]string{t.key}, t.fields...), func(name string) bool { return masks[name] == "" })
}

// masked returns a notification with the masks of its secrets.
func masked(n map[string]any) map[string]any {
	shown := make(map[string]any, len(n))
	for name, value := range n {
		if text, isText := value.(string); isText && masks[name] != "" {
			value = mask(name, text)
		}
		shown[name] = value
	}
	return shown
}

// defaultRegion is that of notifications that have credentials of their own.
const defaultRegion = "US"

var regions = []string{"datadogRegion", "opsGenieRegion", "region"}

// ownFields returns the fields of a sent notification that its type has, with defaults. It makes the checks that do not
// depend on the project.
func ownFields(sent map[string]any) (map[string]any, error) {
	name, _ := sent["typeName"].(string)
	if name == "" {
		return nil, wire.NewError("MISSING_ATTRIBUTE", "typeName")
	}
	typ, known := notificationTypes[name]
	if !known {
		return nil, wire.NewError("UNSUPPORTED_NOTIFICATION_TYPE", shown(name))
	}
	n := map[string]any{"typeName": name, "delayMin": json.Number("0")}
	for _, field := range append([]string{typ.key, "delayMin", "integrationId", "notifierId"}, typ.fields...) {
		if value, ok := sent[field]; ok {
			n[field] = value
		} else if slices.Contains(people, field) {
			n[field] = false
		}
	}
	if number(n["delayMin"]) < 0 {
		return nil, wire.NewError("INVALID_ATTRIBUTE", "delayMin")
	}
	if err := setInterval(n, number(sent["intervalMin"]), typ.noInterval); err != nil {
		return nil, err
	}
	if err := checkIDs(n, typ, sent["integrationId"] != nil); err != nil {
		return nil, err
	}
	if err := checkKeyForm(n); err != nil {
		return nil, err
	}
	return n, checkRecipients(name, n)
}

// checkKeyForm rejects keys of the wrong form. A masked key is compared with the stored one later.
func checkKeyForm(n map[string]any) error {
	for name, form := range keyForms {
		key, sent := n[name].(string)
		if sent && !isMask(name, key) && !atlas.Find(schemas.V2, form.typ).Payload.Lookup(form.field).Form.Matches(key) {
			return wire.NewError(form.code)
		}
	}
	return nil
}

// number returns an integer that was decoded as one before, 0 if there is none.
func number(value any) int64 {
	n, _ := value.(json.Number)
	i, _ := n.Int64()
	return i
}

// shortestInterval is the shortest time between notifications, in minutes. Terraform sends 0 for none.
const shortestInterval = 5

func setInterval(n map[string]any, minutes int64, ignored bool) error {
	switch {
	case minutes < 0, !ignored && minutes > 0 && minutes < shortestInterval:
		return wire.NewError("NOTIFICATION_INTERVAL_OUT_OF_RANGE")
	case !ignored && minutes > 0:
		n["intervalMin"] = json.Number(strconv.FormatInt(minutes, 10))
	}
	return nil
}

func checkIDs(n map[string]any, typ notificationType, sendsIntegration bool) error {
	if sendsIntegration && !typ.integrations {
		return wire.NewError("INVALID_ATTRIBUTE", "integrationId")
	}
	for _, field := range []string{"integrationId", "notifierId"} {
		if id, sent := n[field].(string); sent && !atlas.IsID(id) {
			return wire.NewError("INVALID_ATTRIBUTE", field)
		}
	}
	return nil
}

// checkRecipients checks the recipients of a notification: people, roles and URLs.
func checkRecipients(typ string, n map[string]any) error {
	silent := n["emailEnabled"] == false && n["smsEnabled"] == false
	switch {
	case typ == "GROUP" && silent:
		return wire.NewError("EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION")
	case typ == "USER" && silent:
		return wire.NewError("EMAIL_OR_SMS_REQUIRED_FOR_USER_NOTIFICATION")
	}
	if roles, sent := n["roles"].([]any); sent && len(roles) == 0 {
		if typ == "GROUP" {
			return wire.NewError("MISSING_ROLES_FOR_GROUP_NOTIFICATION")
		}
		delete(n, "roles")
	} else if slices.Contains(roles, any("")) || slices.Contains(roles, nil) {
		return wire.NewError("INVALID_ATTRIBUTE", "roles")
	} else if typ == "ORG" {
		for _, role := range roles {
			if text, _ := role.(string); !slices.Contains(orgRoles, role) {
				return wire.NewError("INVALID_ENUM_VALUE", shown(text))
			}
		}
	}
	for field, how := range masks {
		if text, sent := n[field].(string); sent && how == maskHost && !isURL(text) {
			return wire.NewError("INVALID_URL", hidden) // a URL may contain a key
		}
	}
	return nil
}

func isURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
