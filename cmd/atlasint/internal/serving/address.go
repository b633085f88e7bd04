package serving

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
	"github.com/atlasint/atlasint/internal/syserr"
)

// address is the address that a server listens on. It keeps the host as it was given, since certificates name
// hosts.
type address struct {
	host string
	tcp  *net.TCPAddr
}

// parseAddress parses HOST:PORT. The host defaults to 127.0.0.1; port 0 is any free port.
func parseAddress(addr string) (address, error) {
	host, port, err := net.SplitHostPort(addr)
	number, numberErr := strconv.ParseUint(port, 10, 16)
	if err != nil || numberErr != nil {
		return address{}, problem.Inputf("--addr %s is not an address; write HOST:PORT such as 127.0.0.1:8080, or :0 for a free port",
			redact.Value(addr))
	}
	if host == "" {
		host = "127.0.0.1"
	}
	ip, err := net.ResolveIPAddr("ip", host)
	if err != nil {
		return address{}, problem.Failuref("the host %s of --addr %w", redact.Value(host),
			problem.Worded("can't be found; use an address of this machine, such as 127.0.0.1", err))
	}
	return address{host, &net.TCPAddr{IP: ip.IP, Port: int(number), Zone: ip.Zone}}, nil
}

// listen opens the listener. Errors are of the kind [problem.Failure].
func (a address) listen(ctx context.Context) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", a.tcp.String())
	var text *os.SyscallError
	switch {
	case err == nil:
		return listener, nil
	case syserr.AddressInUse.Is(err):
		return nil, problem.Failuref("%s %w", a.tcp,
			problem.Worded("is in use; stop the program that listens there, or use a free port with --addr 127.0.0.1:0", err))
	case syserr.NoAccess.Is(err):
		return nil, problem.Failuref("%w on %s; use a port above 1023, or --addr 127.0.0.1:0", problem.Worded("no permission to listen", err), a.tcp)
	case errors.As(err, &text):
		err = text.Err
	}
	return nil, problem.Failuref("can't listen on %s: %w; try --addr 127.0.0.1:0", a.tcp, err)
}

// baseURL returns the base URL of a listener for clients on this machine.
func (a address) baseURL(scheme string, listening net.Addr) string {
	host, port, _ := net.SplitHostPort(listening.String()) // a listener always has both
	switch {
	case a.tcp.IP.IsUnspecified() && a.tcp.IP.To4() != nil:
		host = "127.0.0.1"
	case a.tcp.IP.IsUnspecified():
		host = "::1"
	case net.ParseIP(a.host) == nil:
		host = a.host
	}
	return scheme + "://" + net.JoinHostPort(escapeZone(host), port)
}

// escapeZone returns a host as part of a URL: an IPv6 address with a zone, such as fe80::1%eth0, gets %25 (RFC 6874).
func escapeZone(host string) string {
	addr, zone, ok := strings.Cut(host, "%")
	if !ok {
		return host
	}
	return addr + "%25" + url.PathEscape(zone)
}

// maxPEM is the maximum size of a certificate or a key in bytes.
const maxPEM = 1 << 20

// certificate returns the TLS configuration for a certificate and its key, both PEM files; nil if cert is "".
func certificate(cert, key string) (*tls.Config, error) {
	if cert == "" {
		return nil, nil
	}
	var files [2][]byte
	for i, file := range []string{cert, key} {
		var err error
		if files[i], err = readfile.RegularOrPipe(file, maxPEM); err != nil {
			return nil, problem.Failuref("can't read %s: %w", redact.Path(file), problem.Cause(err))
		}
	}
	pair, err := tls.X509KeyPair(files[0], files[1])
	if err != nil {
		return nil, problem.Failuref("can't use the certificate %s with the key %s: %w", redact.Path(cert), redact.Path(key),
			problem.Worded(pairFault(files[0], files[1]), err))
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// pairFault describes why a certificate and a key are no pair, and the next step.
func pairFault(certPEM, keyPEM []byte) string {
	certTypes, keyTypes := blockTypes(certPEM), blockTypes(keyPEM)
	isKey := func(name string) bool { return name == "PRIVATE KEY" || strings.HasSuffix(name, " PRIVATE KEY") }
	hasCert, hasKey := slices.Contains(certTypes, "CERTIFICATE"), slices.ContainsFunc(keyTypes, isKey)
	switch {
	case !hasCert && !hasKey && slices.ContainsFunc(certTypes, isKey) && slices.Contains(keyTypes, "CERTIFICATE"):
		return "the files are swapped; exchange --tls-cert and --tls-key"
	case !hasCert:
		return "the first file has no certificate in PEM; name one that begins with -----BEGIN CERTIFICATE-----"
	case slices.Contains(keyTypes, "ENCRYPTED PRIVATE KEY"):
		return "the key is encrypted; decrypt it, for example with openssl pkey"
	case !hasKey:
		return "the second file has no private key in PEM; name one that begins with -----BEGIN PRIVATE KEY-----"
	}
	return "the key does not belong to the certificate, or one of them is damaged; name the pair that was issued together"
}

// blockTypes returns the types of the blocks in PEM.
func blockTypes(data []byte) (types []string) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		types = append(types, block.Type)
	}
	return types
}

func scheme(config *tls.Config) string {
	if config != nil {
		return "https"
	}
	return "http"
}
