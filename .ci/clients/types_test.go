package clients

// typeCase is one integration type as a client sends it, reads it, changes it and reads it again.
type typeCase struct {
	typ    string
	sent   string // a whole payload
	read   string // how it is read: masked, with defaults, as far as the client knows the fields
	change string // what a later update changes
	reread string // how it is read then
	secret string // a field that is kept in the clear
}

// The tables are in the order in which lists come.

// typesV1 are the ten types of v1.0, with the fields that its Go client knows.
var typesV1 = []typeCase{
	{
		typ:    "PAGER_DUTY",
		sent:   `{"type":"PAGER_DUTY","serviceKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846"}`,
		read:   `{"type":"PAGER_DUTY","serviceKey":"****************************2846","region":"US"}`,
		change: `{"serviceKey":"00000000000000000000000000001234"}`,
		reread: `{"type":"PAGER_DUTY","serviceKey":"****************************1234","region":"US"}`,
		secret: "serviceKey",
	},
	{
		typ:    "SLACK",
		sent:   `{"type":"SLACK","apiToken":"xoxb-not-a-real-token","channelName":"alerts","teamName":"databases"}`,
		read:   `{"type":"SLACK","apiToken":"*****************oken","channelName":"alerts","teamName":"databases"}`,
		change: `{"channelName":"calm"}`,
		reread: `{"type":"SLACK","apiToken":"*****************oken","channelName":"calm","teamName":"databases"}`,
		secret: "apiToken",
	},
	{
		typ:    "DATADOG",
		sent:   `{"type":"DATADOG","apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579","region":"US3"}`,
		read:   `{"type":"DATADOG","apiKey":"****************************3579","region":"US3"}`,
		change: `{"region":"EU"}`,
		reread: `{"type":"DATADOG","apiKey":"****************************3579","region":"EU"}`,
		secret: "apiKey",
	},
	{
		typ:    "NEW_RELIC",
		sent:   `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a6","licenseKey":"c4e6a8b0d2f41357c9ebad0f2143658709badcfe","readToken":"not-a-real-read-token","writeToken":"not-a-real-write-token"}`,
		read:   `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a6","licenseKey":"************************************dcfe","readToken":"*****************oken","writeToken":"******************oken"}`,
		change: `{"accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a7"}`,
		reread: `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a7","licenseKey":"************************************dcfe","readToken":"*****************oken","writeToken":"******************oken"}`,
		secret: "licenseKey",
	},
	{
		typ:    "OPS_GENIE",
		sent:   `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`,
		read:   `{"type":"OPS_GENIE","apiKey":"********************************2e64","region":"EU"}`,
		change: `{"region":"US"}`,
		reread: `{"type":"OPS_GENIE","apiKey":"********************************2e64","region":"US"}`,
		secret: "apiKey",
	},
	{
		typ:    "VICTOR_OPS",
		sent:   `{"type":"VICTOR_OPS","apiKey":"1c8e4a6f-0b2d-4957-a3e1-6d9f7b5c2048","routingKey":"databases"}`,
		read:   `{"type":"VICTOR_OPS","apiKey":"********************************2048","routingKey":"databases"}`,
		change: `{"routingKey":"nights"}`,
		reread: `{"type":"VICTOR_OPS","apiKey":"********************************2048","routingKey":"nights"}`,
		secret: "apiKey",
	},
	{
		typ:    "FLOWDOCK",
		sent:   `{"type":"FLOWDOCK","flowName":"databases","apiToken":"not-a-real-token","orgName":"example"}`,
		read:   `{"type":"FLOWDOCK","flowName":"databases","apiToken":"************oken","orgName":"example"}`,
		change: `{"flowName":"nights"}`,
		reread: `{"type":"FLOWDOCK","flowName":"nights","apiToken":"************oken","orgName":"example"}`,
		secret: "apiToken",
	},
	{
		typ:    "WEBHOOK",
		sent:   `{"type":"WEBHOOK","url":"https://hooks.example.com/atlas/4f7c","secret":"not-a-real-secret"}`,
		read:   `{"type":"WEBHOOK","url":"https://hooks.example.com/****4f7c","secret":"*************cret"}`,
		change: `{"url":"https://other.example.com/atlas/9a1e"}`,
		reread: `{"type":"WEBHOOK","url":"https://other.example.com/****9a1e","secret":"*************cret"}`,
		secret: "secret",
	},
	{
		typ:    "PROMETHEUS",
		sent:   `{"type":"PROMETHEUS","enabled":true,"username":"prom_reader","password":"not-a-real-password","serviceDiscovery":"http","scheme":"https"}`,
		read:   `{"type":"PROMETHEUS","enabled":true,"username":"prom_reader","serviceDiscovery":"http","scheme":"https"}`,
		change: `{"username":"prom_other"}`,
		reread: `{"type":"PROMETHEUS","enabled":true,"username":"prom_other","serviceDiscovery":"http","scheme":"https"}`,
		secret: "password",
	},
	{
		typ:    "MICROSOFT_TEAMS",
		sent:   `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/4f7c@9a1e/IncomingWebhook/2d6b"}`,
		read:   `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****2d6b"}`,
		change: `{"microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/9d1e"}`,
		reread: `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****9d1e"}`,
		secret: "microsoftTeamsWebhookUrl",
	},
}

// typesV2 are the nine types of v2, with the fields that the SDK knows.
var typesV2 = []typeCase{
	{
		typ:    "PAGER_DUTY",
		sent:   `{"type":"PAGER_DUTY","serviceKey":"5f1d3b7a9c2e4806b1d7f3a95c0e2846","region":"EU"}`,
		read:   `{"type":"PAGER_DUTY","serviceKey":"****************************2846","region":"EU"}`,
		change: `{"region":"US"}`,
		reread: `{"type":"PAGER_DUTY","serviceKey":"****************************2846","region":"US"}`,
		secret: "serviceKey",
	},
	{
		typ:    "SLACK",
		sent:   `{"type":"SLACK","apiToken":"xoxb-not-a-real-token","channelName":"alerts","teamName":"databases"}`,
		read:   `{"type":"SLACK","apiToken":"*****************oken","channelName":"alerts","teamName":"databases"}`,
		change: `{"channelName":"calm"}`,
		reread: `{"type":"SLACK","apiToken":"*****************oken","channelName":"calm","teamName":"databases"}`,
		secret: "apiToken",
	},
	{
		typ:    "DATADOG",
		sent:   `{"type":"DATADOG","apiKey":"a3c9e17b5d204f68b0e2d4c6a8f13579","region":"US5","sendDatabaseMetrics":true}`,
		read:   `{"type":"DATADOG","apiKey":"****************************3579","region":"US5","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":true}`,
		change: `{"region":"EU"}`,
		reread: `{"type":"DATADOG","apiKey":"****************************3579","region":"EU","sendCollectionLatencyMetrics":false,"sendDatabaseMetrics":true}`,
		secret: "apiKey",
	},
	{
		typ:    "NEW_RELIC",
		sent:   `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a6","licenseKey":"c4e6a8b0d2f41357c9ebad0f2143658709badcfe","readToken":"not-a-real-read-token","writeToken":"not-a-real-write-token"}`,
		read:   `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a6","licenseKey":"************************************dcfe","readToken":"*****************oken","writeToken":"******************oken"}`,
		change: `{"accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a7"}`,
		reread: `{"type":"NEW_RELIC","accountId":"3b9d1f5a7c2e4068b1d3f5a79c0e2468b0d2f4a7","licenseKey":"************************************dcfe","readToken":"*****************oken","writeToken":"******************oken"}`,
		secret: "licenseKey",
	},
	{
		typ:    "OPS_GENIE",
		sent:   `{"type":"OPS_GENIE","apiKey":"7d2f9c1e-4b6a-4f80-9e3d-5a7c1b0f2e64","region":"EU"}`,
		read:   `{"type":"OPS_GENIE","apiKey":"********************************2e64","region":"EU"}`,
		change: `{"region":"US"}`,
		reread: `{"type":"OPS_GENIE","apiKey":"********************************2e64","region":"US"}`,
		secret: "apiKey",
	},
	{
		typ:    "VICTOR_OPS",
		sent:   `{"type":"VICTOR_OPS","apiKey":"1c8e4a6f-0b2d-4957-a3e1-6d9f7b5c2048","routingKey":"databases"}`,
		read:   `{"type":"VICTOR_OPS","apiKey":"********************************2048","routingKey":"databases"}`,
		change: `{"routingKey":"nights"}`,
		reread: `{"type":"VICTOR_OPS","apiKey":"********************************2048","routingKey":"nights"}`,
		secret: "apiKey",
	},
	{
		typ:    "WEBHOOK",
		sent:   `{"type":"WEBHOOK","url":"https://hooks.example.com/atlas/4f7c","secret":"not-a-real-secret"}`,
		read:   `{"type":"WEBHOOK","url":"https://hooks.example.com/****4f7c","secret":"*************cret"}`,
		change: `{"url":"https://other.example.com/atlas/9a1e"}`,
		reread: `{"type":"WEBHOOK","url":"https://other.example.com/****9a1e","secret":"*************cret"}`,
		secret: "secret",
	},
	{
		typ:    "PROMETHEUS",
		sent:   `{"type":"PROMETHEUS","enabled":true,"username":"prom_reader","password":"not-a-real-password","serviceDiscovery":"http"}`,
		read:   `{"type":"PROMETHEUS","enabled":true,"username":"prom_reader","serviceDiscovery":"http"}`,
		change: `{"username":"prom_other"}`,
		reread: `{"type":"PROMETHEUS","enabled":true,"username":"prom_other","serviceDiscovery":"http"}`,
		secret: "password",
	},
	{
		typ:    "MICROSOFT_TEAMS",
		sent:   `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/4f7c@9a1e/IncomingWebhook/2d6b"}`,
		read:   `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****2d6b"}`,
		change: `{"microsoftTeamsWebhookUrl":"https://example.webhook.office.com/webhookb2/9d1e"}`,
		reread: `{"type":"MICROSOFT_TEAMS","microsoftTeamsWebhookUrl":"https://example.webhook.office.com/****9d1e"}`,
		secret: "microsoftTeamsWebhookUrl",
	},
}
