package clients

import (
	"net/http"
	"testing"

	"github.com/icholy/digest"

	"github.com/atlasint/atlasint/fakeatlas"
)

// icholy/digest keeps a challenge and counts its uses; mongodb-forks/digest requests a challenge each time.
func TestDigestClientKeepsItsNonce(t *testing.T) {
	f := start(t)
	seen := &recorder{}
	client := keyClient(seen)
	c := typeOf(t, "WEBHOOK")
	c.Change = `{}`
	url := "https://other.example.com/9a1e"

	f.do(client, "POST v2/WEBHOOK?pretty=false&itemsPerPage=5 "+c.Sent)
	f.do(client, "GET v2/WEBHOOK")
	f.do(client, `PUT v1.0/WEBHOOK {"type":"WEBHOOK","url":"`+url+`"}`)
	same(t, "stored url", any(url), f.stored("WEBHOOK")["url"])
	f.keeps(c)
	f.do(client, "DELETE v2/WEBHOOK")
	f.do(client, "GET v2/WEBHOOK")
	same(t, "statuses", []int{401, 200, 200, 200, 204, 404}, seen.statuses)
}

func TestDigestClientWithWrongKey(t *testing.T) {
	client := &http.Client{Transport: &digest.Transport{Username: fakeatlas.DefaultAPIKey.PublicKey, Password: "wrong"}}
	same(t, "status", http.StatusUnauthorized, start(t).do(client, "GET v2").status)
}
