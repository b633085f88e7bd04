//go:build unix

package install_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A releaseSite is a server that curl calls in place of github.com. Change it before the first request.
type releaseSite struct {
	*httptest.Server

	curlHome string            // for the variable CURL_HOME; its .curlrc moves what curl writes
	address  string            // flags of curl that make it call this server
	files    map[string]string // released files by VERSION/NAME
	base     string            // path of the versions
	plain    string            // URL of the same files without TLS
	redirect string            // URL to which requests for base are redirected, if set
	cut      string            // file whose second half is not sent
	wait     chan<- struct{}   // closed by a request, which then waits for its end
	requests atomic.Int32
}

// newSite returns a site with the releases v0.1.0 and v0.2.0.
func newSite(t *testing.T) *releaseSite {
	t.Helper()
	s := &releaseSite{files: map[string]string{}, base: "/atlasint/atlasint/releases/download/", curlHome: t.TempDir()}
	s.add(t, version, released)
	s.add(t, "v0.2.0", strings.Replace(released, version, "v0.2.0", 1))
	s.Server = httptest.NewUnstartedServer(http.HandlerFunc(s.serve))
	certificate, authority := certificate(t)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	s.StartTLS()
	t.Cleanup(s.Close)
	plain := httptest.NewServer(s.Config.Handler)
	t.Cleanup(plain.Close)
	s.plain = plain.URL
	file := filepath.Join(s.curlHome, "github.pem")
	write(t, file, authority, 0o600)
	s.address = fmt.Sprintf("--connect-to 'github.com:443:%s' --cacert '%s'", s.Listener.Addr(), file)
	write(t, filepath.Join(s.curlHome, ".curlrc"), "output = /dev/null\n", 0o600)
	return s
}

// curl returns a script that runs curl with the address of the site. Only as the first flag, -q makes curl ignore
// .curlrc.
func (s *releaseSite) curl(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Skip("curl is missing")
	}
	return "#!/bin/sh\nfirst=$1\nshift\nexec " + path + " \"$first\" " + s.address + " \"$@\"\n"
}

// add adds a release whose command prints a text, or doesn't run if that is empty.
func (s *releaseSite) add(t *testing.T, version, output string) {
	t.Helper()
	var sums strings.Builder
	for _, platform := range []string{"linux_amd64", "linux_arm64", "darwin_arm64", "windows_amd64"} {
		name := "atlasint_" + version[1:] + "_" + platform
		ending, archive := ".tar.gz", tarred
		if strings.HasPrefix(platform, "windows") {
			ending, archive = ".zip", zipped
		}
		data := archive(t, name, command(output))
		s.files[version+"/"+name+ending] = data
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(data)), name+ending)
	}
	s.files[version+"/SHA256SUMS"] = sums.String()
}

// command returns the script of a released command.
func command(output string) string {
	if output == "" {
		return "#!/nowhere/sh\n"
	}
	return "#!/bin/sh\n[ $1 = version ] && echo '" + output + "' && exit\nprintf '%s|' \"$@\" && echo && exit 1\n"
}

func (s *releaseSite) serve(w http.ResponseWriter, r *http.Request) {
	s.requests.Add(1)
	if s.wait != nil {
		close(s.wait)
		<-r.Context().Done()
		return
	}
	name, isReleased := strings.CutPrefix(r.URL.Path, s.base)
	if s.redirect != "" && isReleased {
		http.Redirect(w, r, s.redirect+"/assets/"+name, http.StatusFound)
		return
	}
	data, found := s.files[strings.TrimPrefix(name, "/assets/")]
	if !found {
		http.NotFound(w, r)
		return
	}
	if name == s.cut {
		w.Header().Set("Content-Length", fmt.Sprint(len(data)))
		data = data[:len(data)/2]
	}
	_, _ = io.WriteString(w, data)
}

func tarred(t *testing.T, name, command string) string {
	t.Helper()
	return tarredAs(t, name, command, tar.Header{Typeflag: tar.TypeReg, Mode: 0o755})
}

// member returns a change of the archive for Linux: the command has another header.
func member(t *testing.T, header tar.Header) func(*releaseSite) {
	if header.Typeflag == 0 {
		header.Typeflag = tar.TypeReg
	}
	return func(s *releaseSite) {
		sum := func() string { return fmt.Sprintf("%x", sha256.Sum256([]byte(s.files[version+linux]))) }
		old := sum()
		s.files[version+linux] = tarredAs(t, strings.TrimSuffix(linux[1:], ".tar.gz"), command(released), header)
		s.files[version+"/SHA256SUMS"] = strings.Replace(s.files[version+"/SHA256SUMS"], old, sum(), 1)
	}
}

func tarredAs(t *testing.T, name, command string, header tar.Header) string {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	w := tar.NewWriter(compressed)
	if header.Typeflag == tar.TypeReg {
		header.Size = int64(len(command))
	}
	header.Name = name + "/atlasint"
	for _, file := range []tar.Header{{Name: name + "/LICENSE", Mode: 0o644}, header} {
		must(t, w.WriteHeader(&file))
		_, err := io.WriteString(w, command[:file.Size])
		must(t, err)
	}
	must(t, w.Close())
	must(t, compressed.Close())
	return out.String()
}

func zipped(t *testing.T, name, command string) string {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: name + "/atlasint.exe"}
	header.SetMode(0o755)
	file, err := w.CreateHeader(header)
	must(t, err)
	_, err = io.WriteString(file, command)
	must(t, err)
	must(t, w.Close())
	return out.String()
}

// certificate returns a certificate of github.com, and its authority as PEM.
func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "github.com"}, DNSNames: []string{"github.com"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	must(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
