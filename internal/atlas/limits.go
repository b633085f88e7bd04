package atlas

// BaseURL is the URL of the commercial Atlas.
const BaseURL = "https://cloud.mongodb.com"

// MaxPayload is the size in bytes above which the fake and, by default, the validator reject a payload. Payloads of
// Atlas stay under 32 KiB.
const MaxPayload = 1 << 20
