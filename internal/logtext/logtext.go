// Package logtext prepares requests for logs and journals. It shows only the words of the API and of the
// fake's control API, and writes "(hidden)" for everything else: a client may have put a secret anywhere,
// and a short one looks like a word.
package logtext

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/atlasint/atlasint/gen/companions"
	"github.com/atlasint/atlasint/gen/schemas"
	"github.com/atlasint/atlasint/internal/atlas"
)

// Hidden replaces every word that the API does not have.
const Hidden = "(hidden)"

// maxShown is the length in bytes at which paths, queries and headers are cut.
const maxShown = 200

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions,
	http.MethodTrace, http.MethodConnect,
}

// segments are the fixed segments of paths, in the API's documents and in that of the control API.
var segments = []string{
	"api", "atlas", "v1.0", "v2", "groups", "integrations", "oauth", "token", "revoke",
	"orgs", "byName", "settings", "users", "limits", "teams", "ipAddresses", "clusters", "managedSlowMs", "enable", "disable", "accessList",
	"peers", "privateEndpoint", "regionalMode", "AWS", "AZURE", "GCP", "endpointService", "customDBRoles", "roles", "encryptionAtRest",
	"auditLog", "backupCompliancePolicy", "alertConfigs", "matchers", "fieldNames",
	"_atlasint", "health", "state", "reset", "requests", "faults", "stubs", "clock", "metrics", "openapi.yaml", "overview",
	"types", "validate", "send", "events", "ui", "login", "logout", "session",
}

// idParents are the segments before a segment with an id of 24 hexadecimal digits.
var idParents = []string{"groups", "orgs", "teams", "alertConfigs"}

// parameters are the query parameters whose values are booleans or numbers.
var parameters = []string{
	"envelope", "pretty", "includeCount", "itemsPerPage", "pageNum", "challenge", "limit", "masked", "min", "since", "flattenTeams",
	"includeOrgUsers", "includeDeletedWithRetainedBackups",
}

// named are the other query parameters: project and projectOwnerId have an id, the others any text.
var named = []string{"project", "path", "name", "projectOwnerId", "orgMembershipStatus", "username", "providerName",
	"method", "status", "type", "wait"}

var types = sync.OnceValue(func() []string {
	var names []string
	for _, t := range schemas.Types {
		names = append(names, t.Name)
	}
	for _, t := range schemas.RejectedTypes {
		names = append(names, t.Name)
	}
	return names
})

// Methods returns the methods that [Method] shows.
func Methods() []string { return slices.Clone(methods) }

// Method returns the method, or Hidden.
func Method(s string) string { return knownOr(slices.Contains(methods, s), s) }

// Type returns an integration type of either API version, or Hidden. For "" it returns "".
func Type(s string) string { return knownOr(s == "" || slices.Contains(types(), s), s) }

// ID returns an id of 24 hexadecimal digits, or Hidden. For "" it returns "".
func ID(s string) string { return knownOr(s == "" || atlas.IsID(s), s) }

// Path returns an escaped path with Hidden for each unknown segment.
func Path(escaped string) string {
	parts := strings.Split(escaped, "/")
	shown := make([]string, len(parts))
	for i, part := range parts {
		part, verb := CutVerb(part)
		isID := i > 0 && slices.Contains(idParents, parts[i-1]) && atlas.IsID(part)
		isLimit := i > 0 && parts[i-1] == "limits" && companions.LimitName(part).Valid()
		shown[i] = knownOr(part == "" || isID || isLimit || IsSegment(part) || slices.Contains(types(), part), part) + verb
	}
	return cut(strings.Join(shown, "/"))
}

// CutVerb cuts the verb of an Atlas endpoint off a segment, with its colon, such as ":migrate". The verb is "" if there
// is none.
func CutVerb(segment string) (noun, verb string) {
	if i := strings.LastIndexByte(segment, ':'); i > 0 && slices.Contains(verbs, segment[i+1:]) {
		return segment[:i], segment[i:]
	}
	return segment, ""
}

// IsSegment reports whether the API or the control API has a fixed segment of that name in a path.
func IsSegment(s string) bool {
	return slices.Contains(segments, s) || slices.Contains(otherSegments, s)
}

// Query returns a raw query with Hidden for each unknown name and for each value that isn't a boolean, number
// or id where the API has one.
func Query(raw string) string {
	var shown []string
	for part := range strings.SplitSeq(raw, "&") {
		if part != "" {
			shown = append(shown, parameter(part))
		}
	}
	return cut(strings.Join(shown, "&"))
}

func parameter(part string) string {
	name, value, found := strings.Cut(part, "=")
	isPlain := slices.Contains(parameters, name)
	name = knownOr(isPlain || slices.Contains(named, name), name)
	switch {
	case !found:
		return name
	case isPlain:
		return name + "=" + knownOr(value == "" || isBool(value) || isNumber(value), value)
	case name == "project", name == "projectOwnerId", value == "":
		return name + "=" + ID(value)
	default:
		return name + "=" + Hidden
	}
}

func isBool(s string) bool {
	_, err := strconv.ParseBool(s)
	return err == nil
}

var number = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^-?\d{1,4}$`) })

// isNumber reports whether s may be a page or a count. A longer number may be a secret.
func isNumber(s string) bool {
	plain, err := url.QueryUnescape(s)
	return err == nil && plain == s && number().MatchString(s)
}

func knownOr(known bool, s string) string {
	if known {
		return s
	}
	return Hidden
}

// cut shortens a text that is fit to be shown.
func cut(s string) string {
	if len(s) > maxShown {
		return s[:maxShown] + "..."
	}
	return s
}
