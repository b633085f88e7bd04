package openapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/atlasint/atlasint/gen/schemas"
)

type code struct {
	status int
	detail string
}

// officialCodes are the error codes as MongoDB's list of Atlas errors has them, with %s for each placeholder.
// INVALID_VERSION_DATE and IP_ADDRESS_NOT_ON_ACCESS_LIST are not among them: real answers have another text and
// another name.
var officialCodes = map[string]code{
	"ACCESS_FORBIDDEN":                        {403, "Access to this resource is forbidden for current user."},
	"ATTRIBUTE_READ_ONLY":                     {400, "The attribute %s is read-only and cannot be changed by the user."},
	"DATADOG_NOT_SUPPORTED_FOR_CLOUD_MANAGER": {400, "Datadog integration is not supported for Cloud Manager projects."},
	"GROUP_MISMATCH":                          {400, "The specified group ID %s does not match the URL."},
	"GROUP_NOT_FOUND":                         {404, "No group with ID %s exists."},
	"HIPCHAT_NOT_SUPPORTED":                   {400, "HipChat integration is only supported for Ops Manager projects."},
	"INTEGRATION_ALREADY_CONFIGURED":          {409, "The integration of type '%s' is already configured for this group."},
	"INTEGRATION_NOT_CONFIGURED":              {404, "The integration of type '%s' is not configured for this group."},
	"INVALID_ATLAS_GROUP":                     {404, "Atlas group %s is in an invalid state and cannot be loaded."},
	"INVALID_ATTRIBUTE":                       {400, "Invalid attribute %s specified."},
	"INVALID_DATADOG_API_KEY":                 {400, "Datadog API key must consist of 32 hexadecimal digits."},
	"INVALID_ENUM_VALUE":                      {400, "An invalid enumeration value %s was specified."},
	"INVALID_FLOWDOCK_FLOW_NAME":              {400, "Flowdock flow name cannot contain spaces."},
	"INVALID_GROUP_ID":                        {404, "An invalid group ID %s was specified."},
	"INVALID_INTEGRATION_SETTINGS":            {400, "The provided settings for the %s integration were invalid: %s."},
	"INVALID_JSON":                            {400, "Received JSON does not match expected format."},
	"INVALID_JSON_ATTRIBUTE":                  {400, "Received JSON for the %s attribute does not match expected format."},
	"INVALID_PAGER_DUTY_SERVICE_KEY":          {400, "PagerDuty service key must consist of 32 hexadecimal digits."},
	"INVALID_PATH_PARAMETER":                  {400, "Invalid path parameter %s specified."},
	"INVALID_QUERY_PARAMETER":                 {400, "Invalid query parameter %s specified."},
	"INVALID_URL":                             {400, "Invalid URL %s."},
	"LEGACY_SLACK_CONFIGURATION_UNSUPPORTED":  {400, "Legacy configurations for Slack are not permitted; OAuth2 must be configured via the UI."},
	"MALFORMED_JSON":                          {400, "Received JSON is malformed."},
	"MISSING_ATTRIBUTE":                       {400, "The required attribute %s was not specified."},
	"MISSING_ATTRIBUTES":                      {400, "The required attributes %s were not specified."},
	"MISSING_OR_INVALID_ATTRIBUTE":            {400, "The required attribute %s was incorrectly specified or omitted."},
	"MUST_RECONFIGURE_SLACK_OAUTH2":           {400, "Slack API Tokens and Teams can only be modified by reconfiguring OAuth2 via the UI."},
	"NOT_ATLAS_GROUP":                         {404, "Group %s is not an Atlas group; use the Cloud Manager Public API at /api/public/v1.0 to access it."},
	"NOT_IN_GROUP":                            {401, "The current user is not in the group, or the group does not exist."},
	"NO_CURRENT_USER":                         {401, "No current user."},
	"RATE_LIMITED":                            {429, "Resource %s is limited to %s requests every %s minutes."},
	"RESOURCE_NOT_FOUND":                      {404, "Cannot find resource %s."},
	"SLACK_OAUTH2_NOT_CONFIGURED":             {400, "Slack OAuth2 is not yet configured, and must be configured via the UI."},
	"UNEXPECTED_ERROR":                        {500, "Unexpected error."},
	"USER_CANNOT_ACCESS_GROUP":                {401, "User cannot access this group."},
	"USER_UNAUTHORIZED":                       {401, "Current user is not authorized to perform this action."},
	"VALIDATION_ERROR":                        {400, "The request content produced the validation error: %s."},
	"WEBHOOK_NOTIFICATIONS_PRESENT":           {400, "Webhook settings cannot be deleted when notifications for this integration are present."},
	"WEBHOOK_URL_NOT_SET":                     {400, "Webhook URL must be set in the group before adding webhook notifications."},
	"WRITES_NOT_ALLOWED_DURING_APP_UPGRADES":  {405, "Create, update, and delete API endpoints are disabled while the system is being upgraded."},
}

// The texts are compared with those of the list, so that none that is marked official is our own.
func TestErrorCodesHaveTheOfficialTexts(t *testing.T) {
	found := map[string]code{}
	for _, c := range schemas.ErrorCodes {
		_, listed := officialCodes[c.Code]
		if listed {
			found[c.Code] = code{c.Status, c.Detail}
		} else if strings.HasPrefix(c.Evidence, "official") {
			t.Errorf("%s is marked official; add its text to the list", c.Code)
		}
	}
	if diff := cmp.Diff(officialCodes, found, cmp.AllowUnexported(code{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
