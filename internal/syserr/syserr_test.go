package syserr_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/atlasint/atlasint/internal/syserr"
)

// The causes match errors of this system, also wrapped ones.
func TestCausesOfThisSystem(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, inUse := net.Listen("tcp", listener.Addr().String())
	if !syserr.AddressInUse.Is(fmt.Errorf("wrapped: %w", inUse)) || syserr.Refused.Is(inUse) {
		t.Errorf("an address in use: %v", inUse)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	_, refused := net.Dial("tcp", address)
	if !syserr.Refused.Is(errors.Join(errors.New("first"), refused)) || syserr.AddressInUse.Is(refused) {
		t.Errorf("a closed port: %v", refused)
	}
	if syserr.Refused.Is(nil) || syserr.Refused.Is(errors.New("connection refused")) {
		t.Error("an error without a number is a refused connection")
	}
}

// A text has no path, no call and no full stop, and is the same on all systems.
func TestTextHasNoNames(t *testing.T) {
	_, err := os.Open(filepath.Join(t.TempDir(), "none"))
	if got := syserr.Text(fmt.Errorf("wrapped: %w", err)); got != "no such file or directory" {
		t.Errorf("a missing file: %q", got)
	}
	if got := syserr.Text(errors.New("it is full.")); got != "it is full." {
		t.Errorf("not of the system: %q", got)
	}
}
