package clients

import (
	"net/http"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlasint/atlasint/fakeatlas"
)

// icholy/digest keeps a challenge and counts its uses, where mongodb-forks/digest asks for one each time.
func TestDigestClientKeepsItsNonce(t *testing.T) {
	f := start(t)
	counted := &countedTransport{}
	client := keyClientOver(counted)
	c := typesV2[6]

	got := must(t, client, f.URL, request{method: "POST", path: "v2/WEBHOOK?pretty=false&itemsPerPage=5", body: c.sent})
	same(t, "create", http.StatusOK, got.status)
	must(t, client, f.URL, request{method: "GET", path: "v2/WEBHOOK"})
	must(t, client, f.URL, request{method: "PUT", path: "v1.0/WEBHOOK", body: `{"type":"WEBHOOK","url":"https://other.example.com/9a1e"}`})
	same(t, "stored url", any("https://other.example.com/9a1e"), f.stored(t, "WEBHOOK", "url"))
	f.keeps(t, typeCase{typ: c.typ, sent: c.sent, change: `{}`, secret: "secret"})
	same(t, "delete", http.StatusNoContent, must(t, client, f.URL, request{method: "DELETE", path: "v2/WEBHOOK"}).status)
	same(t, "get", http.StatusNotFound, send(t, client, f.URL, request{method: "GET", path: "v2/WEBHOOK"}).status)

	same(t, "statuses", []int{401, 200, 200, 200, 204, 404}, counted.statuses)
}

func TestDigestClientWithWrongKey(t *testing.T) {
	f := start(t)
	client := &http.Client{Transport: &digest.Transport{Username: fakeatlas.DefaultPublicKey, Password: "wrong"}}
	got := send(t, client, f.URL, request{method: "GET", path: "v2"})
	same(t, "status", http.StatusUnauthorized, got.status)
}

// countedTransport notes what was answered.
type countedTransport struct{ statuses []int }

func (c *countedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := http.DefaultTransport.RoundTrip(req)
	if err == nil {
		c.statuses = append(c.statuses, res.StatusCode)
	}
	return res, err
}
