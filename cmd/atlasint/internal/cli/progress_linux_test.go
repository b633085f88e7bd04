package cli_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/cli"
)

// terminal returns the two ends of a new terminal: that of the user, and that of the program.
func terminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals: ", err)
	}
	t.Cleanup(func() { user.Close() })
	var locked, number int32
	for request, value := range map[uintptr]*int32{syscall.TIOCSPTLCK: &locked, syscall.TIOCGPTN: &number} {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, user.Fd(), request, uintptr(unsafe.Pointer(value))); errno != 0 {
			t.Skip("no terminals: ", errno)
		}
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no terminals: ", err)
	}
	t.Cleanup(func() { program.Close() })
	t.Setenv("TERM", "xterm")
	return user, program
}

// seen reads from a terminal until it shows a text, and returns all that it showed.
func seen(t *testing.T, user io.Reader, text string) string {
	t.Helper()
	var shown strings.Builder
	for !strings.Contains(shown.String(), text) {
		buffer := make([]byte, 1024)
		n, err := user.Read(buffer)
		if err != nil {
			t.Fatalf("%v after %q", err, shown.String())
		}
		shown.Write(buffer[:n])
	}
	return shown.String()
}

const cleared = "\r\x1b[K"

// Long work shows a line on a terminal and removes it. Its input ends only after the line is visible.
func TestProgressOfValidate(t *testing.T) {
	t.Chdir(t.TempDir())
	user, program := terminal(t)
	input, payload := io.Pipe()
	var out bytes.Buffer
	code := make(chan int)
	go func() { code <- cli.RunWithoutPauses([]string{"validate", "-"}, input, &out, program) }()
	seen(t, user, cleared+"validated 0 of 1 file")
	fmt.Fprint(payload, opsPayload)
	payload.Close()
	if c := <-code; c != 0 {
		t.Errorf("exit code %d, want 0", c)
	}
	wantParts(t, "stdout", out.String(), "1 file, 1 payload")
	wantNoParts(t, "stdout", out.String(), "validated")
	fmt.Fprintln(program, "end")
	if rest := seen(t, user, "end"); !strings.HasSuffix(strings.TrimRight(rest, "\r\n"), cleared+"end") {
		t.Errorf("the line is left: %q", rest)
	}
}

// A pipe shows nothing, also if the work takes as long.
func TestNoProgressInPipes(t *testing.T) {
	t.Chdir(t.TempDir())
	user, program := terminal(t)
	input, payload := io.Pipe()
	other, more := io.Pipe()
	var out, errOut bytes.Buffer
	code := make(chan int)
	go func() { code <- cli.RunWithoutPauses([]string{"validate", "-"}, input, &out, &errOut) }()
	go func() { code <- cli.RunWithoutPauses([]string{"validate", "-"}, other, io.Discard, program) }()
	seen(t, user, "validated 0 of 1 file") // so long it takes
	for _, w := range []*io.PipeWriter{payload, more} {
		fmt.Fprint(w, opsPayload)
		w.Close()
		<-code
	}
	if errOut.Len() > 0 || strings.Contains(out.String(), "validated") {
		t.Errorf("%q, %q", out.String(), errOut.String())
	}
}

// A line is visible while Atlas does not respond to apply. The lines that apply prints replace it.
func TestProgressOfApply(t *testing.T) {
	t.Chdir(t.TempDir())
	startAtlas(t)
	atlas := os.Getenv("MONGODB_ATLAS_BASE_URL")
	release := make(chan struct{}, 2)
	var requests atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" && (r.Method == http.MethodPost || requests.Add(1) == 1) {
			<-release
		}
		forward(t, w, r, atlas)
	}))
	t.Cleanup(proxy.Close)
	t.Setenv("MONGODB_ATLAS_BASE_URL", proxy.URL)
	user, program := terminal(t)
	code := make(chan int)
	go func() {
		code <- cli.RunWithoutPauses([]string{"apply", "--yes", writeOps(t)}, strings.NewReader(""), program, program)
	}()
	seen(t, user, cleared+"reading the integrations of the project")
	release <- struct{}{}
	seen(t, user, cleared+"sent 0 of 1 change")
	release <- struct{}{}
	shown := seen(t, user, "1 done")
	if c := <-code; c != 0 || !strings.Contains(shown, cleared+"created OPS_GENIE\r\n") {
		t.Errorf("exit code %d: %q", c, shown)
	}
}

// forward sends a request to another server and copies its response.
func forward(t *testing.T, w http.ResponseWriter, r *http.Request, base string) {
	t.Helper()
	req, err := http.NewRequest(r.Method, base+r.URL.RequestURI(), r.Body)
	if err != nil {
		t.Error(err)
		return
	}
	req.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		t.Error(err)
		return
	}
	defer response.Body.Close()
	for name, values := range response.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(response.StatusCode)
	_, _ = io.Copy(w, response.Body)
}
