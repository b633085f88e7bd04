package serving

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"strings"

	"github.com/atlasint/atlasint/cmd/atlasint/internal/problem"
	"github.com/atlasint/atlasint/cmd/atlasint/internal/savefile"
	"github.com/atlasint/atlasint/internal/readfile"
	"github.com/atlasint/atlasint/internal/redact"
)

// checkAddressFile returns an error if the address file is another file of the server, or has other contents than
// a base URL. The server replaces it, and removes it when it stops.
func (c *Config) checkAddressFile() error {
	if c.AddressFile == "" {
		return nil
	}
	path, name := c.AddressFile, "--addr-file "+redact.Path(c.AddressFile)
	if savefile.NamesFolder(path) {
		return problem.Inputf("%s is a folder; name a file in it", name)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return problem.Inputf("%s is not a regular file; name another file", name)
	}
	if flag := c.usesAddressFile(); flag != "" {
		return problem.Inputf("%s is a file of --%s; name another file", name, flag)
	}
	data, err := readfile.Head(path, readfile.MaxAddress+1)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return problem.Inputf("%s can't be replaced: %w; name another file, or delete it", name, problem.Cause(err))
	case len(data) > 0 && !isBaseURL(string(data)):
		return problem.Inputf("%s can't be replaced: it has other contents than a base URL; name another file, or delete it", name)
	}
	return nil
}

// usesAddressFile returns another flag that names the address file, or a folder whose files the server reads or writes;
// "" if there is none.
func (c *Config) usesAddressFile() string {
	path := c.AddressFile
	store, _ := strings.CutPrefix(c.Store, FilePrefix)
	if store == c.Store {
		store = "" // not a file
	}
	for _, other := range []struct{ flag, file string }{
		{"store", store}, {"tls-cert", c.TLSCert}, {"tls-key", c.TLSKey}, {"credentials", c.Accounts.File},
	} {
		if other.file != "" && savefile.Same(path, other.file) {
			return other.flag
		}
	}
	for _, other := range []struct{ flag, folder string }{{"record", c.RecordDir}, {"seed-dir", c.SeedDir}, {"stub-dir", c.StubDir}} {
		if other.folder != "" && savefile.Below(other.folder, path) && (other.flag == "record" || isSeed(path)) {
			return other.flag
		}
	}
	return ""
}

// isBaseURL reports whether the contents of a file are one line with the base URL of a server.
func isBaseURL(text string) bool {
	line := strings.TrimRight(text, "\r\n")
	u, err := url.Parse(line)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && line == u.Scheme+"://"+u.Host
}

// addressFile is a file with the base URL of a running server. Readers see the whole file or none.
type addressFile struct {
	path, url string
	draft     *savefile.Draft
}

// createAddressFile checks that the file can be written, before the server listens. If the path is "", there is no
// file and the methods do nothing. The path meets [Config.checkAddressFile].
func createAddressFile(path string) (*addressFile, error) {
	if path == "" {
		return &addressFile{}, nil
	}
	draft, err := savefile.NewDraft(path)
	if err != nil {
		return nil, err
	}
	return &addressFile{path: path, draft: draft}, nil
}

// publish writes the base URL to the file.
func (a *addressFile) publish(url string) error {
	if a.path == "" {
		return nil
	}
	if err := a.draft.Publish([]byte(url+"\n"), 0o644); err != nil { // an address is no secret
		return err
	}
	a.url = url
	return nil
}

// remove removes the file, unless it has the URL of another server by now.
func (a *addressFile) remove() {
	if a.path == "" {
		return
	}
	if a.url == "" {
		a.draft.Discard()
		return
	}
	if data, err := readfile.Regular(a.path, int64(len(a.url)+1)); err == nil && string(data) == a.url+"\n" {
		_ = os.Remove(a.path)
	}
}
