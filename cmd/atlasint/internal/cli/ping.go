package cli

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/exit"
	"github.com/atlasint/atlasint/internal/redact"
)

const (
	pingVariable = "ATLASINT_URL"
	pingDefault  = "http://" + serveAddr
	pingPath     = "/_atlasint/health"
	pingTime     = 2 * time.Second
	pingBody     = 4 << 10 // bytes; the response of a fake is far shorter
)

func newPing() *cobra.Command {
	var timeout time.Duration
	cmd := &cobra.Command{
		Use:   "ping [URL]",
		Short: "Tell whether a fake Atlas answers",
		Long: `Asks the server at the base URL, else at $` + pingVariable + `, else at ` + pingDefault + `,
whether it is a fake Atlas that answers: exit code 0 if so, 3 if not. It is what a container's health
check runs, and needs neither credentials nor the control API. It sends no secret and takes nothing
from the answer, so that it doesn't ask who has signed the server's certificate.`,
		Example: `  atlasint ping
  atlasint ping https://127.0.0.1:8443 --timeout 500ms`,
		Args: atMost(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if timeout <= 0 {
				return exit.Usagef("--timeout must be above 0, not %v", timeout)
			}
			target, err := pingTarget(args)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), timeout)
			defer cancel()
			if err := ping(ctx, target); err != nil {
				return exit.Failuref("%s %v", target.Host, err)
			}
			return write(cmd, "", []byte("ok\n"))
		},
	}
	cmd.Flags().DurationVar(&timeout, "timeout", pingTime, "wait no longer than this for the answer")
	return cmd
}

// pingTarget returns the URL to request. Errors don't show a rejected URL: it may contain a password.
func pingTarget(args []string) (*url.URL, error) {
	text := pingDefault
	if env := os.Getenv(pingVariable); env != "" {
		text = env
	}
	if len(args) > 0 {
		text = args[0]
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || !redact.Readable(u.Host) {
		return nil, exit.Usagef("that is no base URL of a server; write one such as %s", pingDefault)
	}
	return u.JoinPath(pingPath), nil
}

// ping returns an error unless a fake Atlas responds.
func ping(ctx context.Context, target *url.URL) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.String(), nil)
	if err != nil {
		return errors.New("can't be asked; check the URL")
	}
	response, err := newPingClient().Do(request)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("gives no answer in time; is it busy, or is --timeout too short?")
	case err != nil:
		var whole *url.Error // its text has the URL
		errors.As(err, &whole)
		return fmt.Errorf("can't be reached: %w; is the server running there?", whole.Err)
	}
	defer response.Body.Close()
	switch isFake, well := isFakeResponse(response); {
	case !isFake:
		return fmt.Errorf("answers with HTTP %d, and not as a fake Atlas does; check the URL", response.StatusCode)
	case !well:
		return errors.New("is a fake Atlas whose store takes no writes; its log says why")
	}
	return nil
}

func newPingClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DisableKeepAlives: true,
			TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, // no secret is sent, and the response is not used
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// isFakeResponse reports whether a response is that of a fake, and whether the fake works. A fake responds with its
// health, with a failing store, with 401 or 403 of the control API, or with 404 if it has no control API.
func isFakeResponse(response *http.Response) (isFake, well bool) {
	var body struct {
		Status, ErrorCode string
		Error             any // a string in the control API, a number in the API of Atlas
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, pingBody))
	if err != nil || json.Unmarshal(data, &body) != nil {
		return false, false
	}
	text, _ := body.Error.(string)
	switch response.StatusCode {
	case http.StatusOK:
		return body.Status == "ok", true
	case http.StatusUnauthorized, http.StatusForbidden:
		return strings.Contains(text, "control API"), true
	case http.StatusNotFound:
		return body.ErrorCode == "RESOURCE_NOT_FOUND", true
	case http.StatusServiceUnavailable:
		return strings.Contains(text, "the store takes no writes"), false
	}
	return false, false
}
