package serving

import (
	"os"
	"strings"

	"github.com/atlasint/atlasint/internal/redact"
)

// Credential is a credential that clients must send: from its flag, its environment variable, or a documented
// default.
type Credential struct {
	Flag, Variable, Default string
	Public                  bool   // not a secret
	Value                   string // of the flag; [Credential.Resolve] completes it
	source                  string
}

// fromEnvironment is the source of a value of a variable.
const fromEnvironment = "the environment"

// Usage returns the help of the flag.
func (c *Credential) Usage() string {
	text := strings.ReplaceAll(c.Flag, "-", " ") + "; better $" + c.Variable
	if c.Default != "" {
		text += " (default " + c.Default + ")"
	}
	return text
}

// Resolve sets the value: that of the flag if it was set, else of the environment, else the default.
func (c *Credential) Resolve(flagIsSet bool) {
	if flagIsSet {
		c.source = "--" + c.Flag
		return
	}
	c.Value, c.source = os.Getenv(c.Variable), fromEnvironment
	if c.Value == "" {
		c.Value, c.source = c.Default, "the default"
	}
}

// name returns the flag or the variable that has set the value.
func (c *Credential) name() string {
	if c.source == fromEnvironment {
		return "$" + c.Variable
	}
	return c.source
}

// display returns the credential for the terminal. Secrets are shown only if they are the documented default.
func (c *Credential) display() string {
	if c.Public || c.Value == c.Default {
		return redact.Path(c.Value)
	}
	return "(from " + c.source + ")"
}
