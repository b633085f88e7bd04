package usage

import (
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/atlasint/atlasint/internal/redact"
)

// connectionFlags are the flags that select a project, a server or an API version, in the order of [SetFlags].
var connectionFlags = []string{"api", "project", "base-url", "profile", "config", "url", "addr-file", "plain-http"}

// SetFlags returns the flags of a command that were set and select a project, a server or an API version, as text for
// a hint that names another command for the same project: such as " --api v1.0", "" for none.
func SetFlags(cmd *cobra.Command) string {
	var text strings.Builder
	for _, name := range connectionFlags {
		flag := cmd.Flags().Lookup(name)
		switch {
		case flag == nil || !flag.Changed || flag.Value.String() == flag.DefValue:
		case flag.NoOptDefVal != "":
			text.WriteString(" --" + name)
		default:
			text.WriteString(" --" + name + " " + shownValue(flag))
		}
	}
	return text.String()
}

// shownValue returns the value of a flag as a word of a shell. A URL with more than a host may contain a secret.
func shownValue(flag *pflag.Flag) string {
	value := redact.Path(flag.Value.String())
	if u, err := url.Parse(value); strings.Contains(value, "://") && (err != nil || u.User != nil || strings.Trim(u.Path, "/")+u.RawQuery+u.Fragment != "") {
		return "URL"
	}
	if strings.Trim(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+=") == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}
