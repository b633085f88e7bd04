package validate

import (
	"fmt"
	"slices"

	"github.com/atlasint/atlasint/internal/jsonpos"
	"github.com/atlasint/atlasint/internal/words"
)

type prometheusPasswordRule struct{}

func (prometheusPasswordRule) about() Rule {
	return Rule{
		ID: "prometheus-password", Default: Warning,
		Summary:  `a Prometheus integration is created without a password`,
		Evidence: `The schema of v2 does not require a password, but every client does (reported); v1.0 requires it (official); an update may leave it out`,
		Fails:    `{"type": "PROMETHEUS", "enabled": true, "username": "u", "serviceDiscovery": "http"}`,
		Passes:   `{"type": "PROMETHEUS", "enabled": true, "username": "u", "password": "p", "serviceDiscovery": "http"}`,
	}
}

func (r prometheusPasswordRule) payload(c *check, root *jsonpos.Value) {
	for i := range c.typ.Fields {
		f := &c.typ.Fields[i]
		if f.MissingOnCreate == r.about().ID && root.Member(f.Name) == nil {
			at := place(&root.Member("type").Value, f.Name)
			c.addWith(severities{r.about().Default, never}, r, at,
				fmt.Sprintf("%s: missing %q, which new integrations need", c.typ.Name, f.Name),
				hint("add it; only an update may leave it out, and keeps the stored value"))
		}
	}
}

type slackOAuthRule struct{}

func (slackOAuthRule) about() Rule {
	return Rule{
		ID: "slack-oauth", Default: Warning,
		Summary:  `a Slack integration is created, or an update sends its token or team: Slack is linked by OAuth2 in the user interface of Atlas`,
		Evidence: `The error list has LEGACY_SLACK_CONFIGURATION_UNSUPPORTED, SLACK_OAUTH2_NOT_CONFIGURED and MUST_RECONFIGURE_SLACK_OAUTH2 (official); reported: terraform-provider-mongodbatlas#1074, #2305`,
		Fails:    `{"type": "SLACK", "apiToken": "t-1", "channelName": "alerts"}`,
		Passes:   `as an update: {"type": "SLACK", "channelName": "alerts"}`,
	}
}

func (r slackOAuthRule) payload(c *check, root *jsonpos.Value) {
	c.caveatOnCreate(r, root)
	if c.typ.OAuthFields == nil {
		return
	}
	for i := range root.Members {
		m := &root.Members[i]
		f := c.typ.Payload.Lookup(m.Name)
		if f == nil || !f.Free() || slices.Contains(c.typ.OAuthFields, m.Name) || c.reported[&m.Value] && !c.refers(m.Value.Text) {
			continue
		}
		c.addWith(severities{never, r.about().Default}, r, place(&m.Value, m.Name),
			c.subject([]string{m.Name})+": Atlas rejects an update that changes this field of a workspace linked by OAuth2",
			hint("for such a workspace, send only "+words.Quoted(c.typ.OAuthFields, "and")))
	}
}

type retiredServiceRule struct{}

func (retiredServiceRule) about() Rule {
	return Rule{
		ID: "retired-service", Default: Warning,
		Summary:  `the service behind the integration is retired`,
		Evidence: `The New Relic plugin ended on 2021-06-16 (official); v2 does not have Flowdock (official)`,
		Fails:    `{"type": "NEW_RELIC", "accountId": "0123456789abcdef0123456789abcdef01234567", "licenseKey": "123456789abcdef0123456789abcdef012345678", "readToken": "t-1", "writeToken": "t-2"}`,
		Passes:   `{"type": "WEBHOOK", "url": "https://hooks.example.com/atlas"}`,
	}
}

func (r retiredServiceRule) payload(c *check, root *jsonpos.Value) { c.caveatOnCreate(r, root) }

// caveatOnCreate adds the warning that the API description has for every new integration of the type under the name
// of the rule.
func (c *check) caveatOnCreate(r rule, root *jsonpos.Value) {
	if text := c.caveatOf(r); text != "" {
		c.addWith(severities{r.about().Default, never}, r, place(&root.Member("type").Value, "type"), c.typ.Name+": "+text, advice{})
	}
}

// caveat adds the warning that the API description has for the type under the name of the rule.
func (c *check) caveat(r rule, root *jsonpos.Value) {
	if text := c.caveatOf(r); text != "" {
		c.add(r, place(&root.Member("type").Value, "type"), c.typ.Name+": "+text, advice{})
	}
}

// caveatOf returns the text of a rule about the type, "" if there is none.
func (c *check) caveatOf(r rule) string {
	for _, caveat := range c.typ.Caveats {
		if caveat.Value == r.about().ID {
			return caveat.Text
		}
	}
	return ""
}
