package fakectl

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/controlapi"
	"github.com/atlasint/atlasint/internal/netcause"
)

const pingBody = 4 << 10 // bytes; the response of a fake is far shorter

// ping returns an error unless a fake Atlas responds at the base URL. The flag limit raises the time of ctx; refused is
// the hint for a refused connection, "" for the usual one.
func ping(ctx context.Context, target *url.URL, limit, refused string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, target.JoinPath(controlapi.Prefix, "health").String(), nil)
	if err != nil {
		return problem.Worded("can't be reached; check the URL", err)
	}
	response, err := newPingClient().Do(request)
	if err != nil {
		return reason(err, limit, refused)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(io.LimitReader(response.Body, pingBody))
	switch isFake, well := isFakeResponse(response.StatusCode, data); {
	case netcause.ExpectsHTTPS(target.Scheme, response.StatusCode, data):
		return errors.New(expectsHTTPS)
	case err != nil:
		return reasonOfPart(err, limit)
	case !isFake:
		return fmt.Errorf("is not a fake Atlas: it returned HTTP %d; check the URL", response.StatusCode)
	case !well:
		return errors.New("is a fake Atlas whose store rejects writes; see the log of the server")
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
func isFakeResponse(status int, data []byte) (isFake, well bool) {
	var body struct {
		Status, Code string // of the control API
		ErrorCode    string // of the API of Atlas
	}
	if json.Unmarshal(data, &body) != nil {
		return false, false
	}
	switch {
	case status == http.StatusOK:
		return body.Status == "ok", true
	case status == http.StatusNotFound:
		return body.ErrorCode == "RESOURCE_NOT_FOUND", true
	case body.Code == controlapi.StoreFailed:
		return true, false
	}
	return body.Code == controlapi.TokenRequired || body.Code == controlapi.Forbidden, true
}
