// Package hintkind has the kinds of hints that a program may replace by hints about its own options. The packages
// validate and client set them, and the command replaces such hints by hints about its flags.
package hintkind

// The kinds of hints of package validate.
const (
	Array      = "array"       // the input is an array of payloads
	One        = "one"         // the input is one payload, not an array
	APIVersion = "api-version" // the payload is for the API version in HintValue
	MaxSize    = "max-size"    // the payload is larger than the limit
	Answer     = "answer"      // the input is an answer of Atlas
)

// The kinds of hints of package client.
const (
	Credentials = "credentials" // pass credentials by an option, not in the base URL
	PlainHTTP   = "plain-http"  // use https, or set PlainHTTP of client.Options
	Timeout     = "timeout"     // set a longer Timeout
	Certificate = "certificate" // set a Transport that trusts your certificate authority
)

// OfClient returns the kinds of hints of package client.
func OfClient() []string { return []string{Credentials, PlainHTTP, Timeout, Certificate} }

// OfValidate returns the kinds of hints of package validate.
func OfValidate() []string { return []string{Array, One, APIVersion, MaxSize, Answer} }
