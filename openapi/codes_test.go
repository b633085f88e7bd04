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
// INVALID_VERSION_DATE and IP_ADDRESS_NOT_ON_ACCESS_LIST are not among them: real responses have another text and
// another name. EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION has the text for groups, and its pair that for users.
var officialCodes = map[string]code{
	"ACCESS_FORBIDDEN":                             {403, "Access to this resource is forbidden for current user."},
	"ALERT_CONFIG_NOT_FOUND":                       {404, "No alert configuration with ID %s exists in group %s."},
	"ATTRIBUTE_READ_ONLY":                          {400, "The attribute %s is read-only and cannot be changed by the user."},
	"CANNOT_CHANGE_GROUP_NAME":                     {403, "Current user is not authorized to change group name."},
	"CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS":     {409, "Cannot close group while it has active clusters; please terminate all clusters."},
	"DATADOG_NOT_SUPPORTED_FOR_CLOUD_MANAGER":      {400, "Datadog integration is not supported for Cloud Manager projects."},
	"EMAIL_OR_SMS_REQUIRED_FOR_GROUP_NOTIFICATION": {400, "Email and/or SMS must be enabled for group notifications."},
	"EMAIL_OR_SMS_REQUIRED_FOR_USER_NOTIFICATION":  {400, "Email and/or SMS must be enabled for user notifications."},
	"GROUP_ALREADY_EXISTS":                         {409, `A group with name "%s" already exists.`},
	"GROUP_MISMATCH":                               {400, "The specified group ID %s does not match the URL."},
	"GROUP_NAME_NOT_FOUND":                         {404, `No group with name "%s" exists.`},
	"GROUP_NOT_FOUND":                              {404, "No group with ID %s exists."},
	"HIPCHAT_NOT_SUPPORTED":                        {400, "HipChat integration is only supported for Ops Manager projects."},
	"INTEGRATION_ALREADY_CONFIGURED":               {409, "The integration of type '%s' is already configured for this group."},
	"INTEGRATION_NOT_CONFIGURED":                   {404, "The integration of type '%s' is not configured for this group."},
	"INVALID_ALERT_CONFIG_ID":                      {404, "An invalid alert configuration ID %s was specified."},
	"INVALID_ATLAS_GROUP":                          {404, "Atlas group %s is in an invalid state and cannot be loaded."},
	"INVALID_ATTRIBUTE":                            {400, "Invalid attribute %s specified."},
	"INVALID_DATADOG_API_KEY":                      {400, "Datadog API key must consist of 32 hexadecimal digits."},
	"INVALID_ENUM_VALUE":                           {400, "An invalid enumeration value %s was specified."},
	"INVALID_EVENT_TYPE_FOR_ALERT":                 {400, "Event type %s not supported for alerts."},
	"INVALID_FLOWDOCK_FLOW_NAME":                   {400, "Flowdock flow name cannot contain spaces."},
	"INVALID_GROUP_ID":                             {404, "An invalid group ID %s was specified."},
	"INVALID_GROUP_NAME":                           {400, `An invalid group name "%s" was specified.`},
	"INVALID_INTEGRATION_SETTINGS":                 {400, "The provided settings for the %s integration were invalid: %s."},
	"INVALID_JSON":                                 {400, "Received JSON does not match expected format."},
	"INVALID_JSON_ATTRIBUTE":                       {400, "Received JSON for the %s attribute does not match expected format."},
	"INVALID_ORG_ID":                               {404, "An invalid organization ID %s was specified."},
	"INVALID_PAGER_DUTY_SERVICE_KEY":               {400, "PagerDuty service key must consist of 32 hexadecimal digits."},
	"INVALID_PATH_PARAMETER":                       {400, "Invalid path parameter %s specified."},
	"INVALID_QUERY_PARAMETER":                      {400, "Invalid query parameter %s specified."},
	"INVALID_URL":                                  {400, "Invalid URL %s."},
	"LEGACY_SLACK_CONFIGURATION_UNSUPPORTED":       {400, "Legacy configurations for Slack are not permitted; OAuth2 must be configured via the UI."},
	"MALFORMED_JSON":                               {400, "Received JSON is malformed."},
	"MAX_ALERT_CONFIGS_PER_GROUP_EXCEEDED": {
		400,
		"Maximum number of alert configurations per group (%s) in %s exceeded " +
			"while trying to add alert configurations.",
	},
	"MAX_GROUPS_PER_ORG_EXCEEDED": {400, "Maximum number of groups per organization (%s) in %s exceeded while trying to add group."},
	"MAX_NOTIFICATIONS_PER_ALERT_EXCEEDED": {
		400,
		"Maximum number of notification methods per alert configuration (%s) exceeded " +
			"while trying to add notification methods.",
	},
	"MISSING_ATTRIBUTE":                      {400, "The required attribute %s was not specified."},
	"MISSING_ATTRIBUTES":                     {400, "The required attributes %s were not specified."},
	"MISSING_NOTIFICATIONS":                  {400, "At least one notification must be specified for an alert configuration."},
	"MISSING_OR_INVALID_ATTRIBUTE":           {400, "The required attribute %s was incorrectly specified or omitted."},
	"MISSING_ROLES_FOR_GROUP_NOTIFICATION":   {400, "Group notifications cannot specify an empty list of roles."},
	"MUST_RECONFIGURE_SLACK_OAUTH2":          {400, "Slack API Tokens and Teams can only be modified by reconfiguring OAuth2 via the UI."},
	"NOTIFICATION_INTERVAL_OUT_OF_RANGE":     {400, "Notifications must have an internal of at least 5 minutes."},
	"NOT_ATLAS_GROUP":                        {404, "Group %s is not an Atlas group; use the Cloud Manager Public API at /api/public/v1.0 to access it."},
	"NOT_IN_GROUP":                           {401, "The current user is not in the group, or the group does not exist."},
	"NOT_ORG_GROUP_CREATOR":                  {401, "The currently logged in user does not have the group creator role in organization %s."},
	"NO_CURRENT_USER":                        {401, "No current user."},
	"ORG_NOT_FOUND":                          {404, "No organization with ID %s exists."},
	"RATE_LIMITED":                           {429, "Resource %s is limited to %s requests every %s minutes."},
	"RESOURCE_NOT_FOUND":                     {404, "Cannot find resource %s."},
	"SLACK_OAUTH2_NOT_CONFIGURED":            {400, "Slack OAuth2 is not yet configured, and must be configured via the UI."},
	"TOO_MANY_GROUP_NOTIFICATIONS":           {400, "At most one group notification can be specified for an alert configuration."},
	"UNEXPECTED_ERROR":                       {500, "Unexpected error."},
	"UNSUPPORTED_NOTIFICATION_TYPE":          {400, "Notification type %s is unsupported."},
	"USER_CANNOT_ACCESS_GROUP":               {401, "User cannot access this group."},
	"USER_UNAUTHORIZED":                      {401, "Current user is not authorized to perform this action."},
	"VALIDATION_ERROR":                       {400, "The request content produced the validation error: %s."},
	"WEBHOOK_NOTIFICATIONS_PRESENT":          {400, "Webhook settings cannot be deleted when notifications for this integration are present."},
	"WEBHOOK_URL_NOT_SET":                    {400, "Webhook URL must be set in the group before adding webhook notifications."},
	"WRITES_NOT_ALLOWED_DURING_APP_UPGRADES": {405, "Create, update, and delete API endpoints are disabled while the system is being upgraded."},
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
