// Package fakectl talks to a running fake Atlas: the health check of ping, and the subcommands of fake, which are the
// client of the control API.
package fakectl

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/atlas"
	"github.com/atlasint/atlasint/internal/controlapi"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// The environment variables of a running fake.
const (
	URLVariable   = "ATLASINT_URL"
	TokenVariable = "ATLASINT_CONTROL_TOKEN"
)

// target returns the base URL of a server: text, which the user gave as name, else $ATLASINT_URL, else standard. Errors
// don't show a rejected URL: it may contain a password.
func target(name, text, standard string) (*url.URL, error) {
	if text == "" {
		name, text = "$"+URLVariable, os.Getenv(URLVariable)
	}
	if text == "" {
		text = standard
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !redact.Readable(u.Host) {
		return nil, problem.Inputf("%s is not a base URL; write one such as %s", name, standard)
	}
	for _, mark := range []string{"/api/atlas", controlapi.Prefix} {
		if base, found := atlas.BaseURLOf(u, mark); found {
			return nil, problem.Inputf("%s has the path of an endpoint; end it before %s", name, endBefore(mark, base))
		}
	}
	return u, nil
}

// endBefore returns the place at which a URL must end, with the base URL if that is a host alone.
func endBefore(mark, base string) string {
	mark = strings.TrimRight(mark, "/")
	if base == "" {
		return mark
	}
	return mark + ": " + redact.Line(base)
}

// isStandard reports whether [target] returns standard for a text.
func isStandard(text string) bool { return text == "" && os.Getenv(URLVariable) == "" }

// targetOfFile returns the base URL in a file that serve wrote.
func targetOfFile(file, standard string) (*url.URL, error) {
	data, err := readfile.RegularOrPipe(file, readfile.MaxAddress)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.Failuref("%s %w", redact.Path(file), problem.Worded("does not exist; serve writes it with --addr-file while it runs", err))
	}
	if err != nil {
		return nil, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
	}
	text := strings.TrimSpace(string(data))
	if text == "" {
		return nil, problem.Failuref("%s is empty; serve writes the base URL into it with --addr-file", redact.Path(file))
	}
	u, err := target(file, text, standard)
	if err != nil {
		return nil, problem.Failuref("%s %w", redact.Path(file), problem.Worded("has no base URL; serve writes one into it with --addr-file", err))
	}
	return u, nil
}
