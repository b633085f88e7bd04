package digest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/atlasint/atlasint/fakeatlas/internal/digest"
)

// A handler verifies the credentials before it reads the body. It responds to every verdict except OK with a challenge.
func Example() {
	verifier, err := digest.New(digest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	lookUp := func(user string) (string, bool) { return "private", user == "public" }
	handler := func(w http.ResponseWriter, r *http.Request) {
		verdict, user := verifier.Verify(r.Method, r.RequestURI, r.Header.Get("Authorization"), lookUp)
		if verdict != digest.OK {
			w.Header().Set("WWW-Authenticate", verifier.Challenge(verdict == digest.Stale))
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		fmt.Fprintln(w, "Welcome,", user)
	}
	response := httptest.NewRecorder()
	handler(response, httptest.NewRequest("GET", "/", nil))
	fmt.Println(response.Code, response.Header().Get("WWW-Authenticate")[:40])
	// Output: 401 Digest realm="MMS Public API", domain=""
}
