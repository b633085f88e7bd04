package cli

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/redact"
)

// credential is a credential that clients must send: from its flag, its environment variable, or a documented
// default.
type credential struct {
	flag, variable, fallback string
	public                   bool // not a secret
	value, source            string
}

func (c *credential) usage() string {
	text := strings.ReplaceAll(c.flag, "-", " ") + "; better $" + c.variable
	if c.fallback != "" {
		text += " (default " + c.fallback + ")"
	}
	return text
}

func (c *credential) resolve(cmd *cobra.Command) error {
	if cmd.Flags().Changed(c.flag) {
		c.source = "--" + c.flag
		if c.value == "" {
			return exit.Usagef("--%s is empty; leave it out, or give it a value", c.flag)
		}
		return nil
	}
	c.value, c.source = os.Getenv(c.variable), "the environment"
	if c.value == "" {
		c.value, c.source = c.fallback, "the default"
	}
	return nil
}

// display returns the credential for the terminal. Secrets are shown only if they are the documented default.
func (c *credential) display() string {
	if c.public || c.value == c.fallback {
		return redact.Path(c.value)
	}
	return "(from " + c.source + ")"
}
